"""Effetti RiBa/RID: payments the company presents to its bank for collection, and what the bank answers."""
