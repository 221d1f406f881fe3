"""Modulo Base: companies, persons and their rights, fiscal tables, document series, audit.

Functions: base.read (come in and read the common tables), base.administer, base.audit.
"""
