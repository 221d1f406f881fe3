"""Logo, calendar, parameters, letters, checks of the books, history and rights, by keys, over a real database."""

from __future__ import annotations

import datetime
import io
import pathlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from PIL import Image, ImageDraw
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from cms_desktop.core.dates import local_today
from cms_desktop.core.fiscal import creditor_identifier
from cms_desktop.modules.base import queries
from cms_desktop.modules.base.commands import commands
from cms_desktop.modules.base.dock import BaseDock
from cms_desktop.modules.base.editor.calendar_tab import CalendarEditor
from cms_desktop.modules.base.editor.history import HistoryOverlay
from cms_desktop.modules.base.editor.letters import LettersEditor
from cms_desktop.modules.base.editor.parameters import ParametersEditor
from cms_desktop.modules.customers import letters as customer_letters
from cms_desktop.ui.feedback.overlay import Overlay
from tests.access.arranged import add_customer
from tests.house import House
from tests.modules.base.screens import Desk, picture, show_dock

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Shown = tuple[BaseDock, QMainWindow]


def logo() -> bytes:
    made = Image.new("RGB", (600, 260), "#123B6D")
    pen = ImageDraw.Draw(made)
    pen.ellipse((30, 30, 230, 230), fill="#F2B134")
    pen.rectangle((270, 90, 560, 170), fill="#FFFFFF")
    content = io.BytesIO()
    made.save(content, "PNG")
    return content.getvalue()


@pytest.fixture
def desk(house: House, qtbot: QtBot, tmp_path: pathlib.Path) -> Iterator[Desk]:
    with house.owner() as owner:
        add_customer(owner, "100")
        owner.execute(
            "insert into base.calendar_day (company_id, kind, name, starts_on, ends_on, is_yearly) values "
            "(1, 'closing', 'Ferie estive', '2026-08-10', '2026-08-21', false), (1, 'holiday', 'Fondazione', '2020-03-03', '2020-03-03', true)"
        )
    session = house.log_in("anna.admin")
    made = Desk(session, tmp_path)
    yield made
    qtbot.waitUntil(lambda: not made.background.is_busy(), timeout=8000)
    assert made.errors == []
    made.background.close()
    session.close()


@pytest.fixture
def shown(desk: Desk, qtbot: QtBot) -> Shown:
    customer_letters.register()
    dock = BaseDock(desk.workplace)
    window = show_dock(qtbot, dock, desk.registry, commands(dock))
    qtbot.waitUntil(lambda: dock.dashboard.figures is not None, timeout=8000)
    return dock, window


def tab(dock: BaseDock, key: str, qtbot: QtBot) -> Any:
    dock.show_page_for("tables", tab=key)
    editor = dock.tables_page.editor(key)
    with qtbot.waitSignal(editor.loaded, timeout=8000):
        editor.reload()
    return editor


def test_a_logo_is_chosen_seen_on_the_paper_and_taken_away(shown: Shown, desk: Desk, qtbot: QtBot, tmp_path: pathlib.Path) -> None:
    dock, window = shown
    file = tmp_path / "logo.png"
    file.write_bytes(logo())
    desk.files.to_open = file
    dock.show_page("company")
    page = dock.company
    qtbot.waitUntil(lambda: page.record is not None, timeout=5000)
    page.images.choose["logo"].click()
    qtbot.waitUntil(lambda: page.images.boxes["logo"].content == logo(), timeout=5000)
    picture(window, "masters-company")
    with desk.session.database.unit_of_work(1) as unit:
        assert queries.find_letterhead(unit).logo == logo()
    page.images.remove["logo"].click()
    qtbot.waitUntil(lambda: page.images.boxes["logo"].content == b"", timeout=5000)
    file.write_bytes(b"not an image")
    page.images.store("logo", file)
    qtbot.waitUntil(page.images.problem.isVisible, timeout=5000)


