"""The list of what does not fit together: rules with their counts at the left, the rows of the chosen one at the right."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError
from cms_desktop.core.listing import ListQuery, Page, Totals
from cms_desktop.modules.customers.contracts import inconsistencies
from cms_desktop.modules.customers.contracts.records import Inconsistency, RuleCount
from cms_desktop.ui.basics import boxed, column, label, row
from cms_desktop.ui.cards import CheckRow
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage
from cms_desktop.ui.list_export import ListExport
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.record_table import Column, Noun
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")
SIDE = 340
TABLES = frozenset(
    {
        "customers.customer",
        "customers.contract",
        "customers.service",
        "customers.site",
        "customers.service_suspension",
        "billing.billing_run",
    }
)


def rule_words() -> dict[str, tuple[str, str]]:
    """Rule → (what is wrong, what to do about it)."""
    return {
        "never_billed": (tr("In corso e mai fatturati"), tr("Controlla inizio e cadenza, poi fattura gli arretrati.")),
        "billing_behind": (tr("Indietro con la fatturazione"), tr("Prepara un lancio sul periodo rimasto indietro.")),
        "ended_but_billed": (tr("Finiti ma fatturati oltre"), tr("Correggi la fine, oppure fai una nota di credito.")),
        "contract_without_service": (tr("Contratti senza servizi"), tr("Aggiungi i servizi o termina il contratto.")),
        "site_without_contract": (tr("Sedi senza contratto"), tr("Collega un servizio alla sede, oppure disattivala.")),
        "below_list_price": (tr("Sotto il prezzo di listino"), tr("Rivedi il prezzo, o mettilo in una variazione.")),
        "suspended_without_end": (tr("Sospesi senza fine"), tr("Scrivi quando riprendono, oppure terminali.")),
        "overlapping_lines": (tr("Servizi uguali sovrapposti"), tr("Togli il doppione o scrivi la fine del primo.")),
        "term_is_over": (tr("Durata finita, ancora in corso"), tr("Rinnova il contratto o terminalo.")),
        "customer_is_gone": (tr("Clienti cessati con contratto in corso"), tr("Termina il contratto.")),
        "index_without_base": (tr("Clausola ISTAT senza mese base"), tr("Scrivi il mese base nella clausola.")),
    }


def _columns() -> list[Column]:
    return [
        Column("customer", tr("Cliente"), kind="strong", width=230, stretch=True, filter_hint=tr("contiene…"), locked=True),
        Column("number", tr("Contratto"), kind="code", width=124),
        Column("what", tr("Che cosa"), width=230),
        Column("since_on", tr("Dal"), kind="date", width=104, filter="date"),
        Column("amount", tr("Al mese €"), kind="money", width=108, filter="number", total=True),
    ]


class InconsistenciesPage(QWidget):
    """Enter on a row opens its contract, where it can be mended."""

    tables = TABLES
    loaded = Signal()
    contract_wanted = Signal(int, object)  # customer, contract or None

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        words = rule_words()
        self.rule = next(iter(words))
        self.rules = {
            key: CheckRow("circle-dashed", "neutral", text, "", last=key == "index_without_base") for key, (text, _) in words.items()
        }
        self.counts: dict[str, RuleCount] = {}
        for key, line in self.rules.items():
            line.setCheckable(True)
            line.clicked.connect(lambda _checked=False, key=key: self.choose(key))
        self.title, self.advice = label("", "heading"), label("", "small", "2")
        self.error = InlineMessage("negative", "")
        self.error.hide()
        self.list = self._make_list()
        side = boxed(
            column(
                boxed(column(label(tr("Controlli"), "heading"), margins=(16, 12, 16, 8))),
                *self.rules.values(),
                None,
                spacing=0,
                margins=(1, 1, 1, 1),
            ),
            card="true",
        )
        side.setFixedWidth(SIDE)
        head = boxed(column(self.title, self.advice, spacing=2, margins=(16, 12, 16, 4)))
        main = boxed(column(head, self.error, self.list, spacing=0, margins=(1, 1, 1, 1)), card="true")
        layout = row(side, main, spacing=12, margins=(16, 12, 16, 16))
        layout.setStretchFactor(main, 1)
        self.setLayout(layout)
        self.setFocusProxy(self.list)
        self._show_rule()

    def _make_list(self) -> ListPage:
        page = ListPage(
            self._workplace.background, _columns(), self._load, self._totals, name="customers.inconsistency", record_key=lambda one: one.row_id,
            noun=Noun(tr("caso"), tr("casi")),
            empty=lambda: EmptyState("shield-check", tr("Tutto a posto"), tr("Questo controllo non trova niente da correggere.")),
            settings=self._workplace.settings,
        )  # fmt: skip
        page.views_bar.setVisible(bool(page.views_bar.views()))
        page.row_opened.connect(self._on_opened)
        page.loaded.connect(self.loaded)
        ListExport(page, self._workplace)
        return page

    def _on_opened(self, one: Inconsistency) -> None:
        self.contract_wanted.emit(one.customer_id, one.contract_id)

    def _load(self, unit: Any, query: ListQuery, after: tuple[object, ...] | None) -> Page[Any]:
        return inconsistencies.list_inconsistencies(unit, self.rule, query, after)

    def _totals(self, unit: Any, query: ListQuery) -> Totals:
        return inconsistencies.sum_inconsistencies(unit, self.rule, query)

    def reload(self) -> None:
        """Each rule is counted by a question of its own: the quick ones show at once."""
        for rule in self.rules:
            self._workplace.background.run(
                self, partial(inconsistencies.count_inconsistencies, rule=rule), then=self._show_count, failed=self._on_failed,
                key=f"count {rule}",
            )  # fmt: skip
        self.list.reload()

    def _show_count(self, found: RuleCount) -> None:
        self.counts[found.rule] = found
        text = rule_words()[found.rule][0]
        if not found.count:
            self.rules[found.rule].update_text(text, "", icon_name="circle-check", tone="positive")
            return
        amount = tr("{amount} al mese", amount=formats.money(found.amount)) if found.amount else ""
        many = tr("1 caso") if found.count == 1 else tr("{n} casi", n=formats.number(found.count))
        self.rules[found.rule].update_text(text, f"{many} · {amount}" if amount else many, icon_name="triangle-alert", tone="warning")

    def choose(self, rule: str) -> None:
        """Show the rows of a rule."""
        self.rule = rule
        self._show_rule()
        self.list.set_query(ListQuery())
        self.list.reload()

    def _show_rule(self) -> None:
        text, advice = rule_words()[self.rule]
        self.title.setText(text)
        self.advice.setText(advice)
        for key, line in self.rules.items():
            line.setChecked(key == self.rule)

    def _on_failed(self, error: AppError) -> None:
        self.error.set_message("negative", error_text(error))
