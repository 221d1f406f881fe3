"""Anagrafica e Rubrica: the parties behind customers, suppliers and prospects; their people, classification, privacy; twins and merges.

Functions: registry.read, registry.write, registry.classify, registry.merge, registry.privacy.
"""
