"""Parameters: values as of a day, in SQL and in Python; the figures of the law; what is not allowed."""

from __future__ import annotations

import datetime
from decimal import Decimal

import psycopg
import pytest

from cms_desktop.core.errors import InvalidInput
from cms_desktop.modules.base import actions, queries, rules
from cms_desktop.modules.base.records import ParameterHistory
from tests.house import House

DAY = datetime.date


def histories(house: House, login: str = "anna.admin") -> dict[str, ParameterHistory]:
    session = house.log_in(login)
    with session.database.unit_of_work(1) as unit:
        found = {one.title.key: one for one in queries.list_parameter_histories(unit)}
    session.close()
    return found


@pytest.mark.parametrize(
    ("key", "day", "value"),
    [
        ("vat_ordinary", DAY(2011, 9, 16), "20"), ("vat_ordinary", DAY(2011, 9, 17), "21"), ("vat_ordinary", DAY(2026, 1, 1), "22"),
        ("legal_interest", DAY(2025, 12, 31), "2.00"), ("legal_interest", DAY(2026, 1, 1), "1.60"), ("legal_interest", DAY(2023, 7, 1), "5.00"),
        ("default_interest", DAY(2024, 6, 30), "12.50"), ("default_interest", DAY(2024, 7, 1), "12.25"),
        ("default_interest", DAY(2026, 3, 1), "10.15"), ("cash_limit", DAY(2022, 12, 31), "2000"), ("cash_limit", DAY(2023, 1, 1), "5000"),
        ("late_payment_fee", DAY(2026, 1, 1), "40"), ("condominium_withholding", DAY(2026, 1, 1), "4"),
    ],
)  # fmt: skip
def test_the_figures_of_the_law_are_in_force_on_their_days(shared_house: House, key: str, day: datetime.date, value: str) -> None:
    session = shared_house.log_in("marta.bellini")
    with session.database.unit_of_work(1) as unit:
        assert queries.rate_on(unit, key, day) == Decimal(value)
        assert queries.value_on(unit, key, DAY(1900, 1, 1)) is None
    session.close()


def test_every_figure_of_the_law_names_its_source(shared_house: House) -> None:
    for one in histories(shared_house).values():
        assert one.title.is_law == bool([value for value in one.values if value.parameter_id is None]), one.title.key
        assert all(value.source for value in one.values if value.parameter_id is None)


def test_interest_of_a_span_is_computed_on_the_values_of_its_periods(shared_house: House) -> None:
    # 1,220 euro due 31/05/2024, paid 15/02/2025: 30 days at 12.50, 184 at 12.25, 46 at 11.15, over 365
    with shared_house.person("marta.bellini") as marta:
        row = marta.execute(
            "select array_agg(ends_on - starts_on + 1 order by starts_on), "
            "round(sum(1220 * (value #>> '{}')::numeric / 100 * (ends_on - starts_on + 1) / 365), 2) "
            "from base.value_periods(1, 'default_interest', '2024-06-01', '2025-02-15')"
        ).fetchone()
        assert row == ([30, 184, 46], Decimal("105.02"))


def test_the_value_a_company_writes_goes_before_the_law_until_the_law_brings_a_newer_one(house: House) -> None:
    session = house.log_in("anna.admin")
    with session.database.unit_of_work(1) as unit:
        actions.save_parameter(
            unit, None, 0, {"key": "default_interest", "valid_from": DAY(2026, 7, 1), "value": 10.0, "note": "G.U. di luglio"}
        )
        actions.save_parameter(unit, None, 0, {"key": "default_interest", "valid_from": DAY(2024, 1, 1), "value": 9.0})
    days = [DAY(2023, 12, 31), DAY(2024, 1, 1), DAY(2024, 6, 30), DAY(2024, 7, 1), DAY(2026, 6, 30), DAY(2026, 7, 1)]
    with session.database.unit_of_work(1) as unit:
        found = [queries.rate_on(unit, "default_interest", day) for day in days]
    assert found == [Decimal(text) for text in ("12.00", "9", "9", "12.25", "10.15", "10")]
    history = histories(house)["default_interest"]
    assert [Decimal(str(history.on(day).value)) for day in days] == found  # type: ignore[union-attr]
    assert [value.valid_from for value in history.values].count(DAY(2024, 1, 1)) == 1
    session.close()
    with house.person("bruno.estraneo") as bruno:
        assert bruno.execute(
            "select base.rate_on(1, 'default_interest', '2026-07-01'), base.rate_on(2, 'default_interest', '2026-07-01')"
        ).fetchone() == (
            Decimal("10.15"),
            Decimal("10.15"),
        )


