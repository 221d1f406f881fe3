"""What the login window says and where it leaves the focus."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import keyring
import pytest
from keyring.backend import KeyringBackend
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cms_desktop.db.profile import ConnectionProfile
from cms_desktop.ui.login.pages import NewPasswordPage
from cms_desktop.ui.login.profile_page import ProfilePage
from tests.access.arranged import add_person
from tests.end_to_end.conftest import Journey
from tests.house import PASSWORD, House


class FakeKeyring(KeyringBackend):
    """A keyring in memory."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        self.kept.pop((service, username), None)


@pytest.fixture
def fake_keyring(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeKeyring]:
    monkeypatch.delenv("CMS_NO_KEYRING", raising=False)
    before, fake = keyring.get_keyring(), FakeKeyring()
    keyring.set_keyring(fake)
    yield fake
    keyring.set_keyring(before)


def test_the_first_visit_begins_at_the_name_and_enter_leads_on(journey: Journey) -> None:
    journey.program.show_login()
    page = journey.login.credentials
    journey.until(page.login.hasFocus)
    QTest.keyClicks(page.login, "marta.bellini")
    QTest.keyClick(page.login, Qt.Key.Key_Return)
    assert page.password.hasFocus()


def test_a_wrong_password_is_told_and_ready_to_be_typed_again(journey: Journey) -> None:
    journey.program.show_login()
    journey.type_login("marta.bellini", "non questa")
    assert journey.refusal().startswith("Nome utente o password non corretti.")
    page = journey.login.credentials
    assert page.password.hasFocus() and page.password.selectedText() != ""
    QTest.keyClicks(page.password, PASSWORD)
    QTest.keyClick(page.password, Qt.Key.Key_Return)
    journey.until(lambda: journey.program.open is not None)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("is_active = false", "sospeso"),
        ("expires_on = date '2020-01-31'", "31/01/2020"),
        ("locked_until = now() + interval '9 minutes'", "riprova"),
    ],
)
def test_who_may_not_come_in_is_told_why_and_the_focus_is_on_the_name(journey: Journey, house: House, change: str, words: str) -> None:
    person = add_person(house, "una.sola", (1, ()))
    with house.owner() as owner:
        owner.execute(f"update base.person set {change} where person_id = {person}")  # type: ignore[arg-type]
    journey.use_own_persons()
    journey.program.show_login()
    journey.type_login("una.sola")
    assert words in journey.refusal()
    assert journey.login.credentials.login.hasFocus()


def test_a_person_without_any_company_is_told_so(journey: Journey, house: House) -> None:
    person = add_person(house, "una.sola", (1, ()))
    with house.owner() as owner:
        owner.execute("delete from base.permission where person_id = %s", [person])
    journey.use_own_persons()
    journey.program.show_login()
    journey.type_login("una.sola")
    assert journey.refusal() == "Non hai diritti in nessuna azienda: rivolgiti all'amministratore."


def test_a_database_of_another_version_and_a_client_too_old_are_refused(journey: Journey, house: House) -> None:
    with house.owner() as owner:
        owner.execute("update base.program set minimum_client_version = '99.0'")
    journey.program.show_login()
    journey.type_login("marta.bellini")
    assert "99.0" in journey.refusal()
    with house.owner() as owner:
        owner.execute("update base.program set minimum_client_version = '0'")
        owner.execute("insert into sec.applied_change (name, sha256) select '9999_future.sql', sha256 from sec.applied_change limit 1")
    journey.type_login("marta.bellini")
    journey.until(lambda: "9999_future" in journey.login.credentials.message.text())


def test_a_server_that_does_not_answer_is_told_before_anybody_types(journey: Journey) -> None:
    journey.program.profiles.save([ConnectionProfile("Sede", "127.0.0.1:1")])
    journey.program.show_login()
    assert "non risponde" in journey.refusal()


