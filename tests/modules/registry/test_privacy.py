"""No advertising against a refusal; everything we know handed over; everything erased that no law keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator

import psycopg
import pytest

from tests.access.arranged import add_customer, prepare
from tests.house import House
from tests.modules.registry.arrange import add_party, merge, one


@pytest.fixture
def anna(house: House) -> Iterator[psycopg.Connection]:
    with house.person("anna.admin") as connection:
        yield connection


def _may(connection: psycopg.Connection, party: int, channel: str, contact: int | None = None) -> bool:
    return bool(one(connection, "select registry.may_contact(1, %s, %s, %s)", party, channel, contact))


def test_a_refusal_holds_for_its_channel_until_it_is_withdrawn(anna: psycopg.Connection) -> None:
    party = add_party(anna, "Rossi")
    assert _may(anna, party, "email")
    anna.execute("insert into registry.refusal (company_id, party_id, channel, origin) values (1, %s, 'email', 'telefonata')", (party,))
    assert not _may(anna, party, "email")
    assert _may(anna, party, "phone")
    anna.execute("update registry.refusal set withdrawn_on = current_date, withdrawn_origin = 'modulo', row_version = row_version + 1")
    assert _may(anna, party, "email")
    with pytest.raises(psycopg.Error, match="permission denied"):
        anna.execute("delete from registry.refusal")


def test_a_refusal_of_the_party_holds_for_its_people_and_not_the_other_way_round(anna: psycopg.Connection) -> None:
    party = add_party(anna, "Rossi")
    ada, ivo = (
        one(
            anna,
            "insert into registry.contact_person (company_id, party_id, name) values (1, %s, %s) returning contact_person_id",
            party,
            name,
        )
        for name in ("Ada", "Ivo")
    )
    anna.execute(
        "insert into registry.refusal (company_id, party_id, contact_person_id, channel) values (1, %s, %s, 'phone')", (party, ada)
    )
    assert (_may(anna, party, "phone", ada), _may(anna, party, "phone", ivo), _may(anna, party, "phone")) == (False, True, True)
    anna.execute("insert into registry.refusal (company_id, party_id, channel) values (1, %s, 'phone')", (party,))
    assert (_may(anna, party, "phone", ivo), _may(anna, party, "phone")) == (False, False)


def test_a_refusal_survives_a_merge_on_both_records(anna: psycopg.Connection) -> None:
    kept, double = add_party(anna, "Rossi"), add_party(anna, "Rossi M.")
    anna.execute("insert into registry.refusal (company_id, party_id, channel) values (1, %s, 'letter')", (double,))
    merge(anna, kept, double)
    assert not _may(anna, kept, "letter")
    assert not _may(anna, double, "letter")


def test_reach_says_where_to_send_and_why_not(anna: psycopg.Connection) -> None:
    here = add_party(anna, "Con posta", email="a@b.it")
    without = add_party(anna, "Senza posta")
    refused = add_party(anna, "Non vuole", email="c@d.it")
    anna.execute("insert into registry.refusal (company_id, party_id, channel) values (1, %s, 'email')", (refused,))
    found = anna.execute(
        "select party_id, address, left_out from registry.reach(1, %s::bigint[], 'email') order by 1", ([here, without, refused],)
    ).fetchall()
    assert found == [(here, "a@b.it", ""), (without, "", "no_address"), (refused, "c@d.it", "refused")]
    with pytest.raises(psycopg.Error, match="channel_unknown"):
        anna.execute("select registry.may_contact(1, 1, 'piccione')")


def test_the_export_holds_every_row_of_the_person_and_of_nobody_else(anna: psycopg.Connection) -> None:
    party, other = add_customer(anna, "100"), add_customer(anna, "101")
    anna.execute(
        "insert into registry.contact_person (company_id, party_id, name) values (1, %s, 'Ada Serra'), (1, %s, 'Ivo Testa')", (party, other)
    )
    anna.execute("select billing.issue_run(1, %s)", (prepare(anna, "2025-01-01"),))
    exported = one(anna, "select registry.export_person(1, %s, 'richiesta via PEC')", party)
    assert len(exported["customers.contract"]) == len(exported["billing.invoice"]) == len(exported["registry.contact_person"]) == 1
    text = json.dumps(exported)
    assert "Ada Serra" in text and "Ivo Testa" not in text and "Cliente 101" not in text
    assert (
        one(anna, "select report ->> 'billing.invoice' from registry.privacy_request where kind = 'export' and party_id = %s", party) == "1"
    )


def test_without_books_nothing_readable_of_a_person_is_left(house: House, anna: psycopg.Connection) -> None:
    party = add_party(
        anna, "Elio Vela", tax_code="VLELEI80A01L219X", phone="011 5551", email="elio@vela.it", notes="allergico", town="Torino"
    )
    anna.execute(
        "insert into registry.contact_person (company_id, party_id, name, mobile) values (1, %s, 'Moglie Vela', '333 444')", (party,)
    )
    with house.owner() as owner:
        owner.execute(
            "insert into registry.note (company_id, party_id, read_function, words, spoken_to, min_rank) values (1, %s, 'registry.read', 'Elio richiama', 'Elio Vela', 0)",
            (party,),
        )
    report = one(anna, "select registry.erase_person(1, %s, 'richiesta via PEC')", party)
    with house.owner() as owner:
        rows = owner.execute(
            "select t::text from registry.party as t union all select t::text from registry.contact_person as t"
        ).fetchall()
    assert not any(word in row for (row,) in rows for word in ("Vela", "VLE", "5551", "elio", "allergico", "Torino", "333"))
    assert not _may(anna, party, "letter")
    assert {row["table"]: row["what"] for row in report["tables"]}["registry.party"] == "clear"


def test_while_books_must_be_kept_name_and_codes_stay_and_the_report_says_until_when(house: House, anna: psycopg.Connection) -> None:
    party = add_customer(anna, "100")
    anna.execute("select billing.issue_run(1, %s)", (prepare(anna, "2025-01-01"),))
    with pytest.raises(psycopg.Error, match="erasure_contract_in_force"):
        anna.execute("select registry.erase_person(1, %s, 'PEC')", (party,))
    anna.execute("update customers.contract set state = 'terminated', row_version = row_version + 1")
    with pytest.raises(psycopg.Error, match="erasure_items_open"):
        anna.execute("select registry.erase_person(1, %s, 'PEC')", (party,))
    with house.owner() as owner:
        owner.execute("with paid as (insert into ledger.payment (company_id, customer_id, on_date, method, amount) select company_id, customer_id, due_on, 'MP05', amount "
                      "from ledger.open_item returning payment_id, amount) insert into ledger.allocation (company_id, payment_id, open_item_id, amount) "
                      "select 1, payment_id, open_item_id, paid.amount from paid, ledger.open_item")  # fmt: skip
    anna.execute("update registry.party set phone = '011 5551', row_version = row_version + 1 where party_id = %s", (party,))
    report = one(anna, "select registry.erase_person(1, %s, 'PEC')", party)
    assert report["until"] == "2035-12-31"
    kept = {row["table"]: (row["what"], row["why"]) for row in report["tables"]}
    assert kept["billing.invoice"] == ("keep", "books") and kept["registry.party"] == ("shorten", "books")
    assert anna.execute("select name, phone, vat_number from registry.party where party_id = %s", (party,)).fetchone() == (
        "Cliente 100",
        "",
        "01234567897",
    )
    with pytest.raises(psycopg.Error, match="erased_already"):
        anna.execute("select registry.erase_person(1, %s, 'PEC')", (party,))


@pytest.mark.parametrize("call", ["export_person(1, 1, 'x')", "preview_erasure(1, 1)", "erase_person(1, 1, 'x')"])
def test_without_the_right_of_privacy_nobody_exports_or_erases(house: House, anna: psycopg.Connection, call: str) -> None:
    add_party(anna, "Rossi")
    for login in ("marta.bellini", "rita.revisore", "bruno.estraneo"):
        with house.person(login) as person, pytest.raises(psycopg.Error, match="not_allowed"):
            person.execute(f"select registry.{call}")  # type: ignore[arg-type]


def _contact(anna: psycopg.Connection, party: int, name: str = "Ada Serra") -> int:
    return int(
        one(
            anna,
            "insert into registry.contact_person (company_id, party_id, name, mobile, email) values (1, %s, %s, '347 1234567', 'ada@serra.it') "
            "returning contact_person_id",
            party,
            name,
        )
    )


def test_one_person_of_a_rubrica_is_handed_over_without_the_others(anna: psycopg.Connection) -> None:
    party = add_party(anna, "Condominio Verdi")
    ada, _ivo = _contact(anna, party), _contact(anna, party, "Ivo Blu")
    anna.execute(
        "insert into registry.refusal (company_id, party_id, contact_person_id, channel) values (1, %s, %s, 'phone')", (party, ada)
    )
    anna.execute("insert into registry.refusal (company_id, party_id, channel) values (1, %s, 'letter')", (party,))
    anna.execute("select registry.write_note(1, 'registry.party', %s, 'Chiede le chiavi', 'Ada Serra', %s)", (party, ada))
    exported = one(anna, "select registry.export_contact(1, %s, 'PEC')", ada)
    assert [row["name"] for row in exported["registry.contact_person"]] == ["Ada Serra"]
    assert [row["channel"] for row in exported["registry.refusal"]] == ["phone"]
    assert [row["words"] for row in exported["registry.note"]] == ["Chiede le chiavi"]
    assert anna.execute("select kind, origin, party_id, contact_person_id from registry.privacy_request").fetchall() == [
        ("export", "PEC", party, ada)
    ]


def test_erasing_one_person_leaves_the_party_its_other_people_and_what_was_said(house: House, anna: psycopg.Connection) -> None:
    party = add_party(anna, "Condominio Verdi", phone="02 1234567")
    ada, ivo = _contact(anna, party), _contact(anna, party, "Ivo Blu")
    anna.execute(
        "insert into registry.refusal (company_id, party_id, contact_person_id, channel) values (1, %s, %s, 'phone')", (party, ada)
    )
    anna.execute("select registry.write_note(1, 'registry.party', %s, 'Chiede le chiavi', 'Ada Serra', %s)", (party, ada))
    foreseen = {row["table"]: row["what"] for row in one(anna, "select registry.preview_contact_erasure(1, %s)", ada)["tables"]}
    assert foreseen == {
        "registry.contact_person": "clear", "registry.refusal": "keep", "registry.note": "unlink", "base.audit_entry": "keep"
    }  # fmt: skip
    anna.execute("select registry.erase_contact(1, %s, 'PEC')", (ada,))
    people = anna.execute("select contact_person_id, name, mobile, email, valid_to = current_date from registry.contact_person order by 1")
    assert people.fetchall() == [(ada, "Cancellato", "", "", True), (ivo, "Ivo Blu", "347 1234567", "ada@serra.it", None)]
    assert anna.execute("select words, spoken_to, contact_person_id from registry.note").fetchall() == [("Chiede le chiavi", "", None)]
    assert one(anna, "select phone from registry.party where party_id = %s", party) == "02 1234567"
    assert not _may(anna, party, "phone", ada)


def test_every_table_that_names_a_person_of_the_rubrica_is_in_the_list(house: House) -> None:
    with house.owner() as owner:
        named = {
            row[0]
            for row in owner.execute(
                "select distinct c.conrelid::regclass::text from pg_constraint as c where c.contype = 'f' "
                "and c.confrelid = 'registry.contact_person'::regclass"
            )
        }
        listed = {row[0] for row in owner.execute("select table_name from registry.tables_of_contact()")}
    assert listed == named | {"registry.contact_person"}


@pytest.mark.parametrize("call", ["export_contact(1, {0}, 'x')", "preview_contact_erasure(1, {0})", "erase_contact(1, {0}, 'x')"])
def test_without_the_right_of_privacy_nobody_exports_or_erases_a_contact(house: House, anna: psycopg.Connection, call: str) -> None:
    ada = _contact(anna, add_party(anna, "Rossi"))
    for login in ("marta.bellini", "rita.revisore", "bruno.estraneo"):
        with house.person(login) as person, pytest.raises(psycopg.Error, match="not_allowed"):
            person.execute(f"select registry.{call.format(ada)}")  # type: ignore[arg-type]
    with pytest.raises(psycopg.Error, match="contact_not_here"):
        anna.execute(f"select registry.{call.format(99)}")  # type: ignore[arg-type]
