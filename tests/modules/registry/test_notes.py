"""Notes, tasks and notices from writing to the cost of the time spent."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest

from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AlreadyDone, Conflict, InvalidInput, NotAllowed
from cms_desktop.modules.base.notices import actions as notice_actions
from cms_desktop.modules.base.notices import queries as notice_queries
from cms_desktop.modules.registry.notes import actions, queries
from cms_desktop.modules.registry.notes.records import Draft, Subject
from tests.access.arranged import add_customer
from tests.house import House

PARTY = Subject("registry.party", 1)
MARTA, CARLO, ANNA = 2, 3, 1
Work = Callable[[str, Callable[[Any], Any]], Any]


@pytest.fixture
def office(house: House) -> Iterator[Work]:
    """Run work as somebody: Carlo is User, Marta Resp, Anna Admin; party 1 is customer 100."""
    with house.owner() as owner:
        owner.execute("update base.person set rank = 'Resp' where login = 'marta.bellini'")
        owner.execute("update base.person set rank = 'Admin' where login = 'anna.admin'")
        add_customer(owner, "100")
    sessions: dict[str, Any] = {}

    def run(login: str, work: Callable[[Any], Any]) -> Any:
        if login not in sessions:
            sessions[login] = house.log_in(login)
        with sessions[login].database.unit_of_work(1) as unit:
            return work(unit)

    run.house = house  # type: ignore[attr-defined]
    yield run
    for session in sessions.values():
        session.close()


def write(office: Work, login: str, words: str, **more: Any) -> int:
    return office(login, lambda unit: actions.write_note(unit, PARTY, Draft(words, **more)))


def notices(office: Work, login: str) -> list[tuple[str, str]]:
    return [(one.kind, one.body) for one in office(login, notice_queries.list_notices)]


@contextmanager
def _owner(office: Work) -> Iterator[Any]:
    with office.house.owner() as owner:  # type: ignore[attr-defined]
        yield owner


def test_a_note_is_listed_with_who_wrote_it_and_whom_they_spoke_to(office: Work) -> None:
    write(office, "marta.bellini", "Vuole un preventivo", spoken_to="Sig. Verdi", happened_on=datetime.date(2026, 3, 2))
    (note,) = office("carlo.conti", lambda unit: queries.list_notes(unit, PARTY))
    assert (note.author, note.spoken_to, note.happened_on, note.party_name) == (
        "Marta Bellini", "Sig. Verdi", datetime.date(2026, 3, 2), "Cliente 100",
    )  # fmt: skip
    assert office("carlo.conti", lambda unit: queries.count_notes(unit, PARTY)) == 1


def test_only_its_author_changes_a_note_and_what_it_said_stays(office: Work) -> None:
    number = write(office, "marta.bellini", "prima")
    note = office("carlo.conti", lambda unit: queries.find_note(unit, number))
    with pytest.raises(NotAllowed):
        office("carlo.conti", lambda unit: actions.change_note(unit, note, Draft("dopo")))
    office("marta.bellini", lambda unit: actions.change_note(unit, note, Draft("dopo")))
    with pytest.raises(Conflict):
        office("marta.bellini", lambda unit: actions.change_note(unit, note, Draft("ancora")))
    events = office("carlo.conti", lambda unit: queries.list_events(unit, number))
    assert [(event.kind, event.words) for event in events] == [("changed", "prima")]
    assert notices(office, "anna.admin") == [("registry.note", "dopo")]


def test_a_task_goes_from_the_assigner_to_the_executor_and_back(office: Work) -> None:
    today = local_today()
    number = write(office, "marta.bellini", "Chiama il cliente", executor_id=CARLO, due_on=today - datetime.timedelta(days=1))
    assert notices(office, "carlo.conti") == [("registry.task", "Chiama il cliente")]
    assert office("carlo.conti", queries.count_tasks).mine == 1 and office("carlo.conti", queries.count_tasks).overdue == 1
    assert office("marta.bellini", queries.count_tasks).given == 1
    office("carlo.conti", lambda unit: actions.take_task(unit, number))
    assert notices(office, "carlo.conti") == []
    office("carlo.conti", lambda unit: actions.complete_task(unit, number, outcome="Richiama lunedì", minutes=25))
    assert ("registry.task_done", "Richiama lunedì") in notices(office, "marta.bellini")
    with pytest.raises(AlreadyDone):
        office("carlo.conti", lambda unit: actions.complete_task(unit, number))
    office("marta.bellini", lambda unit: actions.reopen_task(unit, number, reason="Non ha risposto"))
    assert notices(office, "carlo.conti") == [("registry.task", "Non ha risposto")]
    assert notices(office, "marta.bellini") == []
    kinds = [event.kind for event in office("marta.bellini", lambda unit: queries.list_events(unit, number))]
    assert kinds == ["reopened", "done", "taken"]


def test_a_task_is_handed_on_and_the_first_assigner_hears_of_both(office: Work) -> None:
    number = write(office, "marta.bellini", "Porta le chiavi", executor_id=CARLO)
    office("carlo.conti", lambda unit: actions.assign_task(unit, number, ANNA, reason="Sono in ferie"))
    assert notices(office, "marta.bellini") == [("registry.task_moved", "Sono in ferie")]
    assert notices(office, "carlo.conti") == []
    assert ("registry.task", "Porta le chiavi") in notices(office, "anna.admin")
    with pytest.raises(NotAllowed):
        office("carlo.conti", lambda unit: actions.complete_task(unit, number))
    office("anna.admin", lambda unit: actions.complete_task(unit, number))
    assert [kind for kind, _words in notices(office, "marta.bellini")] == ["registry.task_done", "registry.task_moved"]


def test_time_spent_is_a_cost_of_the_party_at_the_hourly_cost_of_that_day(office: Work) -> None:
    with _owner(office) as owner:
        owner.execute("insert into registry.hourly_cost (company_id, person_id, valid_from, amount) values "
                      "(1, null, '2020-01-01', 24), (1, 3, '2020-01-01', 30), (1, 3, '2021-01-01', 36), (1, 3, '2199-01-01', 99)")  # fmt: skip
    number = write(office, "marta.bellini", "Sopralluogo", executor_id=CARLO)
    office("carlo.conti", lambda unit: actions.complete_task(unit, number, minutes=100))
    office("marta.bellini", lambda unit: actions.reopen_task(unit, number))
    office("marta.bellini", lambda unit: actions.complete_task(unit, number, minutes=10))
    costs = "select person_id, note_id, minutes, hourly_cost, amount from registry.time_cost where party_id = 1 order by time_cost_id"
    with _owner(office) as owner:
        assert owner.execute(costs).fetchall() == [
            (CARLO, number, 100, Decimal("36.00"), Decimal("60.00")), (MARTA, number, 10, Decimal("24.00"), Decimal("4.00")),
        ]  # fmt: skip
        office("marta.bellini", lambda unit: actions.reopen_task(unit, number, withdraw_time=True))
        assert owner.execute("select sum(minutes), sum(amount) from registry.time_cost").fetchone() == (100, Decimal("60.00"))
        assert owner.execute("select minutes from registry.note").fetchone() == (100,)


def test_the_tiles_count_the_rows_of_their_lists(office: Work) -> None:
    past = local_today() - datetime.timedelta(days=3)
    for number in range(5):
        write(office, "marta.bellini", f"n {number}", executor_id=CARLO if number % 2 else MARTA, due_on=past if number > 2 else None)
    for login, person in (("marta.bellini", MARTA), ("carlo.conti", CARLO)):
        counts = office(login, queries.count_tasks)
        lists = [query(person) for query in (queries.my_tasks, queries.my_overdue_tasks, queries.given_tasks)]
        rows = [len(office(login, lambda unit, query=query: queries.list_tasks(unit, query)).rows) for query in lists]
        assert rows == [counts.mine, counts.overdue, counts.given]
    assert rows == [2, 1, 0]


def test_a_reminder_stays_away_until_its_moment_by_the_servers_clock(office: Work) -> None:
    now = office("carlo.conti", notice_queries.server_now)
    write(office, "carlo.conti", "Ricorda", remind_at=now + datetime.timedelta(seconds=90))
    state = office("carlo.conti", notice_queries.count_notices)
    assert state.unread == 0 and state.seconds_to_next is not None and 60 < state.seconds_to_next <= 90
    with _owner(office) as owner:
        owner.execute("update base.notice set due_at = due_at - interval '2 minutes'")
    assert office("carlo.conti", notice_queries.count_notices).unread == 1
    assert notices(office, "carlo.conti") == [("registry.reminder", "Ricorda")]


def test_a_daily_summary_counts_as_one_and_comes_at_its_hour(office: Work) -> None:
    office("anna.admin", lambda unit: notice_actions.choose_for_kind(unit, "registry.note", "digest"))
    for number in range(3):
        write(office, "marta.bellini", f"n {number}")
    state = office("anna.admin", notice_queries.count_notices)
    assert state.unread == 0 and 0 < (state.seconds_to_next or 0) <= 86_400
    with _owner(office) as owner:
        hour, minute = owner.execute(
            "select extract(hour from d)::int, extract(minute from d)::int from (select due_at at time zone 'Europe/Rome' as d from base.notice limit 1) as t"
        ).fetchone()  # fmt: skip
        assert (hour, minute) == (8, 0)
        owner.execute("update base.notice set due_at = due_at - interval '1 day'")
    assert office("anna.admin", notice_queries.count_notices).unread == 1
    assert len(notices(office, "anna.admin")) == 3
    office("anna.admin", lambda unit: notice_actions.choose_for_kind(unit, "registry.note", "mute"))
    write(office, "marta.bellini", "non arriva")
    assert len(notices(office, "anna.admin")) == 3


def test_a_notice_is_kept_snoozed_done_and_called_back(office: Work) -> None:
    write(office, "marta.bellini", "prima")
    write(office, "marta.bellini", "seconda")
    first, second = reversed(office("anna.admin", notice_queries.list_notices))
    office("anna.admin", lambda unit: notice_actions.keep_notices(unit, [first.notice_id]))
    assert [body for _kind, body in notices(office, "anna.admin")] == ["prima", "seconda"]
    office("anna.admin", lambda unit: notice_actions.snooze_notices(unit, [second.notice_id], minutes=60))
    assert [body for _kind, body in notices(office, "anna.admin")] == ["prima"]
    office("anna.admin", lambda unit: notice_actions.mark_read(unit, [first.notice_id]))
    assert office("anna.admin", notice_queries.count_notices).unread == 0
    office("anna.admin", lambda unit: notice_actions.finish_notices(unit, [first.notice_id]))
    assert notices(office, "anna.admin") == []
    (done,) = office("anna.admin", lambda unit: notice_queries.list_notices(unit, done=True))
    office("anna.admin", lambda unit: notice_actions.recall_notices(unit, [done.notice_id]))
    assert [body for _kind, body in notices(office, "anna.admin")] == ["prima"]


def test_what_is_wrong_says_which_field(office: Work) -> None:
    for draft, field in ((Draft("  "), "words"), (Draft("x", due_on=local_today()), "executor")):
        with pytest.raises(InvalidInput) as caught:
            office("marta.bellini", lambda unit, draft=draft: actions.write_note(unit, PARTY, draft))
        assert caught.value.field == field
    with pytest.raises(InvalidInput, match="scegline"):
        write(office, "marta.bellini", "x", executor_id=4)  # rita only reads


def test_a_removed_note_takes_everything_but_its_cost(office: Work) -> None:
    number = write(office, "marta.bellini", "x", executor_id=CARLO)
    office("carlo.conti", lambda unit: actions.complete_task(unit, number, minutes=5))
    with pytest.raises(NotAllowed):
        office("carlo.conti", lambda unit: actions.remove_note(unit, number))
    office("marta.bellini", lambda unit: actions.remove_note(unit, number))
    with _owner(office) as owner:
        for table, count in (("registry.note", 0), ("registry.note_event", 0), ("base.notice", 0), ("registry.time_cost", 1)):
            assert owner.execute(f"select count(*) from {table}").fetchone() == (count,), table
