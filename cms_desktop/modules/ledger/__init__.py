"""Contabilità: chart of accounts, journal (prima nota), open items (scadenzario), payments. Its screens are pages of billing.

Functions: ledger.read, ledger.write, ledger.collect.
"""
