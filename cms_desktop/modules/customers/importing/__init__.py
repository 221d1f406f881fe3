"""Import of customer lists: headers to fields, cleaning of each row, one set-based write that a dry run takes back."""

from .clean import RowOutcome, RowText, clean_row
from .mapping import FIELD_TITLES, ImportMapping, propose_mapping
from .run import ImportedRow, ImportResult, import_customers

__all__ = [
    "FIELD_TITLES",
    "ImportMapping",
    "ImportResult",
    "ImportedRow",
    "RowOutcome",
    "RowText",
    "clean_row",
    "import_customers",
    "propose_mapping",
]
