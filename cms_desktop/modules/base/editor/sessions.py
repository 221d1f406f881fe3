"""Sessioni aperte: who is in now, where, since when nobody touched it; one of them, or a connection outside the program, can be closed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from cms_desktop.core.errors import AppError
from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.modules.base import actions, queries
from cms_desktop.modules.base.columns import open_session_columns
from cms_desktop.modules.base.door_records import OpenSessionRow
from cms_desktop.ui.basics import boxed, button, column, label, row
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage, ask
from cms_desktop.ui.list_export import ListExport
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.record_table import Noun
from cms_desktop.ui.saved_views import SavedView
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("base")


def sessions_in(*activities: str) -> ListQuery:
    return ListQuery((Filter("activity", "in", activities),))


class OpenSessionPage(QWidget):
    """The list; below it what the person will read and the button that closes the session chosen."""

    loaded = Signal()
    closed_session = Signal(int)
    tables = frozenset({"base.session", "base.person", "base.permission"})

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        views = [
            SavedView(tr("Tutte"), ListQuery()),
            SavedView(tr("Ferme"), sessions_in("idle", "locked")),
            SavedView(tr("Fuori dal programma"), sessions_in("outside")),
        ]
        self.list = ListPage(
            workplace.background, open_session_columns(), queries.list_open_sessions, queries.sum_open_sessions, name="base.open_session",
            record_key=lambda record: record.entry_id, noun=Noun(tr("sessione"), tr("sessioni"), feminine=True), empty=self._nothing,
            settings=workplace.settings, views=views, search=True, tables=self.tables,
        )  # fmt: skip
        ListExport(self.list, workplace)
        self.list.loaded.connect(self._on_loaded)
        self.list.selection_changed.connect(lambda _rows: self._show_choice())
        self.problem = InlineMessage("negative", "", closable=True)
        self.problem.hide()
        self.choice = label("", "small", "2")
        self.note = QLineEdit()
        self.note.setMaxLength(200)
        self.note.setPlaceholderText(tr("Messaggio per chi è collegato (facoltativo)"))
        self.note.setAccessibleName(tr("Messaggio per chi è collegato"))
        self.note.returnPressed.connect(self.close_session)
        self.close_button = button(tr("Chiudi la sessione"), "danger", "log-out", tip=tr("Chiudi la sessione (Ctrl+Maiusc+X)"))
        self.close_button.clicked.connect(self.close_session)
        foot = row(self.choice, None, self.note, self.close_button, spacing=12, margins=(16, 10, 16, 10))
        self.note.setFixedWidth(340)
        layout = column(self.list, self.problem, boxed(foot, card="true"), spacing=0)
        layout.setStretchFactor(self.list, 1)
        self.setLayout(layout)

    def _nothing(self) -> QWidget:
        return EmptyState(
            "monitor", tr("Nessuna sessione aperta"), tr("Qui si vede chi è collegato adesso, da quale postazione e da quanto.")
        )

    def reload(self) -> None:
        self.list.reload()

    def _on_loaded(self) -> None:
        self._show_choice()
        self.loaded.emit()

    def chosen(self) -> OpenSessionRow | None:
        found: OpenSessionRow | None = self.list.table.current()
        return found

    def _show_choice(self) -> None:
        session = self.chosen()
        is_own = session is not None and session.person_id == self._workplace.person.person_id
        self.close_button.setEnabled(session is not None and not is_own)
        self.note.setEnabled(session is not None and not is_own and session.session_id is not None)
        if session is None:
            self.choice.setText(tr("Scegli una sessione dall'elenco."))
        elif is_own:
            self.choice.setText(tr("Questa è una tua sessione: si chiude uscendo dall'utente."))
        elif session.session_id is None:
            self.choice.setText(tr("{name}: collegamento fuori dal programma", name=session.person_name))
        else:
            self.choice.setText(tr("{name} su {host}", name=session.person_name, host=session.host))

    def close_session(self) -> None:
        session = self.chosen()
        if session is None or not self.close_button.isEnabled():
            return
        text = tr("Vede subito chi l'ha chiusa e il messaggio; quello che sta scrivendo resta, e può rientrare con la password.")
        if session.session_id is None:
            text = tr("Il collegamento cade subito; quello che stava facendo fuori dal programma va perso.")
        if not ask(self, tr("Chiudere la sessione di {name}?", name=session.person_name), text, tr("Chiudi la sessione"), "negative"):
            return
        note = self.note.text().strip()

        def work(unit: Any) -> object:
            if session.session_id is None:
                return actions.close_connection(unit, session.person_id, session.process or 0)
            return actions.close_session(unit, session.session_id, note)

        self._workplace.background.run(self, work, then=lambda _done: self._on_closed(session), failed=self._on_failed, key="close")

    def _on_closed(self, session: OpenSessionRow) -> None:
        self.note.clear()
        self.problem.hide()
        self._workplace.say("positive", tr("Sessione di {name} chiusa", name=session.person_name))
        self.closed_session.emit(session.session_id or 0)
        self.reload()

    def _on_failed(self, error: AppError) -> None:
        self.problem.set_message("negative", error_text(error))
        self.reload()
