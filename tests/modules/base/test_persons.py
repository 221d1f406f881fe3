"""Persons and rights, as an administrator handles them and as the person then meets them."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator

import pytest

from cms_desktop.core.errors import Conflict, InvalidInput, LoginRefused, NotAllowed
from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.db.login import LoginSession, change_password, log_in
from cms_desktop.db.profile import ConnectionProfile
from cms_desktop.modules.base import actions, queries, rules
from cms_desktop.modules.base.records import CreatedPerson
from tests.house import PASSWORD, House


@pytest.fixture
def anna(house: House) -> Iterator[LoginSession]:
    session = house.log_in("anna.admin")
    yield session
    session.close()


def own_profile(house: House) -> ConnectionProfile:
    """Persons made in a copy carry the name of the copy."""
    return dataclasses.replace(house.profile, role_prefix=house.name)


def _create(anna: LoginSession, login: str = "luca.verdi", preset: str = "fatturista") -> CreatedPerson:
    with anna.database.unit_of_work(1) as unit:
        return actions.create_person(unit, login, "Luca Verdi", job_title="Fatturazione", preset=preset)


def test_a_new_person_logs_in_with_the_temporary_password_and_must_change_it(house: House, anna: LoginSession) -> None:
    made = _create(anna)
    session = log_in(own_profile(house), "luca.verdi", made.temporary_password)
    assert session.person.must_change_password
    with session.database.unit_of_work(1) as unit:
        assert queries.list_vat_codes(unit) == ()  # no right works before the password is changed
    session = change_password(session, "collina marea lampione 9")
    assert not session.person.must_change_password
    with session.database.unit_of_work(1) as unit:
        assert len(queries.list_vat_codes(unit)) == 8
        assert "billing.issue" in queries.my_functions(unit)
    session.close()


def test_a_login_is_taken_once_and_has_only_plain_signs(anna: LoginSession) -> None:
    _create(anna)
    with pytest.raises(InvalidInput) as taken:
        _create(anna)
    assert taken.value.field == "login"
    with pytest.raises(InvalidInput):
        _create(anna, "Luca Verdi")


def test_a_clerk_creates_nobody(house: House) -> None:
    marta = house.log_in("marta.bellini")
    with pytest.raises(NotAllowed):
        _create(marta)
    marta.close()


def test_a_suspended_person_is_thrown_out_and_kept_out(house: House, anna: LoginSession) -> None:
    made = _create(anna)
    with anna.database.unit_of_work(1) as unit:
        row = queries.find_person(unit, made.person_id)
        assert row is not None and row.state == "must_change"
        actions.update_person(
            unit,
            made.person_id,
            row.row_version,
            display_name="Luca Verdi",
            job_title="",
            email="",
            rank="User",
            is_active=False,
            expires_on=None,
        )
    with pytest.raises(LoginRefused) as refused:
        log_in(own_profile(house), "luca.verdi", made.temporary_password)
    assert refused.value.key == "disabled"


def test_an_older_version_of_a_person_is_not_saved(anna: LoginSession) -> None:
    made = _create(anna)
    values = {"display_name": "Luca Bianchi", "job_title": "", "email": "", "rank": "User", "is_active": True, "expires_on": None}
    with anna.database.unit_of_work(1) as unit:
        actions.update_person(unit, made.person_id, 1, **values)
    with pytest.raises(Conflict), anna.database.unit_of_work(1) as unit:
        actions.update_person(unit, made.person_id, 1, **values)


def test_a_reset_password_works_and_the_old_one_does_not(house: House, anna: LoginSession) -> None:
    made = _create(anna)
    with anna.database.unit_of_work(1) as unit:
        again = actions.reset_password(unit, made.person_id)
    with pytest.raises(LoginRefused):
        log_in(own_profile(house), "luca.verdi", made.temporary_password)
    session = log_in(own_profile(house), "luca.verdi", again.temporary_password)
    assert session.person.must_change_password
    session.close()


def test_granted_functions_work_in_a_running_session_at_once(house: House, anna: LoginSession) -> None:
    marta = house.log_in("marta.bellini")
    with marta.database.unit_of_work(1) as unit:
        assert "bank_effects.read" not in queries.my_functions(unit)
    with anna.database.unit_of_work(1) as unit:
        actions.grant_functions(unit, marta.person.person_id, {"bank_effects.read"})
    with marta.database.unit_of_work(1) as unit:
        assert queries.my_functions(unit) == {"base.read", "bank_effects.read"}
    marta.close()


def test_nobody_changes_their_own_rights(anna: LoginSession) -> None:
    with pytest.raises(NotAllowed) as refused, anna.database.unit_of_work(1) as unit:
        actions.grant_functions(unit, anna.person.person_id, {"base.read"})
    assert refused.value.key == "own_rights"


def test_the_matrix_shows_the_company_and_nobody_else(anna: LoginSession) -> None:
    with anna.database.unit_of_work(1) as unit:
        matrix = queries.find_matrix(unit)
    assert {holder.login for holder in matrix.holders} == {"anna.admin", "marta.bellini", "carlo.conti", "rita.revisore", "dora.doppia"}
    marta = next(holder for holder in matrix.holders if holder.login == "marta.bellini")
    assert marta.functions == matrix.presets["fatturista"]


def test_the_explanation_names_the_link_that_is_missing(house: House, anna: LoginSession) -> None:
    made = _create(anna, preset="")
    with anna.database.unit_of_work(1) as unit:
        before = queries.explain(unit, made.person_id, "billing.issue")
        actions.grant_functions(unit, made.person_id, {"billing.issue"})
        after = queries.explain(unit, made.person_id, "billing.issue")
    assert [step.kind for step in before.steps if not step.is_met] == ["password", "granted"]
    assert [step.kind for step in after.steps if not step.is_met] == ["password"]
    granted = after.steps[-1]
    assert granted.facts["by"] == "Anna Ferri" and granted.facts["at"].date() == datetime.datetime.now(datetime.UTC).date()


def test_the_explanation_agrees_with_what_the_database_allows(house: House, anna: LoginSession) -> None:
    with anna.database.unit_of_work(1) as unit:
        matrix = queries.find_matrix(unit)
        answers = {
            (holder.login, one.function): queries.explain(unit, holder.person_id, one.function).is_allowed
            for holder in matrix.holders
            for one in matrix.functions[:6]
        }
    for login in {login for login, _ in answers}:
        with house.person(login) as connection:
            for one in matrix.functions[:6]:
                row = connection.execute("select 1 = any (sec.companies(%s))", (one.function,)).fetchone()
                assert row is not None and row[0] == answers[login, one.function]


def test_who_is_connected_is_known_to_administrators_only(house: House, anna: LoginSession) -> None:
    marta = house.log_in("marta.bellini")
    with marta.database.unit_of_work(1) as unit:
        assert queries.sum_sessions(unit, ListQuery()).count == 0
        with anna.database.unit_of_work(1) as other:
            figures = queries.find_figures(other)
            online = queries.list_persons(other, queries.persons_online()).rows
            never = queries.sum_persons(other, queries.persons_never_in()).count
            sessions = queries.sum_sessions(
                other, queries.opened_between(figures.hours[0].starts_at, figures.hours[-1].starts_at + datetime.timedelta(hours=1))
            )
    assert {row.login for row in online} == {"anna.admin", "marta.bellini"}
    assert (figures.persons_online, figures.active_persons, figures.never_logged_in) == (2, 5, never)
    assert figures.sessions_last_day == sessions.count == 2
    marta.close()


def test_persons_soon_to_expire_are_listed(anna: LoginSession, house: House) -> None:
    with house.owner() as connection:
        connection.execute("update base.person set expires_on = current_date + 10 where login = 'marta.bellini'")
    with anna.database.unit_of_work(1) as unit:
        figures = queries.find_figures(unit)
        rows = queries.list_persons(unit, queries.persons_expiring(figures.today)).rows
    assert figures.expiring == 1 and [row.login for row in rows] == ["marta.bellini"]


def test_persons_are_found_by_part_of_their_name(anna: LoginSession) -> None:
    with anna.database.unit_of_work(1) as unit:
        page = queries.list_persons(unit, ListQuery((Filter("display_name", "contains", ("BELL",)),)))
    assert [row.display_name for row in page.rows] == ["Marta Bellini"]


@pytest.mark.parametrize(("name", "login"), [("Nicolò De Rossi", "nicolo.derossi"), ("Marta", "marta"), ("  ", "")])
def test_a_login_is_proposed_from_the_name(name: str, login: str) -> None:
    assert rules.proposed_login(name) == login


def test_the_house_password_still_works(house: House) -> None:
    log_in(house.profile, "marta.bellini", PASSWORD).close()
