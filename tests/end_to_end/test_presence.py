"""The person before the screen: locked, thrown out, given and taken rights, each with two clients or two hands and nothing typed lost."""

from __future__ import annotations

import time
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cms_desktop.modules.base import actions, queries
from cms_desktop.modules.base.door_records import ScreenLockRule
from cms_desktop.ui.post import Post
from tests.access.arranged import add_person
from tests.end_to_end.conftest import Journey
from tests.house import PASSWORD, House
from tests.modules.base.screens import picture

EVERYTHING = ("customers.read", "customers.write", "registry.read", "registry.write", "billing.read", "ledger.read")
NAME = "Panificio Resistente S.r.l."


def press(journey: Journey, key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key as the keyboard sends it: to the window, which hands it to whoever has the focus."""
    QTest.keyClick(journey.window.windowHandle(), key, keys)


def type_text(journey: Journey, text: str) -> None:
    for letter in text:
        QTest.keyClick(journey.window.windowHandle(), letter)


@pytest.fixture
def typing(journey: Journey, house: House) -> Any:
    """pippo, half way through a new customer."""
    add_person(house, "pippo.prova", (1, EVERYTHING))
    journey.use_own_persons()
    journey.enter("pippo.prova")
    dock = journey.window.open_module("customers")
    dock.show_page("customers")
    journey.until(lambda: journey.window.status_line.words()[0] == "In diretta")
    journey.until(lambda: not dock.is_making())
    dock.new_customer()
    field = dock.customers.pane.form.fields["name"].editor
    field.setFocus()
    type_text(journey, NAME)
    assert field.text() == NAME
    return field


def presence(journey: Journey) -> Any:
    return journey.program.open.presence


def lock(journey: Journey) -> Any:
    press(journey, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert presence(journey).screen.is_locked
    return presence(journey).screen.card


def test_the_screen_locks_by_key_and_opens_with_the_password_and_nothing_is_lost(journey: Journey, typing: Any) -> None:
    card = lock(journey)
    picture(journey.window, "lock")
    assert QApplication.focusWidget() is card.field
    type_text(journey, PASSWORD)
    press(journey, Qt.Key.Key_Return)
    journey.until(lambda: not presence(journey).screen.is_locked)
    assert typing.text() == NAME and QApplication.focusWidget() is typing


def test_a_wrong_password_keeps_it_locked_and_the_next_attempt_waits(journey: Journey, typing: Any) -> None:
    card = lock(journey)
    type_text(journey, "sbagliata")
    press(journey, Qt.Key.Key_Return)
    journey.until(card.message.isVisible)
    assert not card.enter.isEnabled() and presence(journey).screen.is_locked
    journey.until(card.enter.isEnabled)
    type_text(journey, PASSWORD)
    press(journey, Qt.Key.Key_Return)
    journey.until(lambda: not presence(journey).screen.is_locked)


def test_no_key_and_no_click_reaches_what_is_under_a_locked_screen(journey: Journey, typing: Any) -> None:
    window = journey.window
    billing = window.open_module("billing")
    billing.setFloating(True)
    journey.bot.wait(50)
    lock(journey)
    covers = presence(journey).screen._covers
    assert {cover.parentWidget() for cover in covers} == {window, billing}
    for cover in covers:
        assert cover.size() == cover.parentWidget().size() and cover.isVisible()
    for key, keys in ((Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier), (Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier),
                      (Qt.Key.Key_F2, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_F4, Qt.KeyboardModifier.ControlModifier)):  # fmt: skip
        press(journey, key, keys)
        QTest.keyClick(typing, key, keys)
    QTest.keyClicks(typing, "intruso")
    QTest.mouseClick(window.rail, Qt.MouseButton.LeftButton)
    press(journey, Qt.Key.Key_Tab)
    typing.setFocus()
    assert presence(journey).screen.card.isAncestorOf(QApplication.focusWidget())
    assert window.overlay.content() is None and typing.text() == NAME and not window.close()
    window.show_toast("info", "Un lavoro è finito")
    journey.bot.wait(20)
    at_the_corner = window.childAt(window.width() - 80, window.height() - 80)
    assert at_the_corner is not None and any(cover is at_the_corner or cover.isAncestorOf(at_the_corner) for cover in covers)


def test_what_others_do_arrives_under_the_locked_screen(journey: Journey, house: House, typing: Any) -> None:
    lock(journey)
    seen: list[str] = []
    journey.program.open.signals.changed.connect(lambda _company, table: seen.append(table))
    with house.person("marta.bellini") as marta:
        marta.execute("insert into registry.party (company_id, name) values (1, 'Sotto il blocco')")
    journey.until(lambda: "registry.party" in seen)


def test_an_idle_screen_locks_after_the_minutes_of_the_company_and_an_alarm_post_never(journey: Journey, house: House, typing: Any) -> None:
    with house.owner() as owner:
        owner.execute("insert into base.parameter (company_id, key, value) values (1, 'screen_lock', '{\"minutes\": 7}')")
    journey.until(lambda: presence(journey).idle.minutes == 7)
    watch = presence(journey).idle
    watch._touched = time.time() - 6 * 60
    watch.look()
    assert not presence(journey).screen.is_locked
    press(journey, Qt.Key.Key_Shift)
    assert watch.seconds() < 5
    watch._touched = time.time() - 7 * 60 - 1
    watch.look()
    assert presence(journey).screen.is_locked
    with house.owner() as owner:
        owner.execute(
            'update base.parameter set value = \'{"minutes": 7, "exempt_posts": ["Posto 1"]}\', row_version = row_version + 1 where key = \'screen_lock\''
        )
    journey.until(lambda: watch.minutes == 0)


def test_a_post_locks_sooner_than_the_company_says_and_never_later() -> None:
    rule = ScreenLockRule(15, ("Sala",))
    assert [rule.minutes_at("x", wanted) for wanted in (0, 5, 30)] == [15, 5, 15]
    assert rule.minutes_at("sala", 5) == 0 and ScreenLockRule(0).minutes_at("x", 10) == 10


def test_a_closed_session_says_who_closed_it_and_goes_on_where_it_was(journey: Journey, house: House, typing: Any) -> None:
    anna = house.log_in("anna.admin")
    number = journey.program.open.session.session_id
    with anna.database.unit_of_work(1) as unit:
        actions.close_session(unit, number, "Manutenzione alle 13")
    anna.close()
    journey.until(lambda: presence(journey).screen.is_locked)
    picture(journey.window, "closed")
    card = presence(journey).screen.card
    assert "chiusa da Anna Ferri" in card.text.text() and "Manutenzione alle 13" in card.text.text()
    assert journey.window.overlay.content() is None
    type_text(journey, PASSWORD)
    press(journey, Qt.Key.Key_Return)
    journey.until(lambda: not presence(journey).screen.is_locked)
    journey.until(lambda: journey.window.status_line.words()[0] == "In diretta")
    assert typing.text() == NAME and journey.program.open.session.session_id > number
    name: list[str] = []
    open_company = journey.program.open
    open_company.background.run(open_company, queries.find_company, then=lambda company: name.append(company["name"]))
    journey.until(lambda: name == ["Vigilanza Aurora S.r.l."])


def test_a_suspended_person_is_told_why_and_leaves_politely(journey: Journey, house: House, typing: Any) -> None:
    anna = house.log_in("anna.admin")
    person = journey.program.open.session.person.person_id
    with anna.database.unit_of_work(1) as unit:
        row = queries.find_person(unit, person)
        assert row is not None
        values = {"display_name": "Pippo", "job_title": "", "email": "", "rank": "User", "is_active": False, "expires_on": None}
        actions.update_person(unit, person, row.row_version, **values)
    anna.close()
    journey.until(lambda: presence(journey).screen.is_locked)
    picture(journey.window, "suspended")
    card = presence(journey).screen.card
    assert "sospeso" in card.text.text() and not card.field.isVisible()
    for dock in journey.window.open_docks():
        dock.set_dirty(False)
    press(journey, Qt.Key.Key_Return)
    journey.until(lambda: journey.program.login is not None)


def test_a_reset_password_is_changed_in_place(journey: Journey, house: House, typing: Any) -> None:
    anna = house.log_in("anna.admin")
    with anna.database.unit_of_work(1) as unit:
        made = actions.reset_password(unit, journey.program.open.session.person.person_id)
    anna.close()
    journey.until(lambda: presence(journey).screen.is_locked)
    assert "rinnovata da un amministratore" in presence(journey).screen.card.text.text()
    journey.bot.wait(300)
    assert _count(house, "select count(*) from base.door_lock") == 0  # the old password is not tried again and again
    type_text(journey, made.temporary_password)
    press(journey, Qt.Key.Key_Return)
    new = "collina marea lampione 9"
    journey.until(lambda: presence(journey).screen.card.password_part.isHidden() or hasattr(QApplication.focusWidget().parent(), "second"))
    picture(journey.window, "reset")
    type_text(journey, new)
    press(journey, Qt.Key.Key_Return)
    type_text(journey, new)
    press(journey, Qt.Key.Key_Return)
    journey.until(lambda: not presence(journey).screen.is_locked)
    journey.until(lambda: journey.window.status_line.words()[0] == "In diretta")
    assert typing.text() == NAME and not journey.program.open.session.person.must_change_password


def test_rights_given_and_taken_move_pages_at_once_but_wait_for_what_is_typed(journey: Journey, house: House, typing: Any) -> None:
    person = journey.program.open.session.person.person_id
    before = journey.window
    anna = house.log_in("anna.admin")
    with anna.database.unit_of_work(1) as unit:
        actions.grant_functions(unit, person, {"base.read", "base.audit", *EVERYTHING})
    anna.close()
    journey.until(lambda: "base.audit" in journey.program.open.workplace.company.functions)
    journey.bot.wait(200)
    assert journey.window is before and typing.text() == NAME  # nothing typed is lost for a new right
    lock(journey)
    journey.dock.set_dirty(False)
    journey.bot.wait(200)
    assert journey.window is before and presence(journey).screen.is_locked  # a locked screen stays locked
    type_text(journey, PASSWORD)
    press(journey, Qt.Key.Key_Return)
    journey.until(lambda: journey.window is not before)
    assert "base" in journey.window.module_names()
    dock = journey.window.open_module("base")
    journey.until(lambda: not dock.is_making())
    assert "audit" in dock.page_keys() and "persons" not in dock.page_keys()
    with house.owner() as owner:
        owner.execute("insert into base.permission (company_id, person_id, function) values (1, %s, 'base.administer')", (person,))
    journey.until(lambda: journey.window.current_dock() is not None and "persons" in journey.window.open_module("base").page_keys())


def test_who_is_taken_out_of_the_company_is_told_so(journey: Journey, house: House, typing: Any) -> None:
    anna = house.log_in("anna.admin")
    with anna.database.unit_of_work(1) as unit:
        actions.dismiss_person(unit, journey.program.open.session.person.person_id)
    anna.close()
    journey.until(lambda: presence(journey).screen.is_locked)
    assert "diritti in questa azienda" in presence(journey).screen.card.text.text()


def test_the_server_knows_where_a_person_works_and_since_when_nobody_touched_it(journey: Journey, house: House, typing: Any) -> None:
    presence(journey).idle._touched = time.time() - 600
    presence(journey).report()
    journey.until(
        lambda: _count(house, "select count(*) from base.session where company_id = 1 and idle_since < now() - interval '9 min'") == 1
    )
    lock(journey)
    journey.until(lambda: _count(house, "select count(*) from base.session where is_locked") == 1)


def test_leaving_is_written_down(journey: Journey, house: House) -> None:
    journey.enter("marta.bellini")
    journey.window.log_out_wanted.emit()
    journey.until(lambda: _count(house, "select count(*) from base.session where end_reason = 'left'") == 1)


def test_attempts_left_are_told_alike_for_names_that_exist_and_names_that_do_not(journey: Journey) -> None:
    journey.program.show_login()
    for login in ("marta.bellini", "nessuno.cosi"):
        journey.type_login(login, "sbagliata")
        journey.until(lambda: "Ancora 4 tentativi" in journey.login.credentials.message.text())
        journey.login.credentials.clear_message()


def test_the_post_remembers_its_own_minutes(tmp_path: Any) -> None:
    Post("x", tmp_path / "post.json").keep_lock_minutes(5)
    assert Post("x", tmp_path / "post.json").lock_minutes == 5


def _count(house: House, query: str, *values: object) -> int:
    with house.owner() as owner:
        row = owner.execute(query, values).fetchone()  # type: ignore[arg-type]
    return int(row[0]) if row else 0
