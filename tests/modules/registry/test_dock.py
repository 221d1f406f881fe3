"""A person at the dock of Registry: by keys only, with warnings, people, merges, classification and privacy."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.modules.registry import actions, queries, rules
from cms_desktop.modules.registry.commands import commands
from cms_desktop.modules.registry.dock import RegistryDock
from cms_desktop.modules.registry.editor.merge_dialog import MergeDialog
from cms_desktop.modules.registry.notes.actions import write_note
from cms_desktop.modules.registry.notes.records import Draft, Subject
from cms_desktop.ui.commands import CommandRegistry
from cms_desktop.ui.workplace import Workplace
from tests.house import House
from tests.modules.customers.workplaces import MemorySettings, opened_workplace, until

pytestmark = pytest.mark.usefixtures("light")


@pytest.fixture
def place(house: House) -> Iterator[Workplace]:
    with opened_workplace(house, "anna.admin") as found:
        yield found


def _open(place: Workplace, qtbot: Any, page: str = "dashboard") -> RegistryDock:
    window = QMainWindow()
    qtbot.addWidget(window)
    dock = RegistryDock(place)
    window.addDockWidget(Qt.DockWidgetArea.TopDockWidgetArea, dock)
    registry = CommandRegistry(place.may)
    registry.register(*commands(lambda: dock))
    registry.bind(dock, "registry")
    dock.kept = (window, registry)  # type: ignore[attr-defined]
    window.resize(1600, 1000)
    window.show()
    window.activateWindow()
    qtbot.waitExposed(window)
    dock.show_page(page)
    _settle(dock, qtbot)
    return dock


def _settle(dock: RegistryDock, qtbot: Any) -> None:
    until(qtbot, lambda: not dock.is_making() and not dock.workplace.background.is_busy())


def _write(place: Workplace, work: Callable[[Any], Any]) -> Any:
    with place.background._open_unit() as unit:
        return work(unit)


def _add(place: Workplace, **values: Any) -> int:
    return int(_write(place, lambda unit: actions.add_party(unit, values)))


def _type(text: str) -> None:
    QTest.keyClicks(QApplication.focusWidget(), text)


def _press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), key, modifier)


ALT, SHIFT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def _focus_on(form: Any, key: str) -> None:
    for _ in range(60):
        focus = QApplication.focusWidget()
        if form.fields[key].editor.hasFocus() or (focus is not None and form.fields[key].editor.isAncestorOf(focus)):
            return
        _press(Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never reaches {key}")


def test_a_party_with_address_and_people_is_made_by_keys_only(place: Workplace, qtbot: Any) -> None:
    dock = _open(place, qtbot)
    dock.take_focus()
    _press(Qt.Key.Key_F2)
    form = dock.parties.pane.form
    until(qtbot, lambda: form.fields["name"].editor.hasFocus())
    _type("Gioielleria Delta")
    _focus_on(form, "town")
    _type("via Po 12, 10015 ivrea")
    _press(Qt.Key.Key_Tab)
    until(qtbot, lambda: form.value("town") == "Ivrea")
    assert [form.value(key) for key in ("street", "street_number", "postal_code", "province_code")] == ["via Po", "12", "10015", "TO"]
    _press(Qt.Key.Key_F10)
    until(qtbot, lambda: dock.parties.pane.party_id() is not None)
    _settle(dock, qtbot)
    assert [row.name for row in dock.parties.list.table.rows()] == ["Gioielleria Delta"]
    _press(Qt.Key.Key_F2, SHIFT)
    person = dock.parties.pane.people.editor.form
    until(qtbot, lambda: person.fields["name"].editor.hasFocus())
    _type("Ada Serra")
    _focus_on(person, "mobile")
    _type("347 1234567")
    _focus_on(person, "acts_for")
    _press(Qt.Key.Key_Space)
    _press(Qt.Key.Key_F10)
    until(qtbot, lambda: [one.name for one in dock.parties.pane.people.table.rows()] == ["Ada Serra"])
    stored = _write(place, lambda unit: queries.list_contacts(unit, ListQuery(search="3471234567")).rows[0])
    assert (stored.name, stored.acts_for, stored.party_name) == ("Ada Serra", ("sign_contracts",), "Gioielleria Delta")
    _settle(dock, qtbot)


def test_only_a_name_is_needed(place: Workplace, qtbot: Any) -> None:
    dock = _open(place, qtbot, "parties")
    dock.new_party()
    _press(Qt.Key.Key_F10)
    form = dock.parties.pane.form
    assert list(form.shown_problems()) == ["name"]
    _type("Solo nome")
    _press(Qt.Key.Key_F10)
    until(qtbot, lambda: dock.parties.pane.party_id() is not None)


def test_twins_are_said_while_typing_and_the_decision_is_remembered(place: Workplace, qtbot: Any) -> None:
    twin = _add(place, name="Panificio Rossi Mario", phone="011 5551234", town="Torino")
    dock = _open(place, qtbot, "parties")
    dock.new_party()
    pane = dock.parties.pane
    until(qtbot, lambda: pane.form.fields["name"].editor.hasFocus())
    _type("panificio rosi mario")
    until(qtbot, lambda: pane.twins.twins)
    assert "Panificio Rossi Mario" in pane.twins.message.text() and "nome simile" in pane.twins.message.text()
    _press(Qt.Key.Key_D, ALT)
    assert not pane.twins.message.isVisible()
    _type(" e figli")
    QTest.qWait(400)
    _settle(dock, qtbot)
    assert pane.twins.twins == []
    _press(Qt.Key.Key_F10)
    until(qtbot, lambda: pane.party_id() is not None)
    assert _write(place, lambda unit: queries.sum_twin_pairs(unit, ListQuery()).count) == 0
    dock.new_party()
    _type("altro")
    _focus_on(pane.form, "phone")
    _type("+39 0115551234")
    until(qtbot, lambda: [one.party_id for one in pane.twins.twins] == [twin])
    assert pane.form.fields["phone"]._note_label is not None and "Panificio" in pane.form.fields["phone"]._note_label.text()
    pane.form.undo_changes()
    _settle(dock, qtbot)


def test_the_first_twin_is_opened_by_a_key(place: Workplace, qtbot: Any) -> None:
    twin = _add(place, name="Officine Beta", vat_number="00743110157")
    other = _add(place, name="Tutt'altro")
    dock = _open(place, qtbot, "parties")
    dock.parties.open_party(other)
    _settle(dock, qtbot)
    pane = dock.parties.pane
    pane.twins._show(_write(place, lambda unit: queries.find_twins(unit, {"vat_number": "00743110157"})))
    pane.form.fields["name"].editor.setFocus()
    _press(Qt.Key.Key_G, ALT)
    until(qtbot, lambda: pane.party_id() == twin)


def test_two_parties_are_merged_from_the_list_and_parted_again(place: Workplace, qtbot: Any) -> None:
    one, other = _add(place, name="Alfa S.r.l."), _add(place, name="Alfa srl", phone="011 555", email="a@alfa.it")
    dock = _open(place, qtbot, "parties")
    dock.parties.merging.begin(one, other)
    until(qtbot, lambda: dock.parties.merging.dialog)
    dialog = dock.parties.merging.dialog
    assert isinstance(dialog, MergeDialog)
    assert set(dialog.taken()) == {"phone", "email"}, "what only one side has is taken from it"
    _press(Qt.Key.Key_F10)
    until(qtbot, lambda: [row.name for row in dock.parties.list.table.rows()] == ["Alfa S.r.l."])
    assert dock.parties.list.table.rows()[0].phone == "011 555"
    _settle(dock, qtbot)
    dock.show_page("twins")
    _settle(dock, qtbot)
    until(qtbot, lambda: dock.twins.merges.table.rows())
    (merge,) = dock.twins.merges.table.rows()
    dock.twins.merging.undo(merge.merge_id, one)
    until(qtbot, lambda: dock.twins.merges.table.rows()[0].undone_at is not None)
    _settle(dock, qtbot)
    assert _write(place, lambda unit: queries.count_sections(unit)["party"]) == 2


def test_pairs_are_found_and_put_aside(place: Workplace, qtbot: Any) -> None:
    for name in ("Uno", "Due"):
        _add(place, name=name, vat_number="00743110157")
    dock = _open(place, qtbot, "twins")
    dock.twins.look()
    until(qtbot, lambda: len(dock.twins.list.table.rows()) == 1)
    dock.twins.list.table.select(dock.twins.list.table.rows()[0].twin_id)
    dock.twins.list.table.focus_rows()
    _press(Qt.Key.Key_Delete)
    until(qtbot, lambda: not dock.twins.list.table.rows())
    _settle(dock, qtbot)


def test_classes_named_by_the_company_are_fields_and_filters(place: Workplace, qtbot: Any) -> None:
    dock = _open(place, qtbot, "classes")
    form = dock.classes.form
    form.fields["name_1"].editor.setFocus()
    _type("Settore")
    form.fields["values_1"].editor.setFocus()
    _type("Banche")
    _press(Qt.Key.Key_Return)
    _type("Oreficerie")
    _press(Qt.Key.Key_F10)
    until(qtbot, lambda: not form.is_dirty and not place.background.is_busy())
    (sector,) = _write(place, queries.list_classes)
    banks = {name: value for value, name in sector.choices()}["Banche"]
    _add(place, name="Banca Alfa", class_1=banks)
    _add(place, name="Altro")
    dock.show_page("parties")
    _settle(dock, qtbot)
    until(qtbot, lambda: any(one.key == "class_1" and one.title == "Settore" for one in dock.parties.list.table.columns))
    dock.parties.list.set_query(ListQuery((Filter("class_1", "=", (banks,)),)))
    until(qtbot, lambda: [row.name for row in dock.parties.list.table.rows()] == ["Banca Alfa"])
    dock.parties.open_party(dock.parties.list.table.rows()[0].party_id)
    _settle(dock, qtbot)
    field = dock.parties.pane.form.fields["class_1"]
    assert (field.title, field.text_of(field.value()), dock.parties.pane.form.fields["class_2"].isHidden()) == ("Settore", "Banche", True)


def test_a_refusal_needs_its_origin_and_is_withdrawn_with_one(place: Workplace, qtbot: Any) -> None:
    party = _add(place, name="Rossi", email="r@rossi.it")
    dock = _open(place, qtbot, "parties")
    dock.parties.open_party(party)
    _settle(dock, qtbot)
    dock.parties.pane.show_tab("privacy")
    privacy = dock.parties.pane.privacy
    _settle(dock, qtbot)
    privacy.buttons["email"].click()
    until(qtbot, privacy.problem.isVisible)
    privacy.origin.setFocus()
    _type("telefonata del 3 novembre")
    privacy.buttons["email"].click()
    until(qtbot, lambda: [one.channel for one in privacy.refusals] == ["email"])
    until(qtbot, lambda: dock.parties.list.table.rows()[0].refused == ("email",))
    assert not _write(place, lambda unit: queries.may_contact(unit, party, "email"))
    privacy.origin.setFocus()
    _type("modulo")
    privacy.buttons["email"].click()
    until(qtbot, lambda: privacy.refusals[0].withdrawn_on is not None)
    _settle(dock, qtbot)
    assert _write(place, lambda unit: queries.may_contact(unit, party, "email"))


def test_the_data_of_a_person_are_handed_over_readable_and_as_json(place: Workplace, qtbot: Any, tmp_path: Any) -> None:
    party = _add(place, name="Rossi", email="r@rossi.it", notes="=1+1")
    dock = _open(place, qtbot, "parties")
    dock.parties.open_party(party)
    _settle(dock, qtbot)
    dock.parties.pane.show_tab("privacy")
    place.files.path = tmp_path / "dati.xlsx"  # type: ignore[attr-defined]
    dock.parties.pane.privacy.origin.setText("PEC del 3 novembre")
    dock.parties.pane.privacy.export()
    until(qtbot, lambda: (tmp_path / "dati.json").exists() and not place.background.is_busy())
    sheet = load_workbook(tmp_path / "dati.xlsx")["Anagrafica"]
    found = {sheet.cell(1, place_).value: sheet.cell(2, place_).value for place_ in range(1, sheet.max_column + 1)}
    assert (found["Denominazione"], found["E-mail"], found["Note"]) == ("Rossi", "r@rossi.it", "=1+1")
    assert sheet.cell(2, [cell.value for cell in sheet[1]].index("Note") + 1).data_type == "s"
    paper = "\n".join(page.extract_text() for page in PdfReader(tmp_path / "dati.pdf").pages)
    for words in ("Dati personali", "Rossi", "PEC del 3 novembre", "Anagrafica", "r@rossi.it"):
        assert words in paper
    assert json.loads((tmp_path / "dati.json").read_text(encoding="utf-8"))["registry.party"][0]["name"] == "Rossi"


def test_an_erasure_is_previewed_and_needs_its_origin(place: Workplace, qtbot: Any) -> None:
    party = _add(place, name="Elio Vela", email="elio@vela.it")
    dock = _open(place, qtbot, "parties")
    dock.parties.open_party(party)
    _settle(dock, qtbot)
    dock.parties.pane.show_tab("privacy")
    privacy = dock.parties.pane.privacy
    privacy.preview_erasure()
    from cms_desktop.modules.registry.editor.erasure import ErasureDialog

    until(qtbot, lambda: dock.window().findChildren(ErasureDialog))
    (dialog,) = dock.window().findChildren(ErasureDialog)
    assert not dialog.confirm_button.isEnabled()
    _type("PEC del 3 novembre")
    dialog.confirm_button.click()
    until(qtbot, lambda: dock.parties.pane.name_label.text().startswith("Cancellato"))
    _settle(dock, qtbot)


def test_every_tile_and_bar_opens_exactly_its_rows(place: Workplace, qtbot: Any) -> None:
    for number in range(4):
        party = _add(place, name=f"Anagrafica {number}", **({"vat_number": "00743110157"} if number < 2 else {}))
        if number < 3:
            _write(
                place, lambda unit, party=party: actions.set_roles(unit, party, {"supplier"}, on=queries.load_party(unit, party).created_on)
            )
    _write(place, lambda unit: actions.refuse_channel(unit, 1, "phone", queries.load_party(unit, 1).created_on, origin="x"))
    _write(place, actions.look_for_twins)
    dock = _open(place, qtbot)
    board = dock.dashboard
    _settle(dock, qtbot)
    for tile, count, page in (
        (board.every, 4, "parties"), (board.suppliers, 3, "parties"), (board.incomplete, 4, "parties"), (board.twins, 1, "twins"),
    ):  # fmt: skip
        assert tile.accessibleName() and str(count) in tile.accessibleName() + str(vars(tile)), tile
        tile.click()
        _settle(dock, qtbot)
        assert dock.current_page() == page
        shown = dock.parties.list if page == "parties" else dock.twins.list
        until(qtbot, lambda shown=shown, count=count: len(shown.table.rows()) == count == shown.table.rows_in_result())
        dock.show_page("dashboard")
    board.refusals.bar_clicked.emit(rules.CHANNELS.index("phone"))
    _settle(dock, qtbot)
    until(qtbot, lambda: len(dock.parties.list.table.rows()) == 1)


def test_a_telephone_is_copied_and_a_mail_begun_by_a_key(place: Workplace, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    urls: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: urls.append(url.toString()))
    party = _add(place, name="Rossi")
    _write(place, lambda unit: actions.add_contact(unit, party, {"name": "Ada", "mobile": "347 123", "email": "ada@rossi.it"}))
    dock = _open(place, qtbot, "contacts")
    until(qtbot, lambda: dock.contacts.list.table.rows())
    dock.contacts.list.table.select(dock.contacts.list.table.rows()[0].contact_person_id)
    dock.contacts._on_opened(dock.contacts.list.table.rows()[0])
    _press(Qt.Key.Key_C, CTRL | SHIFT)
    assert QGuiApplication.clipboard().text() == "347 123"
    _press(Qt.Key.Key_M, CTRL | SHIFT)
    assert urls == ["mailto:ada@rossi.it"]


def test_what_was_typed_and_never_saved_is_offered_again(house: House, qtbot: Any) -> None:
    settings = MemorySettings()
    with opened_workplace(house, settings=settings) as place:
        dock = _open(place, qtbot, "parties")
        dock.new_party()
        _type("Mai salvata")
        QTest.qWait(500)
        _settle(dock, qtbot)
    with opened_workplace(house, settings=settings) as place:
        dock = _open(place, qtbot, "parties")
        dock.new_party()
        assert dock.parties.pane.draft.strip.isVisible()
        dock.parties.pane.draft.resume()
        assert dock.parties.pane.form.value("name") == "Mai salvata"


def test_notes_documents_and_tasks_are_reached_by_commands_and_the_dashboard_opens_the_tasks_it_counts(
    place: Workplace, qtbot: Any
) -> None:
    party = _add(place, name="Rossi")
    me = place.person.person_id
    _write(place, lambda unit: write_note(unit, Subject("registry.party", party), Draft("richiamare", executor_id=me)))
    dock = _open(place, qtbot)
    run = {one.id: one.run for one in commands(lambda: dock)}
    until(qtbot, lambda: [tile.value() for tile in dock.dashboard.tasks.tiles] == ["1", "0", "0"])
    dock.dashboard.tasks.mine.click()
    assert dock.current_page() == "tasks"
    until(qtbot, lambda: len(dock.page("tasks").list.table.rows()) == 1)
    run["registry.given_tasks"]()
    until(qtbot, lambda: not dock.page("tasks").list.table.rows())
    run["registry.new_note"]()
    assert dock.parties.pane.tabs.active() == "data", "without a party there is nothing to write about"
    dock.parties.open_party(party)
    _settle(dock, qtbot)
    run["registry.new_note"]()
    assert dock.parties.pane.tabs.active() == "notes" and dock.parties.pane.notes.composer.isVisible()
    chosen: list[bool] = []
    dock.parties.pane.documents.choose_files = lambda: chosen.append(True)  # type: ignore[method-assign]
    run["registry.attach"]()
    assert dock.parties.pane.tabs.active() == "documents" and chosen
    _settle(dock, qtbot)
