"""A sender is killed (SIGKILL) in the middle: nothing is lost, nothing leaves twice, what nobody can know is called uncertain."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from cms_desktop.db.login import LoginSession
from cms_desktop.modules.base.mail import actions
from tests.house import House
from tests.modules.base.mail.peers import PASSWORD, Certificates, PostOffice
from tests.modules.base.mail.test_outbox import Desk, marta, trust

__all__ = ["marta", "trust"]
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")


@pytest.fixture
def office(trust: Certificates) -> Iterator[PostOffice]:
    with PostOffice(trust) as found:
        yield found


@pytest.fixture
def desk(house: House, marta: LoginSession, office: PostOffice, trust: Certificates, monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk(house, marta, office, trust)
    monkeypatch.setenv(f"CMS_MAIL_PASSWORD_{made.account}", PASSWORD)
    return made


def _killed(desk: Desk, when: Callable[[], bool]) -> None:
    """Start a sender, kill it at a moment."""
    profile = desk.house.profile
    words = [sys.executable, "-m", "tests.modules.base.mail.sender_process", profile.hosts, profile.database, str(desk.trust.file)]
    environment = os.environ | {"PYTHONPATH": str(pathlib.Path.cwd())}
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline() == b"ready\n"
        until = time.monotonic() + 30
        while not when():
            assert time.monotonic() < until and process.poll() is None
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL


def _leases_run_out(desk: Desk) -> None:
    desk.sql("update base.outbox_message set lease_until = now() - interval '1 second' where state = 'sending'")


def test_killed_while_the_server_has_the_text(desk: Desk, office: PostOffice) -> None:
    office.delay = 20.0  # it has the text and does not answer yet
    first, second = desk.queue("a@example.com", "b@example.com")

    def is_handed_over() -> bool:
        return desk.rows()[first].handed_over_at is not None

    _killed(desk, is_handed_over)
    assert (desk.state(first), desk.state(second)) == ("sending", "queued")
    office.delay = 0.0
    assert desk.send().sent == 1, "the others go on"
    _leases_run_out(desk)
    assert desk.send().handled == 0
    assert (desk.state(first), desk.state(second)) == ("uncertain", "sent")
    with desk.open() as unit:
        actions.decide_messages(unit, [first], "was_sent")
    assert desk.state(first) == "sent"


def test_killed_at_any_moment_every_message_arrives_once_or_waits_for_a_decision(desk: Desk, office: PostOffice) -> None:
    office.delay = 0.02
    everyone = [f"c{number}@example.com" for number in range(30)]
    desk.queue(*everyone)
    for kills in range(3):
        goal = 4 * (kills + 1)
        _killed(desk, lambda goal=goal: len(office.recipients) >= goal)  # type: ignore[misc]
    time.sleep(0.3)  # what the server had in its hands
    _leases_run_out(desk)
    desk.send()
    rows = desk.rows().values()
    assert sorted(set(office.recipients)) == sorted(office.recipients), "none arrived twice"
    uncertain = {one.recipient for one in rows if one.state == "uncertain"}
    assert {one.state for one in rows} <= {"sent", "uncertain"} and len(uncertain) <= 3
    assert set(everyone) - set(office.recipients) <= uncertain, "what did not arrive is shown as uncertain"
