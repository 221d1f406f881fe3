"""Privacy of one person of the rubrica, from its form: refusal, handing over, erasure."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterator
from typing import Any

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cms_desktop.modules.registry import actions, queries
from cms_desktop.ui.workplace import Workplace
from tests.house import House
from tests.modules.customers.workplaces import opened_workplace, until
from tests.modules.registry.test_dock import _add, _open, _settle

pytestmark = pytest.mark.usefixtures("light")
CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def place(house: House) -> Iterator[Workplace]:
    with opened_workplace(house, "anna.admin") as found:
        yield found


def _ask(place: Workplace, work: Any, *values: Any, **more: Any) -> Any:
    with place.background._open_unit() as unit:
        return work(unit, *values, **more)


def _press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifier)


def _ada(place: Workplace, qtbot: Any) -> tuple[int, int, Any]:
    party = _add(place, name="Condominio Verdi")
    ada = _ask(place, actions.add_contact, party, {"name": "Ada Serra", "email": "ada@serra.it", "mobile": "347 1234567"})
    dock = _open(place, qtbot, "parties")
    dock.parties.open_party(party)
    _settle(dock, qtbot)
    dock.parties.pane.show_tab("people")
    editor = dock.parties.pane.people.editor
    until(qtbot, lambda: editor.contact is not None and not place.background.is_busy())
    editor.form.fields["job"].editor.setFocus()
    _press(Qt.Key.Key_Y, CONTROL_SHIFT)
    until(qtbot, lambda: editor.privacy is not None and not place.background.is_busy())
    editor.kept = dock
    return party, ada, editor


def test_a_person_refuses_a_channel_and_the_others_of_the_party_do_not(place: Workplace, qtbot: Any) -> None:
    party, ada, editor = _ada(place, qtbot)
    panel = editor.privacy.panel
    until(qtbot, lambda: panel.refusals.origin.hasFocus())
    QTest.keyClicks(QApplication.focusWidget(), "telefonata")
    for _ in range(8):
        if panel.refusals.buttons["phone"].hasFocus():
            break
        _press(Qt.Key.Key_Tab)
    _press(Qt.Key.Key_Space)
    until(qtbot, lambda: [(one.channel, one.contact_name) for one in panel.refusals.refusals] == [("phone", "Ada Serra")])
    assert not _ask(place, queries.may_contact, party, "phone", contact_person_id=ada)
    assert _ask(place, queries.may_contact, party, "phone")
    assert panel.refusals.buttons["phone"].text().startswith("Revoca")


def test_the_data_of_a_person_are_handed_over_as_pdf_sheet_and_json(place: Workplace, qtbot: Any, tmp_path: pathlib.Path) -> None:
    _party, ada, editor = _ada(place, qtbot)
    panel = editor.privacy.panel
    place.files.path = tmp_path / "ada.pdf"  # type: ignore[attr-defined]
    panel.export()
    until(qtbot, panel.problem.isVisible)  # without an origin
    panel.refusals.origin.setText("PEC del 3 novembre")
    panel.export()
    until(qtbot, lambda: [one.contact_name for one in _ask(place, queries.list_requests, _party, ada)] == ["Ada Serra"])
    until(qtbot, lambda: (tmp_path / "ada.json").exists() and not place.background.is_busy())
    paper = "\n".join(page.extract_text() for page in PdfReader(tmp_path / "ada.pdf").pages)
    assert "Ada Serra" in paper and "ada@serra.it" in paper and "PEC del 3 novembre" in paper and "company" not in paper
    assert json.loads((tmp_path / "ada.json").read_text(encoding="utf-8"))["registry.contact_person"][0]["mobile"] == "347 1234567"
    assert (tmp_path / "ada.xlsx").exists()


def test_an_erasure_shows_what_goes_first_and_is_done_only_then(place: Workplace, qtbot: Any) -> None:
    _party, _ada_id, editor = _ada(place, qtbot)
    window = editor.privacy
    window.panel.refusals.origin.setText("PEC")
    window.panel.preview_erasure()
    until(qtbot, lambda: window.question is not None)
    assert editor.contact.name == "Ada Serra" and window.question.confirm_button.isEnabled()
    window.question.confirm_button.click()
    until(qtbot, lambda: editor.contact.name == "Cancellato")
