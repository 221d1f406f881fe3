"""What is asked about billing. SELECT only; every function takes the unit of work first."""

from .dashboard import NO_FILE, PREVIEWS, READY_FILES, find_figures, list_to_check, month_days, month_query, sum_months
from .documents import find_seller, invoice_documents
from .invoices import (
    count_files,
    find_file,
    find_records,
    list_invoice_ids,
    list_invoices,
    list_invoices_without_file,
    list_ready_files,
    sum_invoices,
)
from .messages import REFUSALS, UNDELIVERED, UNMATCHED, list_receipts, list_refused_invoices, sum_receipts
from .runs import (
    find_run,
    list_due_services,
    list_run_documents,
    list_run_exclusions,
    list_runs,
    list_series,
    sum_due_services,
    sum_run_differences,
    sum_run_documents,
    sum_runs,
)

__all__ = [
    "NO_FILE",
    "PREVIEWS",
    "READY_FILES",
    "REFUSALS",
    "UNDELIVERED",
    "UNMATCHED",
    "count_files",
    "find_figures",
    "find_file",
    "find_records",
    "find_run",
    "find_seller",
    "invoice_documents",
    "list_due_services",
    "list_invoice_ids",
    "list_invoices",
    "list_invoices_without_file",
    "list_ready_files",
    "list_receipts",
    "list_refused_invoices",
    "list_run_documents",
    "list_run_exclusions",
    "list_runs",
    "list_series",
    "list_to_check",
    "month_days",
    "month_query",
    "sum_due_services",
    "sum_invoices",
    "sum_months",
    "sum_receipts",
    "sum_run_differences",
    "sum_run_documents",
    "sum_runs",
]
