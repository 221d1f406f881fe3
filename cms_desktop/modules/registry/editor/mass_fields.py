"""What the list of parties offers to change for many at once, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cms_desktop.modules.registry import mass_change, mass_lists
from cms_desktop.modules.registry.records import ClassField
from cms_desktop.ui.form import FieldSpec
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.mass_change import MassChange
from cms_desktop.ui.mass_change import mass_change as mass_change_of
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("registry")


def mass_fields(classes: Sequence[ClassField]) -> list[FieldSpec]:
    """The fields of classification that the company uses, then the texts."""
    own = [
        FieldSpec(f"class_{one.position}", one.name, "choice", choices=one.choices(), options={"empty": tr("Nessuna")})
        for one in classes
        if one.is_active
    ]
    return [*own, FieldSpec("website", tr("Sito web")), FieldSpec("notes", tr("Annotazioni"))]


def attach(page: ListPage, workplace: Workplace, classes: Sequence[ClassField]) -> MassChange:
    """Give the list of parties its mass change."""
    words = {mass_change.ERASED: tr("I dati di questa persona sono stati cancellati.")}
    return MassChange(
        page, workplace, fields=lambda: mass_fields(classes), preview=mass_change.preview, apply=mass_change.apply, undo=mass_change.undo,
        recent=mass_change.recent, record_id=lambda one: one.party_id, required="registry.write", words=lambda text: words.get(text, text),
    )  # fmt: skip


def attach_contacts(page: ListPage, workplace: Workplace) -> MassChange:
    """Give the rubrica its mass change."""
    fields = [
        FieldSpec("job", tr("Ruolo")), FieldSpec("work_phone", tr("Telefono d'ufficio")), FieldSpec("valid_to", tr("Non c'è più dal"), "date"),
        FieldSpec("notes", tr("Annotazioni"), "multiline", options={"lines": 3}),
    ]  # fmt: skip
    words = {mass_lists.ENDS_BEFORE: tr("Finirebbe prima di cominciare.")}
    return mass_change_of(
        page, workplace, mass_lists.CONTACTS, lambda: fields, lambda one: one.contact_person_id, lambda text: words.get(text, text)
    )


def attach_tasks(page: ListPage, workplace: Workplace, colleagues: Callable[[], Sequence[tuple[int, str]]]) -> MassChange:
    """Give the list of tasks its mass change: to whom, until when."""

    def fields() -> list[FieldSpec]:
        who = FieldSpec("executor_id", tr("Esecutore"), "choice", choices=list(colleagues()), required=True)
        return [who, FieldSpec("due_on", tr("Entro il"), "date", required=True)]

    words = {
        mass_lists.IS_DONE: tr("È già conclusa."), mass_lists.MAY_NOT: tr("Non puoi affidarla o spostarla: è di altri."),
    }  # fmt: skip
    return mass_change_of(page, workplace, mass_lists.TASK_LIST, fields, lambda one: one.note_id, lambda text: words.get(text, text))