def test_a_new_bank_proposes_the_creditor_identifier_of_the_company(shown: Shown, desk: Desk, qtbot: QtBot) -> None:
    dock, window = shown
    editor = tab(dock, "banks", qtbot)
    qtbot.keyClick(dock, Qt.Key.Key_F2)
    right = creditor_identifier(desk.workplace.company.vat_number)
    assert editor.form.value("creditor_identifier") == right
    editor.form.set_value("creditor_identifier", creditor_identifier("00743110157"))
    assert right in editor.form.problems()["creditor_identifier"]
    picture(window, "masters-banks")


def test_the_series_says_what_it_takes(shown: Shown, qtbot: QtBot) -> None:
    dock, window = shown
    editor = tab(dock, "series", qtbot)
    editor.table.select(next(one.record_id for one in editor.table.rows() if one["code"] == "V"))
    qtbot.waitUntil(lambda: editor.record is not None and editor.record["code"] == "V", timeout=3000)
    assert editor.form.value("use_TD01_others") == "default" and editor.form.value("use_TD01_public") in ("", None)
    editor.form.set_value("use_TD24_others", "taken")
    editor.save()
    qtbot.waitUntil(lambda: any(use.document_type == "TD24" for one in editor.table.rows() for use in one.uses), timeout=5000)
    picture(window, "masters-series")


def test_the_year_shows_its_feasts_and_a_day_is_added_by_keys(shown: Shown, qtbot: QtBot) -> None:
    dock, window = shown
    editor: CalendarEditor = tab(dock, "calendar", qtbot)
    qtbot.waitUntil(lambda: bool(editor.year.days), timeout=5000)
    editor.show_year(2026)
    names = {day.on_date: day.name for day in editor.year.days}
    assert names[datetime.date(2026, 4, 6)] == "Lunedì dell'Angelo" and names[datetime.date(2026, 6, 24)] == "San Giovanni Battista"
    assert "Torino" in editor.heading.text()
    qtbot.keyClick(editor, Qt.Key.Key_PageDown, CTRL)
    assert editor.year.year == 2027 and "2027" in editor.heading.text()
    editor.show_year(2026)
    qtbot.keyClick(dock, Qt.Key.Key_F2)
    qtbot.keyClicks(editor.form.fields["name"].editor, "Ponte")
    for key, day in (("starts_on", "07/12/2026"), ("ends_on", "07/12/2026")):
        editor.form.fields[key].editor.clear()
        qtbot.keyClicks(editor.form.fields[key].editor, day)
    qtbot.keyClick(editor.form.fields["name"].editor, Qt.Key.Key_F10)
    qtbot.waitUntil(lambda: any(day.name == "Ponte" for day in editor.year.days), timeout=5000)
    picture(window, "masters-calendar")


def test_a_parameter_shows_its_history_and_the_next_value_is_planned(shown: Shown, desk: Desk, qtbot: QtBot) -> None:
    dock, window = shown
    editor: ParametersEditor = tab(dock, "parameters", qtbot)
    editor.table.select("default_interest")
    qtbot.waitUntil(lambda: editor.history is not None and editor.history.title.key == "default_interest", timeout=3000)
    qtbot.keyClick(dock, Qt.Key.Key_F2)
    form = editor.form
    assert form.value("valid_from") == datetime.date(2026, 7, 1)  # the first half-year that has no rate yet
    form.fields["value"].editor.clear()
    qtbot.keyClicks(form.fields["value"].editor, "10,40")
    picture(window, "masters-parameters")
    qtbot.keyClick(form.fields["value"].editor, Qt.Key.Key_F10)
    qtbot.waitUntil(lambda: bool(desk.said), timeout=5000)
    with desk.session.database.unit_of_work(1) as unit:
        assert str(queries.rate_on(unit, "default_interest", datetime.date(2026, 8, 1))) == "10.4"
    qtbot.waitUntil(lambda: editor.history is not None and editor.history.values[0].parameter_id is not None, timeout=5000)
    assert editor.remove_button.isVisibleTo(editor)
    qtbot.keyClick(dock, Qt.Key.Key_H, CTRL | SHIFT)
    assert desk.went[-1][0] == "history" and desk.went[-1][1] == "base.parameter"


