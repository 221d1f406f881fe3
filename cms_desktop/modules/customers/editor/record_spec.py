"""What a pane of records is made of, declared by whoever shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from cms_desktop.documents.importing import ImportTarget
from cms_desktop.modules.customers.records.master import StoredRecord
from cms_desktop.ui.form import FormSection, RecordForm
from cms_desktop.ui.record_table import Column, Noun

Values = Mapping[str, Any]
Path = Sequence[Sequence[Any]]  # a record, and what hangs on it: (key of the pane, id; 0 for a new one) of each level


class RecordExtra(Protocol):
    """A widget of its own for a record: steps of its life, what hangs on it. `changed` after something was written."""

    changed: Any

    def show_record(self, record: StoredRecord | None) -> None: ...


@dataclass(frozen=True)
class RecordSpec:
    """What a pane of records shows and does. `save(unit, owner_id, record_id, values, row_version)` returns the id.

    `title(record)` heads the form, `state(record)` is its chip; `above` builds a RecordExtra that stands over the form; `children` are
    panes of records that hang on a record of this one, each behind a tab; `subject_table` gives it a tab of documents.
    """

    key: str
    noun: Noun
    icon: str
    empty: str
    columns: Sequence[Column]
    sections: Callable[[], Sequence[FormSection]]
    load: Callable[[Any, int], Sequence[StoredRecord]]
    save: Callable[[Any, int, int, Values, int], int]
    remove: Callable[[Any, int, int], None]
    defaults: Callable[[], Values]
    title: Callable[[StoredRecord], str]
    new_text: str
    first_field: str
    to_form: Callable[[StoredRecord], Values] = lambda record: record.values
    from_form: Callable[[Values], Values] = dict
    state: Callable[[StoredRecord], tuple[str, str]] | None = None
    above: Callable[[], Any] | None = None
    prepare: Callable[[RecordForm], None] | None = None
    children: Sequence[RecordSpec] = field(default=())
    form_title: str = ""
    subject_table: str = ""
    target: ImportTarget | None = None  # what pasted rows become; `said(owner_id)` are the fields that the owner says
    said: Callable[[int], Mapping[str, str]] | None = None
