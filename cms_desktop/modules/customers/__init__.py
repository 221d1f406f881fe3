"""Gestione Clienti: customers, contracts (contratti) and their recurring services (canoni), import of customer lists.

Functions: customers.read, customers.write, customers.import.
"""
