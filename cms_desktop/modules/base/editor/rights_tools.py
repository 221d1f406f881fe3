"""What the page of rights can say beside the matrix: what a copy would change, how two persons differ, one person in all my companies."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal

from cms_desktop.core import formats
from cms_desktop.documents.spreadsheet import TableColumn, write_table
from cms_desktop.modules.base import rights_rules
from cms_desktop.modules.base.columns import function_title, module_name, preset_name
from cms_desktop.modules.base.records import ExplainStep, Holder, PermissionMatrix, PersonPlace
from cms_desktop.ui.basics import Elevated, IconLabel, Item, boxed, button, column, label, row
from cms_desktop.ui.translation import translator

tr = translator("masters")
Titles = Callable[[str], str]


def titles_of(matrix: PermissionMatrix) -> Titles:
    stored = {one.function: one for one in matrix.functions}
    return lambda key: f"{module_name(stored[key].module)}: {function_title(key, stored[key].title)}" if key in stored else key


def difference_lines(matrix: PermissionMatrix, holder: Holder, wanted: frozenset[str]) -> list[tuple[str, str, str]]:
    """(icon, tone, text) of what the person would get and lose."""
    change = rights_rules.difference(holder.functions, wanted, [one.function for one in matrix.functions])
    title = titles_of(matrix)
    return [("plus", "positive_fill", title(one)) for one in change.given] + [
        ("minus", "negative_fill", title(one)) for one in change.taken
    ]


def preset_line(matrix: PermissionMatrix, holder: Holder) -> str:
    """ "Profilo Fatturista, con un diritto in più e due in meno"; '' when nothing resembles."""
    name = rights_rules.nearest_preset(holder.functions, matrix.presets)
    if not name:
        return ""
    preset = matrix.presets[name]
    more, less = len(holder.functions - preset), len(preset - holder.functions)
    if not more and not less:
        return tr("Come il profilo {name}", name=preset_name(name))
    return tr("Simile al profilo {name}: in più {more}, in meno {less}", name=preset_name(name), more=more, less=less)


def remedy_text(step: ExplainStep) -> str:
    """What would help, and who may do it."""
    who = ", ".join(step.facts["who"]) or tr("un amministratore di un'altra azienda della persona")
    match step.kind:
        case "company":
            return tr("L'azienda è chiusa nel programma: la riapre chi amministra il server.")
        case "place":
            return tr("Darle un posto in questa azienda (Persone, Ammetti). Possono: {who}.", who=who)
        case "active":
            return tr("Riattivare l'accesso nella scheda della persona. Possono: {who}.", who=who)
        case "expiry":
            return tr("Spostare la scadenza dell'accesso nella sua scheda. Possono: {who}.", who=who)
        case "lock":
            return tr("Aspettare, o darle una nuova password. Possono: {who}.", who=who)
        case "password":
            return tr("Deve entrare e scegliere la sua password: può farlo solo lei.")
        case "client":
            return tr(
                "Aggiornare il programma sulla sua postazione: ha la {version}, serve la {minimum}.", **_of(step, "version", "minimum")
            )
    profiles = ", ".join(preset_name(one) for one in step.facts["presets"])
    if profiles:
        return tr("Dare la funzione qui accanto (è nei profili {profiles}). Possono: {who}.", profiles=profiles, who=who)
    return tr("Dare la funzione qui accanto. Possono: {who}.", who=who)


def _of(step: ExplainStep, *keys: str) -> dict[str, Any]:
    return {key: step.facts[key] for key in keys}


class CopyPreview(Elevated):
    """What giving these rights would change, before it is done. `confirmed` and `left`."""

    confirmed = Signal()
    left = Signal()

    def __init__(self, title: str, lines: Sequence[tuple[str, str, str]]) -> None:
        super().__init__(radius=12)
        shown: list[Item] = []
        for icon, tone, text in lines:
            shown.append(row(IconLabel(icon, 14, tone, 2.5), label(text, "body"), None, spacing=8))
        if not lines:
            shown.append(label(tr("Non cambia nulla: ha già questi diritti."), "body", "2"))
        self.confirm_button = button(tr("Applica"), "primary", "check")
        self.confirm_button.setEnabled(bool(lines))
        self.confirm_button.setObjectName("first-focus")
        self.confirm_button.clicked.connect(self.confirmed)
        cancel = button(tr("Annulla"), "", tip=tr("Annulla (Esc)"))
        cancel.clicked.connect(self.left)
        counts = tr(
            "riceve {given}, perde {taken}", given=sum(one[0] == "plus" for one in lines), taken=sum(one[0] == "minus" for one in lines)
        )
        head = column(label(title, "title", wrap=True), label(counts, "small", "2"), spacing=2)
        note = label(tr("Poi si salva con F10."), "small", "3")
        self.body.addLayout(
            column(head, column(*shown, spacing=5), row(note, None, cancel, self.confirm_button), spacing=16, margins=(24, 20, 24, 18))
        )
        self.setMinimumWidth(480 + 2 * self.MARGIN)
        self.setAccessibleName(title)


def comparison_box(matrix: PermissionMatrix, one: Holder, other: Holder) -> Any:
    """The functions in which two persons differ, as a panel."""
    title, lines = titles_of(matrix), []
    for key, held, _other in rights_rules.compared(one, other, [function.function for function in matrix.functions]):
        lines.append(
            row(IconLabel("arrow-left" if held else "arrow-right", 14, "accent_fill", 2), label(title(key), "body", wrap=True), spacing=8)
        )
        lines[-1].setStretch(1, 1)
    if not lines:
        lines.append(row(label(tr("Hanno gli stessi diritti."), "body", "2")))
    legend = label(tr("← solo {one} · → solo {other}", one=one.display_name, other=other.display_name), "small", "2", wrap=True)
    return boxed(column(legend, *lines, spacing=8))


def places_box(matrix: PermissionMatrix, places: Sequence[PersonPlace]) -> Any:
    """One person in the companies I administer: how many rights in each, and which modules."""
    modules = {one.function: one.module for one in matrix.functions}
    lines = []
    for place in places:
        held = sorted({module_name(modules[key]) for key in place.functions if key in modules and key != "base.read"})
        text = tr("diritti: {n}", n=formats.number(len(place.functions))) if place.functions else tr("nessun posto")
        lines.append(column(row(label(place.company_name, "medium"), None, label(text, "small", "2")),
                            label(", ".join(held), "small", "3", wrap=True), spacing=1))  # fmt: skip
    return boxed(column(*lines, spacing=10))


def write_matrix(path: pathlib.Path, matrix: PermissionMatrix) -> None:
    """The whole matrix as a spreadsheet: a row a person, a column a function."""
    title = titles_of(matrix)
    columns = [TableColumn(tr("Persona")), TableColumn(tr("Utente")), TableColumn(tr("Mansione")), TableColumn(tr("Profilo più vicino"))]
    columns += [TableColumn(title(one.function)) for one in matrix.functions]
    rows = [
        [holder.display_name, holder.login, holder.job_title, preset_line(matrix, holder),
         *("x" if one.function in holder.functions else "" for one in matrix.functions)]
        for holder in matrix.holders
    ]  # fmt: skip
    write_table(path, columns, rows, title=tr("Diritti"))
