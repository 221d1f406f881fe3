"""The data of one person, for the person."""
