"""What is typed into a form and never saved is kept, offered at the start, found again at its record, in every form."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from cms_desktop.ui.drafts import FormDraft, unsaved_forms, want_resumed
from tests.house import House
from tests.modules.billing.screen import Screen
from tests.modules.customers.workplaces import MemorySettings, opened_workplace, until
from tests.modules.everywhere.forms import CASES, FormCase, arrange, open_dock, settle, show, stored, type_into

pytestmark = pytest.mark.usefixtures("light")
TYPED = "mai salvato"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_typed_text_is_offered_again_at_its_record(case: FormCase, house: House, qtbot: Any) -> None:
    settings = MemorySettings()
    with opened_workplace(house, "anna.admin", settings=settings) as place:
        ids = arrange(place, case)
        dock, form = show(place, case, ids, qtbot)
        type_into(form, case.mine, TYPED, qtbot)
        until(qtbot, lambda: unsaved_forms(settings, 1))
        settle(dock, place, qtbot)
        dock.kept.hide()
    kept = unsaved_forms(settings, 1)
    assert [(one.form, one.page) for one in kept] == [(case.kept, case.page)]
    assert kept[0].title
    with opened_workplace(house, "anna.admin", settings=settings) as place:
        again = open_dock(place, case.module, qtbot)
        again.show_page_for(kept[0].page, **kept[0].what)
        settle(again, place, qtbot)
        form = case.form(again)
        until(qtbot, lambda: form.isVisible() and not place.background.is_busy())
        assert str(form.value(case.mine)).lower() != TYPED
        offered = [one for one in again.kept.findChildren(FormDraft) if one.strip.isVisible()]
        assert len(offered) == 1
        offered[0].resume()
        assert str(form.value(case.mine)).lower() == TYPED
        assert unsaved_forms(settings, 1)  # until it is saved
        form.save_wanted.emit()
        until(qtbot, lambda: stored(house, case, ids)[0].lower() == TYPED)
        settle(again, place, qtbot)
        assert unsaved_forms(settings, 1) == []


def test_a_new_site_and_a_new_contract_with_its_services_come_back(house: House, qtbot: Any) -> None:
    settings = MemorySettings()
    customer = CASES[0]
    with opened_workplace(house, "anna.admin", settings=settings) as place:
        ids = arrange(place, customer)
        dock, _form = show(place, customer, ids, qtbot)
        pane = dock.customers.pane
        pane.new_record("sites")
        until(qtbot, lambda: pane.parts.places["sites"].widget().is_editing())
        type_into(pane.parts.places["sites"].widget().editor.form, "name", "Deposito", qtbot)
        until(qtbot, lambda: len(unsaved_forms(settings, 1)) == 1)
        settle(dock, place, qtbot)
        dock.new_contract()
        settle(dock, place, qtbot)
        editor = pane.contracts.editor
        type_into(editor.form, "title", "Ronda", qtbot)
        for line, words in ((editor.lines[0], "Tre passaggi"), (editor.add_line(), "Chiavi")):
            line.description.editor.setFocus()
            qtbot.keyClicks(line.description.editor, words)
        until(qtbot, lambda: any(len(one.typed.get("services", ())) == 2 for one in unsaved_forms(settings, 1)))
        settle(dock, place, qtbot)
        dock.kept.hide()
    kept = {one.form: one for one in unsaved_forms(settings, 1)}
    assert set(kept) == {"customers.sites", "customers.contract"}
    with opened_workplace(house, "anna.admin", settings=settings) as place:
        again = open_dock(place, "customers", qtbot)
        pane = again.customers.pane
        want_resumed(settings, 1, kept["customers.sites"])
        again.show_page_for("customers", **kept["customers.sites"].what)
        until(qtbot, lambda: pane.parts.places["sites"].widget().editor.form.value("name") == "Deposito")
        pane.parts.places["sites"].widget().editor.form.undo_changes()
        settle(again, place, qtbot)
        want_resumed(settings, 1, kept["customers.contract"])
        again.show_page_for("customers", **kept["customers.contract"].what)
        until(qtbot, lambda: pane.contracts.editor.form.value("title") == "Ronda")
        assert [line.description.value() for line in pane.contracts.editor.lines] == ["Tre passaggi", "Chiavi"]
        settle(again, place, qtbot)


def test_a_half_typed_payment_comes_back_with_its_customer(house: House, qtbot: Any, tmp_path: Any) -> None:
    with opened_workplace(house, "anna.admin") as place:
        arrange(place, CASES[0])
    session = house.log_in("carlo.conti")
    screen = Screen(qtbot, session, tmp_path)
    settings = screen.workplace.settings
    screen.open("payments")
    screen.dock.payments.new_payment()
    screen.settle()
    form = screen.dock.payments.form
    qtbot.keyClicks(form.customer.line, "orefic")
    screen.wait(lambda: form.customer.popup.isVisible())
    qtbot.keyClick(form.customer.popup, Qt.Key.Key_Return)
    form.amount.setFocus()
    qtbot.keyClicks(form.amount.editor, "12,50")
    screen.wait(lambda: unsaved_forms(settings, 1) and "amount" in unsaved_forms(settings, 1)[0].typed)
    screen.settle()
    screen.close()
    again = Screen(qtbot, session, tmp_path)
    again.workplace.settings.values |= settings.values  # type: ignore[attr-defined]
    kept = unsaved_forms(again.workplace.settings, 1)[0]
    want_resumed(again.workplace.settings, 1, kept)
    again.dock.show_page_for(kept.page, **kept.what)
    again.settle()
    form = again.dock.payments.form
    assert form.amount.draft() == "12,50" and form.customer.value().text == "Oreficeria Bellini S.n.c."
    assert again.dock.payments.is_in_form()
    again.close()
    session.close()
