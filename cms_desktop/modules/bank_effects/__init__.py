"""Effetti RiBa/RID: batches of bank receipts (distinte) and the files for home banking.

Functions: bank_effects.read, bank_effects.generate.
"""
