"""Rows copied from a spreadsheet and pasted into the lists of every master: a preview, one step, and its undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from cms_desktop.ui.paste_rows import PastePanel
from cms_desktop.ui.workplace import Workplace
from tests.house import House
from tests.modules.customers.workplaces import opened_workplace, until
from tests.modules.everywhere.forms import CASES as FORMS
from tests.modules.everywhere.forms import Ids, arrange, open_dock, settle

pytestmark = pytest.mark.usefixtures("light")
FORM = {one.name: one for one in FORMS}


@dataclass(frozen=True)
class PasteCase:
    """`form` names the record that is arranged; `place(dock)` is where the cursor stands when Ctrl+V is pressed."""

    name: str
    form: str
    go: Callable[[Any, Ids], None]
    place: Callable[[Any], Any]
    text: str
    outcomes: tuple[str, ...]
    query: str
    before: list[tuple[Any, ...]]
    after: list[tuple[Any, ...]]

    def __str__(self) -> str:
        return self.name


def _tab(key: str) -> Callable[[Any, Ids], None]:
    return lambda dock, ids: dock.show_page_for("customers", record=ids["customer_id"], tab=key)


def _pane(dock: Any, key: str) -> Any:
    return dock.customers.pane.parts.places[key].widget()


CASES = [
    PasteCase(
        "parties", "party", lambda dock, _ids: dock.show_page("parties"), lambda dock: dock.parties.list.table.view,
        "Ragione sociale\tTelefono\tComune\nRossi Impianti\t055 1\t\nVerdi Ponteggi\t\tFirenze\n\t055\t\n", ("changed", "new", "error"),
        "select name, phone from registry.party order by 1", [("Rossi Impianti", "")], [("Rossi Impianti", "055 1"), ("Verdi Ponteggi", "")],
    ),
    PasteCase(
        "rubrica", "contact person", lambda dock, _ids: dock.show_page("contacts"), lambda dock: dock.contacts.list.table.view,
        "Anagrafica\tNome e cognome\tCellulare\nRossi Impianti\tAda Rossi\t347 1\nRossi Impianti\tUgo Rossi\t\nNessuno\tIvo\t\n",
        ("changed", "new", "error"), "select name, mobile from registry.contact_person order by 1", [("Ada Rossi", "")],
        [("Ada Rossi", "347 1"), ("Ugo Rossi", "")],
    ),
    PasteCase(
        "people of a party", "contact person",
        lambda dock, ids: dock.show_page_for("parties", record=ids["party_id"], contact=ids["contact_person_id"]),
        lambda dock: dock.parties.pane.people.table.view, "Nome e cognome\tRuolo\nUgo Rossi\tcustode\n", ("new",),
        "select name, job from registry.contact_person order by 1", [("Ada Rossi", "")], [("Ada Rossi", ""), ("Ugo Rossi", "custode")],
    ),
    PasteCase(
        "sites of a customer", "site", _tab("sites"), lambda dock: _pane(dock, "sites").table.view,
        "Nome della sede\tTelefono\nDeposito\t055 2\nUfficio\t\n", ("new", "new"), "select name, phone from customers.site order by 1",
        [("Magazzino", "")], [("Deposito", "055 2"), ("Magazzino", ""), ("Ufficio", "")],
    ),
    PasteCase(
        "all sites", "site", lambda dock, _ids: dock.show_page("sites"), lambda dock: dock.sites.table.view,
        "Cliente\tCodice sede\tNome della sede\tTelefono\nOreficeria Bellini S.n.c.\tS000001\tMagazzino\t055 3\n", ("changed",),
        "select name, phone from customers.site order by 1", [("Magazzino", "")], [("Magazzino", "055 3")],
    ),
    PasteCase(
        "contracts of a customer", "contract", _tab("contracts"), lambda dock: _pane(dock, "contracts").table.view,
        "Contratto\tDecorrenza\tServizio\tPrezzo\tCodice IVA\nN7\t01/02/2026\tRonda\t80\t22\n", ("new",),
        "select description, monthly_price::text from customers.service order by 1", [("Collegamento allarme", "100.0000")],
        [("Collegamento allarme", "100.0000"), ("Ronda", "80.0000")],
    ),
    PasteCase(
        "services of a contract", "contract",
        lambda dock, ids: dock.show_page_for("customers", record=ids["customer_id"], contract=ids["contract_id"]),
        lambda dock: _pane(dock, "contracts").editor.more_button,
        "Servizio\tSi conta\tPrezzo\tCodice IVA\nRonda\ta passaggio\t8,50\t22\nMontaggio\tuna tantum\t300\t22\n", ("changed", "changed"),
        "select description, unit_price::text from customers.service order by 1", [("Collegamento allarme", "0.0000")],
        [("Collegamento allarme", "0.0000"), ("Montaggio", "300.0000"), ("Ronda", "8.5000")],
    ),
    PasteCase(
        "VAT codes", "table vat", lambda dock, _ids: dock.show_page_for("tables", tab="vat"), lambda dock: dock.tables_page.editor("vat").table.view,
        "Codice\tDescrizione\tAliquota\n7X\tProva\t7\n22\tOrdinaria nuova\t22\n8X\tSenza\t\n", ("new", "changed", "error"),
        "select code, description from base.vat_code where company_id = 1 and code in ('7X', '22') order by 1", [],
        [("22", "Ordinaria nuova"), ("7X", "Prova")],
    ),
    PasteCase(
        "bank accounts", "table banks", lambda dock, _ids: dock.show_page_for("tables", tab="banks"),
        lambda dock: dock.tables_page.editor("banks").table.view, "IBAN\tBanca\tFiliale\nIT60X0542811101000000123456\tBanca di prova\tEmpoli\n",
        ("changed",), "select name, branch from base.bank_account where company_id = 1", [("Banca di prova", "")],
        [("Banca di prova", "Empoli")],
    ),
]  # fmt: skip


def _rows(place: Workplace, query: str) -> list[tuple[Any, ...]]:
    with place.background._open_unit() as unit:
        return [tuple(row) for row in unit.rows(sa.text(query))]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rows_are_pasted_with_preview_and_taken_back(case: PasteCase, house: House, qtbot: Any) -> None:
    form = FORM[case.form]
    with opened_workplace(house, "anna.admin") as place:
        said: list[tuple[Any, ...]] = []
        place._say = lambda *words: said.append(words)
        ids = arrange(place, form)
        dock = open_dock(place, form.module, qtbot)
        case.go(dock, ids)
        settle(dock, place, qtbot)
        before = _rows(place, case.query)
        assert not case.before or before == case.before
        view = case.place(dock)
        until(qtbot, view.isVisible)
        view.setFocus()
        QGuiApplication.clipboard().setText(case.text)
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        until(qtbot, lambda: dock.kept.findChild(PastePanel) is not None)
        panel = dock.kept.findChild(PastePanel)
        until(qtbot, lambda: panel.found is not None)
        assert tuple(row.outcome for row in panel.found.rows) == case.outcomes, [
            str(one) for row in panel.found.rows for one in row.sentences
        ]
        assert _rows(place, case.query) == before  # only looked at
        qtbot.keyClick(panel, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        until(qtbot, lambda: _rows(place, case.query) == case.after)
        settle(dock, place, qtbot)
        said[-1][-1]()  # the toast's "take it back"
        until(qtbot, lambda: _rows(place, case.query) == before)
        settle(dock, place, qtbot)
