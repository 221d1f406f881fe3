"""What an erasure would clear and what it keeps, table by table, before it is done."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit

from cms_desktop.core import formats
from cms_desktop.modules.registry.columns import table_name
from cms_desktop.modules.registry.records import ErasureLine, ErasureReport
from cms_desktop.ui.basics import Elevated, IconLabel, boxed, button, column, label, row, rule
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.translation import translator

tr = translator("registry")


def outcome_words() -> dict[str, tuple[str, str]]:
    """What happens to the rows of a table → (words, tone)."""
    return {
        "clear": (tr("si svuota"), "warning"), "shorten": (tr("restano nome, codici e indirizzo"), "info"), "delete": (tr("si toglie"), "warning"),
        "keep": (tr("resta"), "calm"), "unlink": (tr("resta, senza il suo nome"), "info"),
    }  # fmt: skip


def reason_words() -> dict[str, str]:
    """The rule by which rows stay."""
    return {
        "books": tr("scritture contabili: 10 anni (art. 2220 c.c.; art. 17.3.b GDPR)"),
        "contract": tr("contratti: 10 anni di prescrizione (art. 2946 c.c.; art. 17.3.e GDPR)"),
        "objection": tr("prova dell'opposizione (art. 21 GDPR)"),
        "accountability": tr("prova di quanto fatto (art. 5.2 GDPR)"),
        "relation": tr("nessun dato personale"),
    }


class ErasureDialog(Elevated):
    confirmed = Signal()
    left = Signal()

    def __init__(self, name: str, report: ErasureReport, origin: str) -> None:
        super().__init__(radius=12)
        head = row(
            IconLabel("eraser", 20, "negative_fill", 2), label(tr("Cancellare i dati di {name}?", name=name), "title"), None, spacing=12
        )
        self.origin = QLineEdit(origin)
        self.origin.setPlaceholderText(tr("Da dove viene la richiesta: PEC del…, modulo…"))
        self.origin.setObjectName("first-focus")
        self.confirm_button = button(tr("Cancella i dati"), "danger")
        self.confirm_button.clicked.connect(self.confirmed)
        leave = button(tr("Annulla"), tip=tr("Annulla (Esc)"))
        leave.clicked.connect(self.left)
        self.obstacle = InlineMessage("negative", "")
        self.obstacle.hide()
        if report.obstacle is not None:
            self.obstacle.set_message("negative", error_text(report.obstacle))
        until = tr("Le scritture si tengono fino al {date}.", date=formats.date(report.until)) if report.until is not None else ""
        self._can = report.obstacle is None
        self.origin.textChanged.connect(lambda _text: self._show_state())
        body = column(
            head, label(tr("Non si torna indietro. Quello che resta, resta per legge."), "body", "2"), self.obstacle, _lines(report.lines),
            label(until, "small", "3"), self.origin, spacing=10, margins=(24, 20, 24, 16),
        )  # fmt: skip
        self.body.addLayout(column(body, rule(), boxed(row(None, leave, self.confirm_button, margins=(24, 12, 24, 14))), spacing=0))
        self.setFixedWidth(960 + 2 * self.MARGIN)
        self.setAccessibleName(tr("Cancellare i dati di {name}?", name=name))
        self._show_state()

    def _show_state(self) -> None:
        self.confirm_button.setEnabled(self._can and bool(self.origin.text().strip()))


def _lines(lines: tuple[ErasureLine, ...]) -> QGridLayout:
    grid, outcomes, reasons = QGridLayout(), outcome_words(), reason_words()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(3, 1)
    for place, one in enumerate(lines):
        words, tone = outcomes[one.what]
        grid.addWidget(label(table_name(one.table), "body"), place, 0)
        grid.addWidget(label(formats.number(one.rows), "body", "2"), place, 1)
        grid.addWidget(StatusChip(words, tone), place, 2)
        grid.addWidget(label(reasons.get(one.why, ""), "small", "3"), place, 3)
    return grid
