"""Attachments of any record: contents in the database in chunks, once per company; versions; preview.

Functions: registry.read together with the read right of the record shows them, registry.attach adds and removes them.
"""