def test_the_first_login_asks_for_a_new_password_and_says_what_is_wrong_with_it(journey: Journey, house: House) -> None:
    add_person(house, "una.sola", (1, ("billing.read", "ledger.read")), must_change=True)
    journey.use_own_persons()
    journey.program.show_login()
    journey.type_login("una.sola")
    journey.until(lambda: isinstance(journey.login.stack.currentWidget(), NewPasswordPage))
    page = journey.login.stack.currentWidget()
    journey.until(page.first.hasFocus)
    for first, second in (("corta", "corta"), ("sedia rossa finestra 4", "sedia rossa finestra 5")):
        page.first.clear(), page.second.clear(), page.clear_message()
        QTest.keyClicks(page.first, first)
        QTest.keyClick(page.first, Qt.Key.Key_Return)
        QTest.keyClicks(page.second, second)
        QTest.keyClick(page.second, Qt.Key.Key_Return)
        journey.until(page.message.isVisible)
    page.second.clear()
    QTest.keyClicks(page.second, "sedia rossa finestra 4")
    QTest.keyClick(page.second, Qt.Key.Key_Return)
    journey.until(lambda: journey.program.open is not None)
    assert not journey.program.open.session.person.must_change_password


def test_a_remembered_password_needs_only_enter_and_belongs_to_its_login(journey: Journey, fake_keyring: FakeKeyring) -> None:
    journey.program.show_login()
    page = journey.login.credentials
    journey.until(page.keep.isEnabled)
    QTest.keyClick(page.keep, Qt.Key.Key_Space)
    journey.type_login("marta.bellini")
    journey.until(lambda: journey.program.open is not None)
    journey.until(lambda: PASSWORD in fake_keyring.kept.values())
    journey.window.log_out_wanted.emit()
    journey.until(lambda: journey.program.login is not None)
    page = journey.login.credentials
    journey.until(lambda: page.password.text() == PASSWORD)
    assert page.keep.isChecked()
    QTest.keyClicks(page.login, "x")
    assert page.password.text() == ""
    page.login.setText("marta.bellini")
    page.offer_password(PASSWORD)
    QTest.keyClick(page.password, Qt.Key.Key_Return)
    journey.until(lambda: journey.program.open is not None)


def test_without_a_keyring_no_password_can_be_remembered(journey: Journey) -> None:
    journey.program.show_login()
    journey.until(lambda: journey.login.credentials.keep.toolTip() != "")
    assert not journey.login.credentials.keep.isEnabled()


def test_a_profile_is_made_changed_and_removed(journey: Journey) -> None:
    journey.program.show_login()
    login = journey.login
    login.credentials.new_profile_wanted.emit()
    page = login.stack.currentWidget()
    assert isinstance(page, ProfilePage)
    journey.until(page.name.hasFocus)
    QTest.keyClicks(page.name, "Sede")
    QTest.keyClicks(page.hosts, "cms lan:x")
    QTest.keyClick(page, Qt.Key.Key_F10)
    assert page.message.isVisible() and page.hosts.hasFocus()
    page.hosts.clear()
    QTest.keyClicks(page.hosts, "127.0.0.1:1")
    QTest.keyClick(page.hosts, Qt.Key.Key_Return)
    stored = journey.program.profiles.load()
    assert (stored[0].name, stored[0].hosts) == ("Sede", "127.0.0.1:1")
    assert login.credentials.current_profile().name == "Sede"
    login.credentials.profile_edit_wanted.emit(stored[0])
    page = login.stack.currentWidget()
    page.name.clear()
    QTest.keyClicks(page.name, "Questa postazione")
    QTest.keyClick(page.name, Qt.Key.Key_Return)
    assert "già un profilo" in page.message.text()
    page.name.clear()
    QTest.keyClicks(page.name, "Centrale")
    QTest.keyClick(page.name, Qt.Key.Key_Return)
    assert journey.program.profiles.load()[0] == replace(stored[0], name="Centrale")
    login.credentials.profile_edit_wanted.emit(journey.program.profiles.load()[0])
    login.stack.currentWidget().removed.emit("Centrale")
    assert [one.name for one in journey.program.profiles.load()] == ["Questa postazione"]
