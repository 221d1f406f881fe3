"""Fields of forms: label, editor, state, message and repair, with one protocol for all of them."""

from .base import Field, LineField, beside_label
from .grid import GridColumn, GridField, Unread
from .lookup import Find, LookupChoice, LookupField
from .months import MonthsField
from .number import AmountField, CalendarPopup, DateField, IntField
from .text import CheckField, ChoiceField, CodeField, MultilineField, TextField

__all__ = [
    "AmountField",
    "CalendarPopup",
    "CheckField",
    "ChoiceField",
    "CodeField",
    "DateField",
    "Field",
    "Find",
    "GridColumn",
    "GridField",
    "IntField",
    "LineField",
    "LookupChoice",
    "LookupField",
    "MonthsField",
    "MultilineField",
    "TextField",
    "Unread",
    "beside_label",
]
