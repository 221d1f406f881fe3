"""What is worked on in billing: a run from its parameters to its result, the documents beside the lists."""

from .details import EntryDetail, InvoiceDetail
from .run_page import RunPage

__all__ = ["EntryDetail", "InvoiceDetail", "RunPage"]
