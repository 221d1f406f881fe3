"""What the list of parties offers to change for many at once, in words."""

from __future__ import annotations

from collections.abc import Sequence

from cms_desktop.modules.registry import mass_change
from cms_desktop.modules.registry.records import ClassField
from cms_desktop.ui.form import FieldSpec
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.mass_change import MassChange
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
