"""The courtesy copy of an invoice, for the customer's eyes: layout, words, typeface."""
