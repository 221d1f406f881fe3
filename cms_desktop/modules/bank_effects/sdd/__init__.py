"""SEPA direct debits as files: the Italian form (CBI) and ISO 20022 pain.008."""
