"""One row of a customer list, cleaned: what can be stored, what was repaired (and is reported), what makes it impossible. Pure."""

from __future__ import annotations

import datetime
import re

from cms_desktop.core import fiscal
from cms_desktop.core.dates import parse_date
from cms_desktop.core.errors import InvalidInput
from cms_desktop.documents.importing import ImportMapping, WorkRow
from cms_desktop.modules.customers import rules
from cms_desktop.modules.registry.importing.clean import clean_party, refuse_problem

WHOLE_DATE = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}|\d{4}-\d{1,2}-\d{1,2}|\d{8}")


def clean_row(row: WorkRow, mapping: ImportMapping, today: datetime.date) -> None:
    """Read the values of a row. Nothing is invented: empty cells stay empty."""
    clean_party(row, mapping)
    _clean_customer_codes(row)
    _clean_date(row, today)


def _clean_customer_codes(row: WorkRow) -> None:
    values = row.values
    for key in ("recipient_code", "iban"):
        if key in values:
            values[key] = fiscal.compact(values[key])
    refuse_problem(row, rules.check_recipient(values.get("recipient_code", ""), values["kind"], values["country"]))
    refuse_problem(row, fiscal.check_iban(values.get("iban", "")))


def _clean_date(row: WorkRow, today: datetime.date) -> None:
    text = str(row.values.get("since_on", ""))
    row.values["since_on"] = None
    if text:
        try:
            if not WHOLE_DATE.search(text):  # the short forms of a form ("3", "+5") are no dates of a list
                raise InvalidInput(text)
            row.values["since_on"] = parse_date(text.split(" ")[0], today)
        except InvalidInput:
            row.warn("Data «{text}» non leggibile: usata quella di oggi.", text=text)
