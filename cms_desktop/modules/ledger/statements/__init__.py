"""Bank statements: read, matched to customers and their open items, registered after a look."""
