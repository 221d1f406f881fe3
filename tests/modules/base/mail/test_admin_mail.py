"""cms-admin send: a person's session, all companies in which that person may send, one line a round."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from rich.console import Console

from cms_desktop import admin_mail
from cms_desktop.modules.base.mail import transport
from tests.house import House
from tests.modules.base.mail.peers import PASSWORD, Certificates, PostOffice
from tests.modules.base.mail.test_outbox import Desk, marta, trust

__all__ = ["marta", "trust"]
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")


@pytest.fixture
def paper() -> Console:
    return Console(file=io.StringIO(), width=200)


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    import signal

    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def _told(paper: Console) -> str:
    return paper.file.getvalue()  # type: ignore[attr-defined]


def test_a_round_sends_and_says_what_it_did(
    house: House, marta: object, trust: Certificates, paper: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(trust.file))
    with PostOffice(trust) as office:
        desk = Desk(house, marta, office, trust)  # type: ignore[arg-type]
        desk.queue("a@example.com", "b@example.com")
        assert admin_mail.send(paper, desk.session, 0, 0) == admin_mail.LEFT_BEHIND
        assert "manca la password" in _told(paper) and office.received == []
        monkeypatch.setenv(f"CMS_MAIL_PASSWORD_{desk.account}", PASSWORD)
        assert admin_mail.send(paper, desk.session, 1, 0) == admin_mail.ALL_WELL
        assert "inviati 2, rifiutati 0" in _told(paper) and len(office.received) == 2
        office.refuse = {"c@example.com": "550 no"}
        desk.queue("c@example.com")
        assert admin_mail.send(paper, desk.session, 1, 0) == admin_mail.LEFT_BEHIND


def test_a_person_without_the_right_sends_for_no_company(house: House, paper: Console) -> None:
    session = house.log_in("rita.revisore")
    try:
        assert admin_mail.send(paper, session, 0, 0) == admin_mail.LEFT_BEHIND
        assert "non può inviare" in _told(paper)
    finally:
        session.close()


def test_a_server_that_is_away_costs_no_attempt(
    house: House, marta: object, trust: Certificates, paper: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PostOffice(trust) as office:
        desk = Desk(house, marta, office, trust)  # type: ignore[arg-type]
    monkeypatch.setenv(f"CMS_MAIL_PASSWORD_{desk.account}", PASSWORD)
    (message,) = desk.queue("a@example.com")
    assert transport.TIMEOUT == 60
    assert admin_mail.send(paper, desk.session, 1, 0) == admin_mail.LEFT_BEHIND
    assert "collegarmi" in _told(paper) and desk.rows()[message].attempts == 0
