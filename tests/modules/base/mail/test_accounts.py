"""Mail accounts: kept by administrators, tried against real servers; their passwords are on no server."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cms_desktop.core.errors import AppError, Conflict, InvalidInput
from cms_desktop.modules.base.commands import commands
from cms_desktop.modules.base.dock import BaseDock
from cms_desktop.modules.base.editor.mail_accounts import MailAccountEditor
from cms_desktop.modules.base.mail import accounts, passwords, queries
from tests.access.arranged import outcome
from tests.house import House
from tests.modules.base.mail.peers import PASSWORD, USER, Certificates, MailShop, PostOffice, certificates
from tests.modules.base.screens import Desk, show_dock

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")
FACTS = {
    "name": "Posta", "purpose": "ordinary", "from_address": USER, "from_name": "Aurora", "user_name": USER, "smtp_host": "127.0.0.1",
    "smtp_port": 465, "smtp_security": "tls", "imap_host": "", "imap_port": 993, "imap_folder": "INBOX", "most_per_minute": 30,
    "is_default": True, "is_active": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def desk(house: House, tmp_path: pathlib.Path) -> Iterator[Desk]:
    session = house.log_in("anna.admin")
    made = Desk(session, tmp_path)
    yield made
    made.background.close()
    session.close()


def test_one_account_of_a_purpose_is_the_default(desk: Desk) -> None:
    with desk.session.database.unit_of_work(1) as unit:
        first = accounts.save_mail_account(unit, None, 0, FACTS)
        second = accounts.save_mail_account(unit, None, 0, FACTS | {"name": "Seconda"})
        pec = accounts.save_mail_account(unit, None, 0, FACTS | {"name": "PEC", "purpose": "pec"})
    with desk.session.database.unit_of_work(1) as unit:
        found = {one.record_id: one for one in queries.list_mail_accounts(unit)}
        assert [found[key]["is_default"] for key in (first, second, pec)] == [False, True, True]
        account = queries.find_account(unit, "ordinary")
        assert account is not None and account.name == "Seconda"
        with pytest.raises(Conflict):
            accounts.save_mail_account(unit, first, 1, FACTS)


def test_a_try_says_what_is_wrong(desk: Desk, trust: Certificates) -> None:
    with PostOffice(trust) as office, MailShop(trust) as shop, desk.session.database.unit_of_work(1) as unit:
        facts = FACTS | {"smtp_port": office.port, "imap_host": "127.0.0.1", "imap_port": shop.port}
        account = accounts.account_of(1, facts)
        assert accounts.try_account(unit, account, PASSWORD, trust.client) == ("127.0.0.1", "127.0.0.1")
        for wrong, secret, words in (
            (facts, "sbagliata", "non accetta"), (facts | {"smtp_port": 1}, PASSWORD, "collegarmi"),
            (facts | {"imap_port": 1}, PASSWORD, "collegarmi"), (facts | {"imap_folder": "Altra"}, PASSWORD, "cartella"),
            (facts | {"smtp_security": "starttls"}, PASSWORD, "127.0.0.1"),
        ):  # fmt: skip
            with pytest.raises(InvalidInput, match=words):
                accounts.try_account(unit, accounts.account_of(1, wrong), secret, trust.client)
        assert office.received == []


def test_a_password_is_kept_for_one_server_and_never_in_the_database(house: House, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ring: dict[str, str] = {}
    monkeypatch.setattr(passwords, "keep_secret", lambda name, secret: not ring.__setitem__(name, secret))
    monkeypatch.setattr(passwords, "read_secret", ring.get)
    account = accounts.account_of(1, FACTS)
    with desk.session.database.unit_of_work(1) as unit:
        accounts.save_mail_account(unit, None, 0, FACTS)
        assert not accounts.has_password(unit, account)
        assert accounts.keep_account_password(unit, account, "tegola segreta 42")
        assert accounts.has_password(unit, account)
        elsewhere = accounts.account_of(1, FACTS | {"smtp_host": "ladro.example.com"})
        assert not accounts.has_password(unit, elsewhere), "who points the account to another server does not get the password"
    with house.owner() as owner:
        for schema, table in owner.execute("select schemaname, tablename from pg_tables where schemaname in ('base', 'sec')").fetchall():
            row = owner.execute(f'select count(*) from "{schema}"."{table}" as t where t::text like %s', ("%tegola segreta%",)).fetchone()
            assert row == (0,), (schema, table)


def test_a_service_has_its_passwords_from_its_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    account = accounts.account_of(7, FACTS)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert passwords.find_password("d", 1, account) is None
    (tmp_path / "mail-password-7").write_text("dal servizio\n")
    assert passwords.find_password("d", 1, account) == "dal servizio"
    monkeypatch.setenv("CMS_MAIL_PASSWORD_7", "dalla variabile")
    assert passwords.find_password("d", 1, account) == "dalla variabile"


def test_an_administrator_adds_an_account_by_keys_and_keeps_its_password(
    qtbot: QtBot, house: House, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring: dict[str, str] = {}
    monkeypatch.setattr(passwords, "keep_secret", lambda name, secret: not ring.__setitem__(name, secret))
    monkeypatch.setattr(passwords, "read_secret", ring.get)
    dock = BaseDock(desk.workplace)
    window = show_dock(qtbot, dock, desk.registry, commands(dock))
    dock.show_page("tables")
    page = dock.tables_page
    page.show_tab("mail")
    editor = page.editor("mail")
    assert isinstance(editor, MailAccountEditor)
    qtbot.waitUntil(lambda: not desk.background.is_busy())
    page.start_new()
    for key, value in (
        ("name", "Fatture"),
        ("from_address", "fatture@aurora.example.it"),
        ("smtp_host", "smtp.aurora.example.it"),
        ("user_name", "fatture"),
    ):
        editor.form.fields[key].editor.setFocus()
        qtbot.keyClicks(editor.form.fields[key].editor, value)
    qtbot.keyClick(editor.form.fields["user_name"].editor, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(editor.table.model.rows) and not desk.background.is_busy(), timeout=10_000)
    assert editor.table.model.rows[0]["from_address"] == "fatture@aurora.example.it"
    qtbot.waitUntil(lambda: editor.password_part.isVisible())
    qtbot.keyClicks(editor.password, "molto segreta")
    qtbot.mouseClick(editor.keep_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: list(ring.values()) == ["molto segreta"])
    qtbot.waitUntil(lambda: "conosce la password" in editor.password_state.text())
    assert editor.password.text() == ""
    window.close()


def test_whoever_may_not_see_the_outbox_sees_no_account(house: House, desk: Desk) -> None:
    with desk.session.database.unit_of_work(1) as unit:
        accounts.save_mail_account(unit, None, 0, FACTS)
    with house.owner() as owner:
        owner.execute(
            "delete from base.permission where function = 'base.outbox' and person_id = (select person_id from base.person where login = 'marta.bellini')"
        )
    with house.person("marta.bellini") as marta, house.person("carlo.conti") as carlo:
        assert outcome(marta, "select 1 from base.mail_account") == "0 rows"
        assert outcome(carlo, "select 1 from base.mail_account") == "1 rows"
        assert outcome(carlo, "update base.mail_account set smtp_host = 'ladro.example.com', row_version = row_version + 1") == "0 rows"


def test_a_wrong_address_is_refused_by_the_server_too(desk: Desk) -> None:
    for facts in (
        {"from_address": "niente"},
        {"smtp_host": "a b"},
        {"smtp_port": 0},
        {"smtp_security": "none"},
        {"from_name": "a\nBcc: b@c.it"},
    ):
        with pytest.raises(AppError), desk.session.database.unit_of_work(1) as unit:
            accounts.save_mail_account(unit, None, 0, FACTS | facts)
