"""Holidays: SQL, Python and the lists of others say the same."""

from __future__ import annotations

import datetime

import pytest
from dateutil.easter import easter
from hypothesis import given
from hypothesis import strategies as st

from cms_desktop.modules.base import calendar, queries
from cms_desktop.modules.base.calendar import CompanyCalendar
from tests.house import House

TORINO, ASTI, MILANO, PRATO = "001272", "005005", "015146", "100005"
DAY = datetime.date


@given(st.integers(1900, 2300))
def test_easter_is_the_easter_of_the_library(year: int) -> None:
    assert calendar.easter_sunday(year) == easter(year)


OWN = (
    "insert into base.calendar_day (company_id, kind, name, istat_code, starts_on, ends_on, is_yearly, easter_offset) values "
    "(1, 'closing', 'Ferie estive', null, '2025-08-11', '2025-08-22', false, null), "
    "(1, 'closing', 'Chiusura di fine anno', null, '2024-12-27', '2025-01-02', true, null), "
    "(1, 'patron', 'San Secondo', '005005', '2025-05-06', '2025-05-06', true, null), "
    "(1, 'patron', 'Santo Stefano, altra data', '100005', '2024-02-29', '2024-02-29', true, null), "
    "(1, 'holiday', 'Festa aziendale', null, '2026-06-20', '2026-06-20', false, null), "
    "(1, 'holiday', 'Martedì grasso', '015146', '2020-01-01', '2020-01-01', true, -47)"
)


def found_calendar(house: House) -> CompanyCalendar:
    session = house.log_in("marta.bellini")
    with session.database.unit_of_work(1) as unit:
        found = queries.find_calendar(unit)
    session.close()
    return found


@pytest.mark.parametrize("town", [TORINO, ASTI, MILANO, PRATO, ""])
def test_sql_and_python_name_the_same_days(house: House, town: str) -> None:
    with house.person("anna.admin") as anna:
        anna.execute(OWN)
    here = found_calendar(house)
    with house.person("marta.bellini") as marta:
        for first, last in ((DAY(1985, 1, 1), DAY(1987, 12, 31)), (DAY(2000, 6, 1), DAY(2001, 6, 30)), (DAY(2023, 11, 3), DAY(2032, 3, 1))):
            rows = marta.execute("select on_date, kind, name from base.calendar_of(1, %s, %s, %s)", (first, last, town)).fetchall()
            assert sorted(set(rows)) == sorted({(day.on_date, day.kind, day.name) for day in here.days(first, last, town)})
        span = [DAY(2025, 12, 1) + datetime.timedelta(days=n) for n in range(420)]
        rows = marta.execute(
            "select base.is_holiday(1, d, %(town)s), base.is_rest_day(1, d, %(town)s), base.next_working_day(1, d, %(town)s) from unnest(%(days)s) as d",
            {"days": span, "town": town},
        ).fetchall()
        assert rows == [(here.is_holiday(d, town), here.is_rest_day(d, town), here.next_working_day(d, town)) for d in span]


def test_the_saint_francis_of_the_law_begins_in_2026_and_the_republic_in_2001(shared_house: House) -> None:
    here = found_calendar(shared_house)
    assert [here.is_holiday(DAY(year, 10, 4)) for year in (2025, 2026, 2030)] == [False, True, True]
    assert [here.is_holiday(DAY(year, 6, 2)) for year in (2000, 2001)] == [False, True]
    assert [here.is_holiday(DAY(year, 1, 6)) for year in (1985, 1986)] == [False, True]


def test_the_patron_is_of_its_town_only(shared_house: House) -> None:
    here = found_calendar(shared_house)
    assert here.is_holiday(DAY(2026, 6, 24), TORINO) and not here.is_holiday(DAY(2026, 6, 24), MILANO)
    assert here.is_holiday(DAY(2026, 12, 7), MILANO) and not here.is_holiday(DAY(2026, 12, 7))


def test_the_national_feasts_are_those_of_the_holidays_package(shared_house: House) -> None:
    package = pytest.importorskip("holidays")
    here = found_calendar(shared_house)
    for year in range(2001, 2035):
        listed = {day for day, name in package.Italy(years=year).items() if day.isoweekday() < 7 or day == calendar.easter_sunday(year)}
        mine = {
            day.on_date for day in here.days(DAY(year, 1, 1), DAY(year, 12, 31)) if day.on_date.isoweekday() < 7 or "Pasqua" in day.name
        }
        assert mine == listed, year


def test_every_listed_patron_belongs_to_a_town_of_today(shared_house: House) -> None:
    with shared_house.owner() as owner:
        rows = owner.execute(
            "select p.istat_code from base.town_patron as p left join base.town as t on t.istat_code = p.istat_code and t.valid_to is null "
            "where t.istat_code is null"
        ).fetchall()
        assert rows == []
        capitals = owner.execute("select count(*) from base.town_patron").fetchone()
        assert capitals is not None and capitals[0] >= 100


def test_a_closing_day_is_no_feast_and_another_company_does_not_see_it(house: House) -> None:
    with house.person("anna.admin") as anna:
        anna.execute(OWN)
        assert anna.execute("select base.is_holiday(1, '2025-08-12'), base.is_holiday(1, '2026-06-20')").fetchone() == (False, True)
    with house.person("bruno.estraneo") as bruno:
        assert bruno.execute("select base.is_holiday(1, '2026-06-20')").fetchone() == (False,)
        assert bruno.execute("select count(*) from base.calendar_of(2, '2025-08-11', '2025-08-14')").fetchone() == (0,)


def test_a_due_date_moves_to_the_next_day_banks_work(shared_house: House) -> None:
    here = found_calendar(shared_house)
    assert here.next_working_day(DAY(2026, 4, 4)) == DAY(2026, 4, 7)  # Saturday before Easter → Tuesday
    assert here.next_working_day(DAY(2026, 12, 24)) == DAY(2026, 12, 24)
    assert here.next_working_day(DAY(2026, 12, 25)) == DAY(2026, 12, 28)


def test_the_home_town_is_found_by_name_and_province(shared_house: House) -> None:
    session = shared_house.log_in("marta.bellini")
    with session.database.unit_of_work(1) as unit:
        home = queries.find_home_town(unit)
        assert home is not None and (home.istat_code, home.name) == (TORINO, "Torino (TO)")
        assert queries.list_towns(unit, "Tori")[0].name.startswith("Tori")
    session.close()
