"""A month of a VAT register on paper."""
