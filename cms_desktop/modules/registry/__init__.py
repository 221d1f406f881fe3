"""Anagrafica e Rubrica: the parties behind customers, suppliers and prospects.

Functions: registry.read, registry.write.
"""