def test_a_letter_is_written_with_placeholders_and_seen_with_the_data_of_a_customer(shown: Shown, qtbot: QtBot) -> None:
    dock, window = shown
    editor: LettersEditor = tab(dock, "letters", qtbot)
    editor.table.select(next(one.record_id for one in editor.table.rows() if one["kind"] == "customers.price_change"))
    qtbot.waitUntil(lambda: editor.form.value("kind") == "customers.price_change", timeout=3000)
    qtbot.waitUntil(lambda: editor.paper.page_count() == 1, timeout=15000)
    picture(window, "masters-letters")
    body = editor.form.fields["body"].editor
    body.setFocus()
    qtbot.keyClicks(body, "{cliente.nom} ")
    assert "{cliente.nome}" in editor.form.problems()["body"]
    editor.form.undo_changes()
    qtbot.keyClick(body, Qt.Key.Key_Space, CTRL)
    before = body.toPlainText()
    item = editor.placeholders.currentItem()
    qtbot.keyClick(editor.placeholders, Qt.Key.Key_Return)
    assert body.toPlainText() == item.data(Qt.ItemDataRole.UserRole) + before
    editor.form.undo_changes()
    found: list[Any] = []
    editor._find_sample("Cliente", found.extend)
    qtbot.waitUntil(lambda: bool(found), timeout=5000)
    editor.sample.take(found[0])
    qtbot.waitUntil(lambda: "esempio: " in editor.state.text(), timeout=15000)


def test_the_books_are_checked_on_request_and_what_is_wrong_says_what_to_do(
    house: House, shown: Shown, desk: Desk, qtbot: QtBot, tmp_path: pathlib.Path
) -> None:
    dock, window = shown
    with house.owner() as owner:
        owner.execute(
            "insert into base.document_counter (company_id, document_series_id, year, last_number) "
            "select 1, min(document_series_id), 2026, 5 from base.document_series where company_id = 1"
        )
    qtbot.keyClick(dock, Qt.Key.Key_K, CTRL | SHIFT)
    page = dock.integrity
    qtbot.waitUntil(lambda: page.report is not None and len(page.report.findings) == 1, timeout=20000)
    picture(window, "masters-checks")
    page.save_report()
    file = tmp_path / f"controlli-{local_today():%Y-%m-%d}.pdf"
    qtbot.waitUntil(file.exists, timeout=15000)
    qtbot.waitUntil(lambda: not desk.background.is_busy(), timeout=5000)
    words = " ".join(" ".join(one.extract_text() for one in PdfReader(file).pages).split())
    for text in (
        "Contatore di sezionale diverso dall'ultima fattura",
        "Che cosa fare",
        "Numeri di fattura mancanti",
        "Anomalie trovate: 1",
    ):
        assert text in words, text
    dock.show_page("dashboard")
    dock.dashboard.reload()
    qtbot.waitUntil(lambda: dock.dashboard.figures is not None and dock.dashboard.figures.findings == 1, timeout=8000)
    picture(window, "masters-dashboard")
    dock.dashboard.checks[0].click()
    assert dock.current_page() == "integrity"


def test_the_history_of_a_record_opens_over_any_window(house: House, shown: Shown, desk: Desk, qtbot: QtBot) -> None:
    _dock, window = shown
    with house.person("marta.bellini") as marta:
        marta.execute(
            "update customers.customer set is_split_payment = true, payment_term_id = (select payment_term_id from base.payment_term "
            "where company_id = 1 and code = 'BB30'), row_version = row_version + 1 where company_id = 1"
        )
    with house.owner() as owner:
        row = owner.execute("select customer_id from customers.customer where company_id = 1").fetchone()
    assert row is not None
    overlay = Overlay(window)
    history = HistoryOverlay(desk.workplace, "customers.customer", row[0])
    with qtbot.waitSignal(history.loaded, timeout=8000):
        overlay.open_content(history)
    assert history.title.text() == "Cliente 100"
    assert [one.operation for one in history.entries] == ["U", "I"]
    shown_text = history.timeline._entries[0].detail
    assert "Condizione di pagamento: RiBa 30 gg fine mese → Bonifico 30 gg data fattura" in shown_text
    assert "Scissione dei pagamenti: no → sì" in shown_text
    picture(window, "masters-history")
    overlay.close_content()


