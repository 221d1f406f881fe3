"""Conti: the inner tabs of the books, each made when first shown."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from cms_desktop.modules.ledger import book_queries
from cms_desktop.ui.basics import button, column, row, rule
from cms_desktop.ui.later import BuiltLater
from cms_desktop.ui.page_head import PageTabs
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("books")
WITH_FORM = ("accounts", "rules")


class _AfterLists(QWidget):
    """The place of an editor that needs lists of the database for its form: it is made when they are there."""

    loaded = Signal()
    dirty_changed = Signal(bool)

    def __init__(self, workplace: Workplace, load: Callable[[Any], Any], make: Callable[[Any], QWidget]) -> None:
        super().__init__()
        self.editor: Any = None
        self._make = make
        self._layout = column(spacing=0)
        self.setLayout(self._layout)
        workplace.background.run(self, load, then=self._on_lists, key="lists")

    def _on_lists(self, lists: Any) -> None:
        self.editor = self._make(lists)
        self.editor.loaded.connect(self.loaded)
        self.editor.dirty_changed.connect(self.dirty_changed)
        self._layout.addWidget(self.editor)
        self.setFocusProxy(self.editor)
        self.editor.reload()

    def reload(self) -> None:
        if self.editor is not None:
            self.editor.reload()

    def start_new(self) -> None:
        if self.editor is not None:
            self.editor.start_new()


class BooksPage(QWidget):
    """Piano dei conti, profili contabili, da contabilizzare, mastrini, bilancio di verifica, esportazioni, chiusure."""

    tables = frozenset({
        "ledger.account", "ledger.posting_rule", "ledger.journal_entry", "ledger.journal_line", "ledger.period_lock", "ledger.journal_print",
        "ledger.journal_export", "billing.unposted_invoice",
    })  # fmt: skip
    loaded = Signal()
    dirty_changed = Signal(bool)
    entry_wanted = Signal(int)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.tabs, self._stack = PageTabs(height=40), QStackedWidget()
        self._places: dict[str, BuiltLater] = {}
        for key, title, make in self._all_tabs():
            place = self._places[key] = BuiltLater(partial(self._made, make))
            place.built.connect(partial(self._on_built, key))
            self.tabs.add_tab(key, title)
            self._stack.addWidget(place)
        self.tabs.chosen.connect(self.show_tab)
        self.new_button = button(tr("Nuovo"), "", "plus", tip=tr("Nuovo (F2)"))
        self.new_button.clicked.connect(self.start_new)
        bar = row(self.tabs, self.new_button, margins=(10, 4, 16, 4))
        bar.setStretch(0, 1)
        self.setLayout(column(bar, rule(), self._stack, spacing=0))
        self.setFocusProxy(self.tabs)
        self._show_new()

    def _all_tabs(self) -> list[tuple[str, str, Callable[[], QWidget]]]:
        return [
            ("accounts", tr("Piano dei conti"), self._make_chart), ("rules", tr("Profili contabili"), self._make_rules),
            ("unposted", tr("Da contabilizzare"), self._make_unposted), ("sheet", tr("Mastrini"), self._make_sheet),
            ("balance", tr("Bilancio di verifica"), self._make_balance), ("exports", tr("Commercialista"), self._make_exports),
            ("closing", tr("Chiusure"), self._make_closing),
        ]  # fmt: skip

    # -- tabs, imported and made when first shown
    def _make_chart(self) -> QWidget:
        from .chart_tab import ChartEditor

        return _AfterLists(self._workplace, book_queries.list_account_roles, lambda roles: ChartEditor(self._workplace, roles))

    def _make_rules(self) -> QWidget:
        from .rules_tab import RulesEditor, load_lists

        return _AfterLists(self._workplace, load_lists, lambda lists: RulesEditor(self._workplace, lists))

    def _make_unposted(self) -> QWidget:
        from .unposted_tab import UnpostedTab

        return UnpostedTab(self._workplace)

    def _make_sheet(self) -> QWidget:
        from .sheet_tab import SheetTab

        made = SheetTab(self._workplace)
        made.entry_wanted.connect(self.entry_wanted)
        return made

    def _make_balance(self) -> QWidget:
        from .balance_tab import BalanceTab

        made = BalanceTab(self._workplace)
        made.sheet_wanted.connect(self.show_sheet)
        return made

    def _make_exports(self) -> QWidget:
        from .exports_tab import ExportsTab

        return ExportsTab(self._workplace)

    def _make_closing(self) -> QWidget:
        from .closing_tab import ClosingTab

        return ClosingTab(self._workplace)

    def _made(self, make: Callable[[], QWidget]) -> QWidget:
        made: Any = make()
        made.loaded.connect(self.loaded)
        if hasattr(made, "dirty_changed"):
            made.dirty_changed.connect(self.dirty_changed)
        return cast(QWidget, made)

    def _on_built(self, key: str, made: Any) -> None:
        if key == self.tabs.active():
            made.reload()

    # -- what is shown
    def tab(self, key: str) -> Any:
        """A tab, made when first asked for; of those with a form, the editor (None while its lists are on their way)."""
        made: Any = self._places[key].widget()
        return made.editor if isinstance(made, _AfterLists) else made

    def show_tab(self, key: str) -> None:
        self.tabs.set_active(key)
        self._stack.setCurrentWidget(self._places[key])
        self._show_new()
        self.reload()

    def _show_new(self) -> None:
        self.new_button.setVisible(self.tabs.active() in WITH_FORM and self._workplace.may("ledger.write"))

    def show_sheet(self, account_id: int, first: datetime.date, last: datetime.date) -> None:
        """Mastrino of an account of the balance."""

        def show(accounts: Any) -> None:
            account = next((one for one in accounts if one.account_id == account_id), None)
            if account is not None and account.is_postable:
                self.show_tab("sheet")
                self.tab("sheet").account.accounts = accounts
                self.tab("sheet").show_account(account, first, last)

        self._workplace.background.run(self, book_queries.list_accounts, then=show, key="account")

    def reload(self) -> None:
        made: Any = self._places[self.tabs.active()].found()
        if made is not None:
            made.reload()

    def start_new(self, *_arguments: Any) -> None:
        if self.tabs.active() in WITH_FORM:
            self._places[self.tabs.active()].widget().start_new()

    def is_dirty(self) -> bool:
        made = [self._places[key].found() for key in WITH_FORM]
        editors = [one.editor for one in made if isinstance(one, _AfterLists) and one.editor is not None]
        return any(editor.form.is_dirty for editor in editors)
