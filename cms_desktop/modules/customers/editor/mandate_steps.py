"""Over the form of a mandate: the steps of its life, when it lapses, and what the bank must still be told."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError
from cms_desktop.modules.customers.actions import master as actions
from cms_desktop.modules.customers.columns import master as words
from cms_desktop.modules.customers.records.master import Amendment, Mandate, StoredRecord
from cms_desktop.modules.customers.rules.master import MANDATE_STEPS
from cms_desktop.ui.basics import boxed, button, column, label, row
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage, ask
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")


class MandateSteps(QWidget):
    """`changed` after a step or an answer of the bank was written."""

    changed = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._mandate: Mandate | None = None
        self._may_write = workplace.may("customers.write")
        self.facts = label("", "small", "2", wrap=True)
        self.buttons = {
            "active": button(tr("Attiva"), "", "play"),
            "suspended": button(tr("Sospendi"), "", "pause"),
            "revoked": button(tr("Revoca"), "danger", "ban"),
        }
        for state, one in self.buttons.items():
            one.clicked.connect(partial(self._step, state))
        self.error = InlineMessage("negative", "", closable=True)
        self.error.hide()
        self._amendments = QVBoxLayout()
        self._amendments.setSpacing(4)
        line = row(self.facts, *self.buttons.values(), spacing=8)
        line.setStretchFactor(self.facts, 1)
        self.setLayout(column(line, self.error, self._amendments, spacing=6, margins=(20, 4, 20, 4)))

    def show_record(self, record: StoredRecord | None) -> None:
        self._mandate = record if isinstance(record, Mandate) else None
        self.error.hide()
        while (item := self._amendments.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        if self._mandate is None:
            return
        mandate, state = self._mandate, words.state_of(self._mandate)
        for target, one in self.buttons.items():
            one.setVisible(self._may_write and target in MANDATE_STEPS[state])
        facts = [words.sequence_states()[str(mandate["sequence_state"])]]
        if mandate["last_collected_on"]:
            facts.append(tr("ultimo incasso {date}", date=formats.date(mandate["last_collected_on"])))
        if mandate.lapses_on is not None and state in ("active", "suspended"):
            facts.append(tr("scade il {date} senza incassi", date=formats.date(mandate.lapses_on)))
        if state == "expired" and mandate.lapses_on is not None:
            facts.append(tr("36 mesi senza incassi, dal {date}", date=formats.date(mandate.lapses_on)))
        if mandate["state_reason"]:
            facts.append(str(mandate["state_reason"]))
        self.facts.setText(" · ".join(facts))
        for amendment in mandate.amendments:
            self._amendments.addWidget(self._amendment_line(amendment))

    def _amendment_line(self, amendment: Amendment) -> QWidget:
        chip = StatusChip(*words.amendment_states()[amendment.state])
        kind = words.amendment_kinds()[amendment.kind]
        text = tr(
            "{kind}: la banca conosce {old}, ora è {new}",
            kind=kind,
            old=amendment.old_value or tr("nessuno"),
            new=amendment.new_value or tr("nessuno"),
        )
        if amendment.state == "accepted" and amendment.accepted_on is not None:
            text = tr(
                "{kind}: da {old} a {new}, accettata il {date}",
                kind=kind,
                old=amendment.old_value or tr("nessuno"),
                new=amendment.new_value or tr("nessuno"),
                date=formats.date(amendment.accepted_on),
            )
        if amendment.refused_count:
            text += " · " + (
                tr("rifiutata 1 volta") if amendment.refused_count == 1 else tr("rifiutata {n} volte", n=amendment.refused_count)
            )
        steps = {
            "pending": [("sent", tr("Segna inviata"))],
            "sent": [("accepted", tr("Accettata")), ("refused", tr("Rifiutata"))],
        }.get(amendment.state, [])  # fmt: skip
        links = []
        for outcome, title in steps if self._may_write else []:
            link = button(title, "link")
            link.clicked.connect(partial(self._settle, amendment, outcome))
            links.append(link)
        body = label(text, "small", "2", wrap=True)
        line = row(chip, body, *links, spacing=8)
        line.setStretchFactor(body, 1)
        return boxed(line)

    def _step(self, state: str, _checked: bool = False) -> None:
        mandate = self._mandate
        if mandate is None:
            return
        if state == "revoked" and not ask(
            self, tr("Revocare il mandato {reference}?", reference=mandate["reference"]),
            tr("Da ora non si presentano più incassi con questo mandato. Non si torna indietro: per riprendere ne serve uno nuovo."),
            tr("Revoca il mandato"), "negative",
        ):  # fmt: skip
            return
        self._run(lambda unit: actions.change_mandate_state(unit, mandate.record_id, state, reason="", row_version=mandate.row_version))

    def _settle(self, amendment: Amendment, outcome: str, _checked: bool = False) -> None:
        self._run(lambda unit: actions.settle_amendment(unit, amendment.amendment_id, outcome))

    def _run(self, work: Any) -> None:
        self._workplace.background.run(self, work, then=lambda _done: self.changed.emit(), failed=self._on_failed, key="step")

    def _on_failed(self, error: AppError) -> None:
        self.error.set_message("negative", error_text(error))
