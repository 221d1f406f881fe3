"""Fatturazione Generale: what is billed for which period, invoices and credit notes, their VAT, due dates and electronic form."""
