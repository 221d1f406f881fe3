"""What comes back from the bank about effects: read from each of its forms into one kind of record."""
