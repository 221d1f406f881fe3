"""The definitive journal (libro giornale)."""
