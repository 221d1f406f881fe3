"""Fatturazione Generale: billing runs (lanci), invoices, FatturaPA files, posting.

Functions: billing.read, billing.prepare, billing.issue, billing.undo, billing.send.
"""