def test_sql_and_python_give_the_same_value_on_every_day_of_change(shared_house: House) -> None:
    session = shared_house.log_in("anna.admin")
    with session.database.unit_of_work(1) as unit:
        for history in queries.list_parameter_histories(unit):
            for value in history.values:
                for day in (value.valid_from, value.valid_from - datetime.timedelta(days=1)):
                    known = history.on(day)
                    assert queries.value_on(unit, history.title.key, day) == (known.value if known else None)
    session.close()


@pytest.mark.parametrize(
    ("key", "value"),
    [("vat_ordinary", 101), ("vat_ordinary", "22"), ("vat_ordinary", None), ("invoice_send_days", 1.5), ("invoice_send_days", -1),
     ("payment_term", 3), ("stamp_duty", {"amount": 2}), ("stamp_duty", 2)],
)  # fmt: skip
def test_a_value_of_another_kind_is_refused_by_the_database(house: House, key: str, value: object) -> None:
    session = house.log_in("anna.admin")
    with pytest.raises(InvalidInput), session.database.unit_of_work(1) as unit:
        actions.save_parameter(unit, None, 0, {"key": key, "valid_from": DAY(2026, 1, 1), "value": value})
    session.close()


@pytest.mark.parametrize(
    ("key", "today", "since"),
    [("default_interest", DAY(2026, 6, 30), None), ("default_interest", DAY(2026, 7, 1), DAY(2026, 7, 1)),
     ("legal_interest", DAY(2026, 12, 31), None), ("legal_interest", DAY(2027, 2, 1), DAY(2027, 1, 1)), ("vat_ordinary", DAY(2090, 1, 1), None)],
)  # fmt: skip
def test_a_rate_that_ends_is_told_to_be_missing(shared_house: House, key: str, today: datetime.date, since: datetime.date | None) -> None:
    assert rules.missing_since(histories(shared_house)[key], today) == since


def test_a_planned_value_is_the_next_one(house: House) -> None:
    session = house.log_in("anna.admin")
    with session.database.unit_of_work(1) as unit:
        actions.save_parameter(unit, None, 0, {"key": "vat_ordinary", "valid_from": DAY(2030, 1, 1), "value": 23})
    session.close()
    history = histories(house)["vat_ordinary"]
    planned = history.planned(DAY(2026, 11, 22))
    assert planned is not None and planned.value == 23 and history.planned(DAY(2031, 1, 1)) is None


def test_the_size_of_attachments_and_the_hour_of_the_summary_are_parameters_with_bounds(house: House) -> None:
    add = "insert into base.parameter (company_id, key, value) values (1, %s, %s)"
    with house.owner() as owner, house.person("anna.admin") as anna:
        limit, hour = (
            "select registry.attachment_limit(1)",
            "select extract(hour from base.next_summary(1) at time zone 'Europe/Rome')::int",
        )
        assert (anna.execute(limit).fetchone(), owner.execute(hour).fetchone()) == ((100 * 1024 * 1024,), (8,))
        for key, wrong in (("attachments_most_megabytes", "0"), ("notices_summary_hour", "24"), ("notices_summary_hour", "7.5")):
            with pytest.raises(psycopg.Error, match="parameter_value"):
                anna.execute(add, (key, wrong))
        anna.execute(add, ("attachments_most_megabytes", "5"))
        anna.execute(add, ("notices_summary_hour", "18"))
        assert (anna.execute(limit).fetchone(), owner.execute(hour).fetchone()) == ((5 * 1024 * 1024,), (18,))
        titles = {one[0] for one in anna.execute("select title from base.parameter_kind").fetchall()}
        assert {"Grandezza massima di un allegato", "Ora del riepilogo quotidiano"} <= titles
