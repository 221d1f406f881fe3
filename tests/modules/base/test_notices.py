"""The notification centre in the open program: the bell, live notices, snooze, keep, done, preferences, by keys."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow

from cms_desktop.modules.base.notices import queries as notice_queries
from cms_desktop.modules.base.notices.centre import NoticeCentre
from cms_desktop.modules.base.notices.overlay import NoticeCentreOverlay
from cms_desktop.modules.base.notices.records import Notice
from cms_desktop.modules.registry.notes import actions
from cms_desktop.modules.registry.notes.notices import kind_titles, notice_words, place_of
from cms_desktop.modules.registry.notes.records import Draft, Subject
from cms_desktop.ui.feedback import Overlay
from tests.access.arranged import add_customer
from tests.house import House
from tests.modules.customers.workplaces import opened_workplace, until

pytestmark = pytest.mark.usefixtures("light")
Key = Qt.Key
Write = Callable[..., int]


@pytest.fixture
def light(qapp) -> None:  # type: ignore[no-untyped-def]
    from cms_desktop.ui import theme
    from cms_desktop.ui.tokens import LIGHT

    if not qapp.styleSheet():
        theme.apply(qapp, LIGHT)


@pytest.fixture
def write(house: House) -> Iterator[Write]:
    """Marta (Resp) writes to Anna (Admin)."""
    with house.owner() as owner:
        owner.execute("update base.person set rank = 'Resp' where login = 'marta.bellini'")
        owner.execute("update base.person set rank = 'Admin' where login = 'anna.admin'")
        add_customer(owner, "100")
    session = house.log_in("marta.bellini")

    def note(words: str, **more: Any) -> int:
        with session.database.unit_of_work(1) as unit:
            return actions.write_note(unit, Subject("customers.customer", 1), Draft(words, **more))

    yield note
    session.close()


class Shown(QObject):
    """The overlay of somebody over an empty window."""

    def __init__(self, qtbot: Any, workplace: Any) -> None:
        super().__init__()
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.window.resize(1000, 800)
        self.window.show()
        self.centre = NoticeCentre(workplace.background, self)
        self.overlay = Overlay(self.window)
        self.box = NoticeCentreOverlay(workplace.background, self.centre, notice_words, kind_titles())
        self.overlay.open_content(self.box)

    def press(self, key: Key) -> None:
        QTest.keyClick(self.box.list, key)

    def bodies(self) -> list[str]:
        return [one.body for one in self.box.list.notices()]


def test_the_bell_counts_what_is_new_and_hears_of_more_and_of_what_becomes_due(qtbot: Any, house: House, write: Write) -> None:
    with opened_workplace(house, "anna.admin") as anna:
        centre, counts, arrivals = NoticeCentre(anna.background), list[int](), list[int]()
        centre.counted.connect(counts.append)
        centre.arrived.connect(arrivals.append)
        write("prima")
        centre.count()
        until(qtbot, lambda: counts == [1], 20000)
        write("seconda")
        centre.mark_changed()
        until(qtbot, lambda: counts[-1] == 2, 20000)
        assert arrivals == [1]
        with house.owner() as owner:
            owner.execute("update base.notice set due_at = now() + interval '1.5 seconds'")
        centre.count()
        until(qtbot, lambda: counts[-1] == 0, 20000)
        until(qtbot, lambda: counts[-1] == 2, 20000)  # by its own timer, set by the server's clock


def test_notices_are_kept_done_and_snoozed_by_keys(qtbot: Any, house: House, write: Write) -> None:
    for words in ("uno", "due", "tre"):
        write(words)
    with opened_workplace(house, "anna.admin") as anna:
        shown = Shown(qtbot, anna)
        until(qtbot, lambda: shown.bodies() == ["tre", "due", "uno"], 20000)
        until(qtbot, lambda: shown.centre.unread == 0 and not anna.background.is_busy(), 20000)
        shown.press(Key.Key_Delete)
        until(qtbot, lambda: shown.bodies() == ["due", "uno"], 20000)
        shown.press(Key.Key_Down)
        shown.press(Key.Key_T)
        until(qtbot, lambda: shown.bodies() == ["uno", "due"], 20000)
        assert [one.is_kept for one in shown.box.list.notices()] == [True, False]
        menu = shown.box.snooze_menu()
        menu.actions()[0].trigger()
        until(qtbot, lambda: shown.bodies() == ["due"], 20000)
        with house.owner() as owner:
            row = owner.execute("select due_at > now() + interval '59 minutes', is_kept from base.notice where body = 'uno'").fetchone()
        assert row == (True, True)
        shown.box.tabs.set_active(1)
        shown.box.reload()
        until(qtbot, lambda: shown.bodies() == ["tre"], 20000)
        shown.press(Key.Key_Delete)
        until(qtbot, lambda: shown.bodies() == [], 20000)
        shown.box.tabs.set_active(0)
        shown.box.reload()
        until(qtbot, lambda: shown.bodies() == ["tre", "due"], 20000)


def test_a_notice_is_snoozed_until_a_typed_date(qtbot: Any, house: House, write: Write) -> None:
    write("uno")
    with opened_workplace(house, "anna.admin") as anna:
        shown = Shown(qtbot, anna)
        until(qtbot, lambda: shown.bodies() == ["uno"], 20000)
        until(qtbot, lambda: not anna.background.is_busy(), 20000)
        shown.box.snooze_menu().actions()[3].trigger()
        QTest.keyClicks(shown.box.until.editor, "ieri")
        QTest.keyClick(shown.box.until.editor, Key.Key_Return)
        assert shown.box.until.state == "error"
        shown.box.until.set_value(None)
        QTest.keyClicks(shown.box.until.editor, "+5")
        QTest.keyClick(shown.box.until.editor, Key.Key_Return)
        until(qtbot, lambda: shown.bodies() == [], 20000)
        due = datetime.datetime.now().astimezone().date() + datetime.timedelta(days=5)
        with house.owner() as owner:
            assert owner.execute("select due_at from base.notice").fetchone()[0].astimezone().date() == due


def test_a_kind_is_muted_from_the_preferences_and_given_tasks_cannot_be(qtbot: Any, house: House, write: Write) -> None:
    with opened_workplace(house, "anna.admin") as anna:
        shown = Shown(qtbot, anna)
        shown.box.tabs.set_active(3)
        shown.box.reload()
        until(qtbot, lambda: shown.box.choices, 20000)
        assert {kind for kind in shown.box.choices if kind.startswith("registry.")} == {
            "registry.note",
            "registry.task_done",
            "registry.task_moved",
        }
        assert "base.integrity" not in shown.box.choices and "customers.expiry" in shown.box.choices
        shown.box.choices["registry.note"].set_active(2)
        shown.box.choices["registry.note"].changed.emit(2)
        until(qtbot, lambda: not anna.background.is_busy(), 20000)
        write("non arriva")
        write("arriva", executor_id=1)
        with house.log_in("anna.admin").database.unit_of_work(1) as unit:
            assert [(one.kind, one.body) for one in notice_queries.list_notices(unit)] == [("registry.task", "arriva")]


def test_every_kind_has_words_a_title_and_a_place(house: House, write: Write) -> None:
    number = write("chiamalo", executor_id=1)
    with house.log_in("anna.admin").database.unit_of_work(1) as unit:
        (notice,) = notice_queries.list_notices(unit)
        assert {one.kind for one in notice_queries.list_choices(unit)} == set(kind_titles())
    assert place_of(notice) == ("registry", "tasks", number)
    assert notice_words(notice)[1] == "Marta Bellini ti affida: Cliente 100"


def test_a_deadline_leads_to_its_contract_many_to_the_scheduler_and_findings_to_the_checks() -> None:
    moment = datetime.datetime.now(datetime.UTC)

    def told(kind: str, title: str, party: int | None, source: int | None) -> Notice:
        table = "customers.contract" if kind.startswith("customers.") else ""
        return Notice(1, kind, "", title, "", party, table, source, table, source, moment, moment, False, False, False, False)

    one, many, wrong = (
        told("customers.expiry", "Alfa", 7, 3),
        told("customers.expiry", "15", None, 0),
        told("base.integrity", "2", None, None),
    )
    assert [notice_words(notice)[1] for notice in (one, many, wrong)] == [
        "Contratto che finisce: Alfa", "Contratto che finisce: 15 contratti", "Controlli della notte: anomalie 2",
    ]  # fmt: skip
    assert [place_of(notice) for notice in (one, many, wrong)] == [
        ("customers", "customers", 7), ("customers", "deadlines", 0), ("base", "integrity", 0),
    ]  # fmt: skip
