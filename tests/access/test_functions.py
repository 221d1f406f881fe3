"""Every function of the catalogue, called by who may not."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.access.arranged import Function, fingerprint, functions, outcome, protected
from tests.house import House

# Write without being told a company: the person's own affairs.
OWN_AFFAIRS = {
    "sec.open_session(text,text)", "sec.change_my_password(text,text)", "sec.report_session(text,integer,integer,boolean)",
    "sec.leave_session(text)",
}  # fmt: skip


def _for_people(owner: psycopg.Connection[Any]) -> list[Function]:
    return [function for function in functions(owner) if function.is_for_people]


def _came(connection: psycopg.Connection[Any], function: Function, company: object) -> str:
    connection.execute("set statement_timeout = '5s'")
    return outcome(connection, *function.call(company))


def test_every_function_with_a_company_refuses_a_foreign_one_and_none(full_house: House) -> None:
    with full_house.owner() as owner, full_house.person("bruno.estraneo") as bruno:
        guarded = [function for function in _for_people(owner) if function.is_of_a_company and function.name != "require"]
        assert len(guarded) >= 15
        before = fingerprint(owner)
        for company in (1, None, 0, -1, 2147483647):
            for function in guarded:
                came = _came(bruno, function, company)
                assert came == "CM001" or (came == "0 rows" and not function.is_definer), (function.signature, company, came)
        assert fingerprint(owner) == before


def test_every_function_that_writes_refuses_a_reader(full_house: House) -> None:
    with full_house.owner() as owner, full_house.person("rita.revisore") as rita:
        before = fingerprint(owner)
        writing = [function for function in _for_people(owner) if function.is_of_a_company and function.is_volatile]
        assert {function.signature: came for function in writing if (came := _came(rita, function, 1)) != "CM001"} == {}
        assert fingerprint(owner) == before


def test_a_function_without_a_company_tells_and_changes_nothing_of_another(full_house: House) -> None:
    with full_house.owner() as owner, full_house.person("bruno.estraneo") as bruno:
        before = fingerprint(owner)
        others = [function for function in _for_people(owner) if not function.is_of_a_company]
        assert {function.signature for function in others if function.is_volatile} <= OWN_AFFAIRS
        for function in (f for f in others if not f.is_volatile):
            call, values = function.call(1)
            source = sql.SQL(call.as_string().removeprefix("select "))  # type: ignore[arg-type]
            query = sql.SQL("select 1 from {} as r where to_jsonb(r) ->> 'company_id' = '1'").format(source)
            came = outcome(bruno, query, values)
            assert came == "0 rows" or not came.endswith("rows"), function.signature
        assert fingerprint(owner) == before


def test_with_the_own_company_no_function_reaches_rows_of_another(full_house: House) -> None:
    # bruno holds every function in company 2; the documents and persons he names belong to company 1
    with full_house.owner() as owner, full_house.person("bruno.estraneo") as bruno:
        before = _of_company_1(owner)
        for function in _for_people(owner):
            if function.is_of_a_company and function.is_volatile:
                bruno.execute("begin")
                _came(bruno, function, 2)
                bruno.execute("rollback")
                bruno.execute("begin")
                _came(bruno, function, 2)
                bruno.execute("commit")
        assert _of_company_1(owner) == before


def _of_company_1(owner: psycopg.Connection[Any]) -> dict[str, object]:
    found = {}
    for table in protected(owner):
        text = "select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {} as t where {}"
        found[table.name] = owner.execute(sql.SQL(text).format(table.identifier, table.of_company_1)).fetchone()
    return found


def test_internal_functions_cannot_be_called(full_house: House) -> None:
    with full_house.owner() as owner, full_house.person("anna.admin") as anna:
        before = fingerprint(owner)
        internal = [function for function in functions(owner) if not function.is_for_people]
        names = {function.name for function in internal}
        assert {"take_document_numbers", "next_internal_number", "sum_run", "delete_documents", "lock_run", "check_target",
                "post_invoices", "open_items", "found_company", "open_books", "record_change"} <= names  # fmt: skip
        assert {function.signature: came for function in internal if (came := _came(anna, function, 1)) != "42501"} == {}
        assert outcome(anna, "call sec.protect('registry.party', 'registry')") == "42501"
        assert fingerprint(owner) == before


@pytest.mark.parametrize("login", ["anna.admin", "marta.bellini"])
def test_nulls_and_enormous_values_break_nothing(full_house: House, login: str) -> None:
    with full_house.owner() as owner, full_house.person(login) as person:
        before = fingerprint(owner)
        person.execute("set statement_timeout = '5s'")
        for function in _for_people(owner):
            if not function.is_volatile or function.signature in OWN_AFFAIRS:
                continue
            for extreme in ({}, _ENORMOUS):
                values: list[object] = [1 if name == "wanted_company" else extreme.get(kind)
                                        for name, kind in zip(function.arguments, function.types, strict=True)]  # fmt: skip
                with person.transaction(force_rollback=True):
                    came = outcome(person, function.call(1)[0], values)
                assert came != "57014", f"{function.signature} does not end"
                assert not came.startswith("XX"), f"{function.signature}: internal error"
        assert fingerprint(owner) == before


_ENORMOUS: dict[str, object] = {
    "integer": 2147483647, "bigint": 9223372036854775807, "text": "x" * 100_000, "date": "5874897-12-31", "numeric": "1e130",
    "bigint[]": [9223372036854775807] * 1000, "text[]": ["x" * 1000] * 100, "bytea": b"\0" * 100_000, "boolean": False,
}  # fmt: skip


def test_a_reader_cannot_use_up_numbers_and_a_writer_only_those_of_the_module(house: House) -> None:
    question = "select base.next_number(1, %s, 0, %s)"
    with house.person("rita.revisore") as rita, house.person("marta.bellini") as marta:
        for name in ("customers.customer", "billing.file", "bank_effects.receipt", "", None):
            assert outcome(rita, question, (name, 1)) == "CM001"
        assert outcome(marta, question, ("billing.file", 1)) == "CM001"
        assert outcome(marta, question, ("billing.run", 1)) == "CM001"
        for wrong in (0, -1, None, 10_000_001):
            assert outcome(marta, question, ("customers.customer", wrong)) == "CM021"
        assert [marta.execute(question, ("customers.customer", n)).fetchone() for n in (1, 3, 1)] == [(1,), (2,), (5,)]


@pytest.mark.parametrize("how_many", [0, -1, -1000, None])
def test_a_counter_never_goes_back(house: House, how_many: int | None) -> None:
    with house.person("marta.bellini") as marta:
        assert marta.execute("select billing.take_file_numbers(1, 5)").fetchone() == (1,)
        assert outcome(marta, "select billing.take_file_numbers(1, %s)", (how_many,)) in ("CM021", "23502", "23514")
        assert marta.execute("select billing.take_file_numbers(1, 1)").fetchone() == (6,)
