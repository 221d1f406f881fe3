"""Columns of the lists in the billing dock, and the words of their codes."""

from .billing import document_columns, due_columns, invoice_columns, line_columns, run_columns
from .ledger import entry_columns, entry_line_columns, open_item_columns, payment_columns

__all__ = [
    "document_columns",
    "due_columns",
    "entry_columns",
    "entry_line_columns",
    "invoice_columns",
    "line_columns",
    "open_item_columns",
    "payment_columns",
    "run_columns",
]
