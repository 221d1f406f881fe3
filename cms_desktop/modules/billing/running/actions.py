"""Previews made anew, failures tried again, templates kept."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from cms_desktop.core.errors import Conflict, InvalidInput
from cms_desktop.db.errors import CONFLICT_TEXT
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.billing.records import RunChoices
from cms_desktop.modules.billing.run_tables import RunTemplate

FIELDS = ("name", "title", "months", "document_day", "document_series_id", "grouping", "parameters", "is_active")


def refresh_run(unit: UnitOfWork, run_id: int, *, only_blocked: bool = False, choices: RunChoices | None = None) -> int:
    """Make a preview anew (or only its blocked rows), with other choices if given; what was left out stays out.

    Returns how many rows are still blocked.
    """
    given = None if choices is None else sa.cast(choices.as_json(), postgresql.JSONB)
    blocked: int = unit.call("billing.refresh_run", run_id, only_blocked, *(() if given is None else (given,)))
    return blocked


def retry_run(unit: UnitOfWork, run_id: int, document_on: datetime.date) -> int:
    """A preview of what an issued run could not issue; returns the new run."""
    made: int = unit.call("billing.retry_run", run_id, document_on)
    return made


def save_template(unit: UnitOfWork, template_id: int | None, seen_version: int, values: Mapping[str, Any]) -> int:
    """Keep what a run is made from under a name; returns the template."""
    for key, text in (("name", "Scrivi il nome del modello."), ("title", "Scrivi il titolo dei lanci.")):
        if key in values and not str(values[key]).strip():
            raise InvalidInput(text, field=key)
    known = {key: values[key] for key in FIELDS if key in values}
    if template_id is None:
        record = RunTemplate(company_id=unit.company_id, **known)
        unit.session.add(record)
    else:
        found = unit.session.get(RunTemplate, (unit.company_id, template_id))
        if found is None or found.row_version != seen_version:
            raise Conflict(CONFLICT_TEXT)
        record = found
        for key, value in known.items():
            setattr(record, key, value)
    unit.session.flush()
    return record.run_template_id
