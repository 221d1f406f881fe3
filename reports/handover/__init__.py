"""The sheet that goes with a temporary password, handed over once."""
