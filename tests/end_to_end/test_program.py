"""The program from login to exit, driven by keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cms_desktop.ui.company_overlay import CompanyOverlay, PasswordOverlay
from tests.access.arranged import add_person
from tests.end_to_end.conftest import Journey
from tests.house import PASSWORD, House


def test_a_person_with_one_company_comes_straight_to_the_first_dashboard(journey: Journey) -> None:
    journey.program.show_login()
    journey.type_login("marta.bellini")
    journey.until(lambda: journey.program.open is not None)
    assert journey.program.login is None
    assert journey.window.isVisible()
    assert journey.window.windowTitle() == "Vigilanza Aurora S.r.l. · CMS Desktop"
    assert journey.dock.name == "billing"
    assert journey.dock.current_page() == "dashboard"
    journey.until(lambda: journey.window.status_line.words()[0] == "In diretta")


def test_a_person_with_two_companies_chooses_one_by_its_digit(journey: Journey) -> None:
    journey.enter("dora.doppia", company=2)
    assert journey.window.windowTitle().startswith("Vigilanza Aurora")  # alphabetical: San Marco is "Istituto", the first


def test_the_company_is_switched_by_keys_without_a_new_login(journey: Journey) -> None:
    journey.enter("dora.doppia", company=1)
    session = journey.program.open.session
    QTest.keyClick(journey.window, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    overlay = journey.window.overlay.content()
    assert isinstance(overlay, CompanyOverlay)
    QTest.keyClick(overlay.list, Qt.Key.Key_2)
    journey.until(lambda: journey.window.windowTitle().startswith("Vigilanza Aurora"))
    assert journey.program.open.session is session
    assert journey.program.login is None
    journey.until(lambda: journey.window.status_line.words()[0] == "In diretta")


def test_a_company_opened_always_is_not_asked_for_again(journey: Journey) -> None:
    journey.program.show_login()
    journey.type_login("dora.doppia")
    journey.until(lambda: hasattr(journey.login.stack.currentWidget(), "list"))
    page = journey.login.stack.currentWidget()
    QTest.keyClick(page.keep, Qt.Key.Key_Space)
    QTest.keyClick(page.list, Qt.Key.Key_Down)
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    journey.until(lambda: journey.program.open is not None)
    first = journey.window.windowTitle()
    journey.window.log_out_wanted.emit()
    journey.until(lambda: journey.program.login is not None)
    journey.enter("dora.doppia")
    assert journey.window.windowTitle() == first


def test_logging_out_shows_the_login_with_the_name_and_the_next_person_can_enter(journey: Journey) -> None:
    journey.enter("marta.bellini")
    journey.window.log_out_wanted.emit()
    journey.until(lambda: journey.program.login is not None)
    page = journey.login.credentials
    assert (page.login.text(), page.password.text()) == ("marta.bellini", "")
    journey.enter("carlo.conti")
    assert journey.program.open.session.person.login == "carlo.conti"


def test_another_language_is_drawn_at_once_and_stays_for_the_next_start(journey: Journey) -> None:
    journey.enter("marta.bellini")
    before = journey.window
    journey.window.language_chosen.emit("en")
    journey.until(lambda: journey.window is not before)
    assert journey.program.post.language == "en"
    journey.until(lambda: journey.window.status_line.words()[0] == "Live")


def test_the_own_password_is_changed_with_the_present_one_and_the_session_goes_on(journey: Journey, house: House) -> None:
    new = "sedia rossa finestra 4"
    add_person(house, "una.sola", (1, ("billing.read", "ledger.read")))
    journey.use_own_persons()
    journey.enter("una.sola")
    journey.window.password_change_wanted.emit()
    overlay = journey.window.overlay.content()
    assert isinstance(overlay, PasswordOverlay)
    for field, text in ((overlay.page.old, "sbagliata"), (overlay.page.first, new), (overlay.page.second, new)):
        QTest.keyClicks(field, text)
    QTest.keyClick(overlay.page.second, Qt.Key.Key_Return)
    assert overlay.page.message.text() == "La password attuale non è questa."
    overlay.page.old.clear()
    QTest.keyClicks(overlay.page.old, PASSWORD)
    QTest.keyClick(overlay.page.second, Qt.Key.Key_Return)
    journey.until(lambda: journey.window.overlay.content() is None)
    journey.window.log_out_wanted.emit()
    journey.until(lambda: journey.program.login is not None)
    journey.type_login("una.sola")
    assert journey.refusal().startswith("Nome utente o password non corretti.")
    journey.type_login("una.sola", new)
    journey.until(lambda: journey.program.open is not None)


def test_leaving_releases_the_server_and_ends_the_program(journey: Journey) -> None:
    journey.enter("marta.bellini")
    journey.window.close()
    journey.until(lambda: journey.finished)
    assert journey.place.released == 1


def test_escape_in_the_login_window_ends_the_program(journey: Journey) -> None:
    journey.program.show_login()
    QTest.keyClick(journey.login.credentials.login, Qt.Key.Key_Escape)
    journey.until(lambda: journey.finished)


def test_what_was_open_is_open_again_at_the_next_login(journey: Journey) -> None:
    journey.enter("marta.bellini")
    journey.window.open_module("customers")
    journey.window.log_out_wanted.emit()
    journey.until(lambda: journey.program.login is not None)
    journey.enter("marta.bellini")
    assert {dock.name for dock in journey.window.open_docks()} == {"billing", "customers"}
    assert journey.dock.name == "customers"