def test_rights_are_copied_with_a_preview_compared_and_exported(shown: Shown, desk: Desk, qtbot: QtBot, tmp_path: pathlib.Path) -> None:
    dock, window = shown
    dock.show_page("rights")
    page = dock.rights
    qtbot.waitUntil(lambda: bool(page.rights.matrix.holders), timeout=5000)
    holders = {one.login: one for one in page.rights.matrix.holders}
    carlo, marta = holders["carlo.conti"], holders["marta.bellini"]
    page.grid.go_to(carlo.person_id, "billing.issue")
    qtbot.waitUntil(lambda: page.explanation is not None and page.explanation.person_name == "Carlo Conti", timeout=5000)
    assert page.explanation is not None and page.explanation.remedies
    picture(window, "masters-rights")
    page.offer(marta.functions, marta.display_name)
    picture(window, "masters-rights-copy")
    assert not page.rights.changes
    page.preview.confirm_button.click()
    assert page.rights.changes[carlo.person_id, "billing.issue"] and not page.rights.changes[carlo.person_id, "ledger.collect"]
    page.undo()
    page.compare(marta)
    picture(window, "masters-rights-compare")
    assert page.answer.text() == "Carlo Conti e Marta Bellini"
    page.show_places()
    qtbot.waitUntil(lambda: page.answer.text() == "Carlo Conti", timeout=5000)
    page.export()
    qtbot.waitUntil((tmp_path / "diritti.xlsx").exists, timeout=8000)
    qtbot.waitUntil(lambda: not desk.background.is_busy(), timeout=8000)
    rows = list(openpyxl.load_workbook(tmp_path / "diritti.xlsx").active.iter_rows(values_only=True))
    assert len(rows) == len(page.rights.matrix.holders) + 1
    at = rows[0].index("Fatturazione: Emettere fatture")
    marks = {row[1]: row[at] for row in rows[1:]}
    assert marks["marta.bellini"] == "x" and not marks["carlo.conti"]


def test_a_change_of_rate_is_stored_by_keys_and_the_old_code_ends(shown: Shown, desk: Desk, qtbot: QtBot) -> None:
    dock, window = shown
    dock.show_page_for("tables", tab="vat")
    editor = dock.tables_page.editor("vat")
    qtbot.waitUntil(lambda: bool(editor.table.rows()) and not desk.background.is_busy(), timeout=8000)
    old = next(one for one in editor.table.rows() if one["code"] == "22")
    editor.table.select(old.record_id)
    editor.show_record(old)
    editor.change_button.click()
    dialog = editor.dialog
    picture(window, "vat_change")
    dialog.form.set_value("rate", Decimal(23))
    dialog.form.set_value("code", "23")
    dialog.form.set_value("description", "Ordinaria 23%")
    dialog.form.fields["description"].editor.setFocus()
    qtbot.keyClick(dialog.form.fields["description"].editor, Qt.Key.Key_F10)
    qtbot.waitUntil(lambda: editor.dialog is None and not desk.background.is_busy(), timeout=8000)
    first = datetime.date(local_today().year + 1, 1, 1)
    codes = {one["code"]: one for one in editor.table.rows()}
    assert codes["23"]["rate"] == 23 and codes["23"]["valid_from"] == first
    assert codes["22"]["valid_to"] == first - datetime.timedelta(days=1)
    editor.show_record(codes["22"])
    assert editor.change_button.isHidden(), "what is replaced is not replaced again"
