"""Master data that hangs on a customer: what is kept, what is refused, by program and database alike."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator
from decimal import Decimal

import psycopg
import pytest

from cms_desktop.core.banks import bank_name
from cms_desktop.core.errors import AlreadyDone, Conflict, InvalidInput, NotAllowed
from cms_desktop.core.fiscal import italian_iban
from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.db.database import Database
from cms_desktop.modules.customers import actions, queries
from cms_desktop.modules.customers.actions import master as doing
from cms_desktop.modules.customers.queries import master as asking
from cms_desktop.modules.customers.rules import master as rules
from tests.house import House
from tests.modules.customers.samples import add_customer

D = datetime.date
IBAN, OTHER_IBAN, THIRD_IBAN = (italian_iban(abi, "11101", "000000123456") for abi in ("03069", "02008", "05034"))


@pytest.fixture
def marta(house: House) -> Iterator[Database]:
    session = house.log_in("marta.bellini")
    yield session.database
    session.close()


@pytest.fixture
def customer(marta: Database) -> int:
    with marta.unit_of_work(1) as unit:
        return add_customer(unit)


def _change(database: Database, customer: int, **changes: object) -> None:
    with database.unit_of_work(1) as unit:
        now = queries.load_customer(unit, customer)
        actions.change_customer(unit, customer, changes, party_version=now.party_version, customer_version=now.customer_version)


def _move(database: Database, customer: int, state: str, reason: str = "") -> None:
    with database.unit_of_work(1) as unit:
        now = queries.load_customer(unit, customer)
        doing.change_state(unit, customer, state, on=D(2026, 3, 1), reason=reason, customer_version=now.customer_version)


def test_fiscal_and_administrative_data_come_back_as_they_were_written(marta: Database, customer: int) -> None:
    written = {
        "is_withholding": True, "withholding_kind": "RT02", "withholding_reason": "W", "withholding_rate": Decimal("4.00"),
        "withholding_share": Decimal("100.00"), "exemption_reference": "Art. 72 DPR 633/72", "exemption_ends_on": D(2027, 1, 1),
        "ipa_code": "C_L219", "administration_reference": "UFF-12", "cig_code": "Z123456789", "cup_code": "J41B21004300007",
        "skipped_months": [8, 12], "skipped_to_day": 10, "bank_branch": "Firenze 3", "riba_fee_policy": "due_in_invoice_month",
        "riba_fee_amount": Decimal("3.50"), "dunning_class": "strict", "credit_limit_amount": Decimal("5000.00"),
        "invoice_grouping": "site", "invoice_delivery": "mail", "delivery_email": "fatture@oreficeria.example",
    }  # fmt: skip
    _change(marta, customer, **written)
    with marta.unit_of_work(1) as unit:
        stored = queries.load_customer(unit, customer).values
    assert {key: stored[key] for key in written} == written


@pytest.mark.parametrize(("key", "value"), [("cig_code", "Z12"), ("cup_code", "J41-21004300007"), ("delivery_email", "non un indirizzo")])
def test_a_wrong_code_is_refused_with_its_field(marta: Database, customer: int, key: str, value: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        _change(marta, customer, **{key: value})
    assert refused.value.field == key


def test_the_bank_of_an_iban_is_known_by_its_abi() -> None:
    assert bank_name("IT60X0306911101000000123456") == "Intesa Sanpaolo"
    assert bank_name("DE89370400440532013000") == ""


# ---- life cycle ----------------------------------------------------------------------------------------------------------


def test_every_change_of_state_leaves_an_event_with_day_reason_and_person(marta: Database, customer: int) -> None:
    _move(marta, customer, "terminating", "Disdetta del 27/02")
    _move(marta, customer, "active", "Ha accettato lo sconto")
    with marta.unit_of_work(1) as unit:
        events = asking.list_life_cycle(unit, customer)
    assert [(one.from_state, one.to_state, one.reason, one.person) for one in events] == [
        ("terminating", "active", "Ha accettato lo sconto", "Marta Bellini"),
        ("active", "terminating", "Disdetta del 27/02", "Marta Bellini"),
        ("", "active", "", "Marta Bellini"),
    ]
    assert events[0].on_date == D(2026, 3, 1)


def test_an_event_cannot_be_rewritten_or_removed(house: House, customer: int) -> None:
    with house.person("anna.admin") as anna:
        for attempt in ("update customers.life_cycle_event set reason = 'altro'", "delete from customers.life_cycle_event",
                        "insert into customers.life_cycle_event (company_id, customer_id, to_state, on_date) "
                        f"values (1, {customer}, 'active', '2026-01-01')"):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                anna.execute(attempt)


def test_program_and_database_allow_the_same_steps_of_life(house: House, customer: int) -> None:
    with house.owner() as owner:
        for before, after in itertools.permutations(rules.LIFE_CYCLE, 2):
            with owner.transaction(force_rollback=True):
                owner.execute("set local session_replication_role = replica")
                owner.execute("update customers.customer set state = %s where customer_id = %s", (before, customer))
                owner.execute("set local session_replication_role = origin")
                try:
                    owner.execute(
                        "update customers.customer set state = %s, row_version = row_version + 1 where customer_id = %s", (after, customer)
                    )
                    allowed = True
                except psycopg.Error as error:
                    assert error.sqlstate == "CM060"
                    allowed = False
            assert allowed == (after in rules.LIFE_CYCLE[before]), (before, after)


def test_a_step_that_does_not_exist_is_refused_with_a_sentence(marta: Database, customer: int) -> None:
    with pytest.raises(InvalidInput, match="non passa"):
        _move(marta, customer, "prospect")
    with pytest.raises(InvalidInput, match="non passa"):
        _change(marta, customer, state="prospect")


def test_a_state_changed_by_somebody_else_is_a_conflict(marta: Database, customer: int) -> None:
    with marta.unit_of_work(1) as unit:
        version = queries.load_customer(unit, customer).customer_version
    _move(marta, customer, "suspended")
    with pytest.raises(Conflict), marta.unit_of_work(1) as unit:
        doing.change_state(unit, customer, "terminated", on=D(2026, 3, 2), reason="", customer_version=version)


# ---- letters of intent ------------------------------------------------------------------------------------------------------

LETTER = {"number": "12/2026", "issued_on": D(2026, 1, 8), "protocol": "26010812345678901-000001", "plafond_amount": Decimal(50_000),
          "valid_from": D(2026, 1, 8), "valid_to": D(2026, 12, 31)}  # fmt: skip


def test_a_letter_of_intent_says_what_is_left_of_its_plafond(house: House, marta: Database, customer: int) -> None:
    with marta.unit_of_work(1) as unit:
        letter = doing.save_letter(unit, customer, 0, LETTER, row_version=0)
    with house.owner() as owner:
        owner.execute("update customers.intent_letter set consumed_amount = 1200.50, row_version = row_version + 1")
    with marta.unit_of_work(1) as unit:
        [found] = asking.list_letters(unit, customer)
        assert (found.record_id, found["left_amount"]) == (letter, Decimal("48799.50"))
        with pytest.raises(InvalidInput, match="non si toglie"):
            doing.remove_letter(unit, letter, row_version=found.row_version)


def test_what_was_used_of_a_plafond_is_not_written_by_a_person(house: House, marta: Database, customer: int) -> None:
    with marta.unit_of_work(1) as unit:
        doing.save_letter(unit, customer, 0, LETTER, row_version=0)
    with house.person("marta.bellini") as person, pytest.raises(psycopg.Error) as refused:
        person.execute("update customers.intent_letter set consumed_amount = 10, row_version = row_version + 1")
    assert refused.value.sqlstate == "CM004"


@pytest.mark.parametrize(
    ("field", "value"), [("number", ""), ("protocol", "123"), ("plafond_amount", Decimal(0)), ("valid_to", D(2025, 1, 1))]
)
def test_a_letter_of_intent_that_cannot_be_is_refused(marta: Database, customer: int, field: str, value: object) -> None:
    with pytest.raises(InvalidInput) as refused, marta.unit_of_work(1) as unit:
        doing.save_letter(unit, customer, 0, LETTER | {field: value}, row_version=0)
    assert refused.value.field == field


# ---- mandates ----------------------------------------------------------------------------------------------------------------

MANDATE = {"reference": "", "scheme": "CORE", "is_one_off": False, "iban": IBAN, "signed_on": D(2026, 1, 10), "state": "active"}


def _mandate(database: Database, customer: int, **more: object) -> int:
    with database.unit_of_work(1) as unit:
        return doing.save_mandate(unit, customer, 0, MANDATE | more, row_version=0)


def _now(database: Database, customer: int) -> object:
    with database.unit_of_work(1) as unit:
        return asking.list_mandates(unit, customer)[0]


def _save(database: Database, customer: int, **changes: object) -> None:
    with database.unit_of_work(1) as unit:
        now = asking.list_mandates(unit, customer)[0]
        doing.save_mandate(unit, customer, now.record_id, {**now.values, **changes}, row_version=now.row_version)


def test_a_mandate_gets_a_reference_and_lives_thirty_six_months(marta: Database, customer: int) -> None:
    _mandate(marta, customer)
    mandate = _now(marta, customer)
    assert (mandate["reference"], mandate["sequence_state"], mandate.lapses_on) == ("SDD-000001", "FRST", D(2029, 1, 10))
    assert rules.mandate_state("active", mandate.lapses_on, D(2029, 1, 10)) == "active"
    assert rules.mandate_state("active", mandate.lapses_on, D(2029, 1, 11)) == "expired"


def test_a_mandate_that_lapsed_is_written_down_as_expired(marta: Database, customer: int) -> None:
    _mandate(marta, customer, signed_on=D(2020, 2, 29))
    with marta.unit_of_work(1) as unit:
        assert doing.expire_mandates(unit) == 1
    mandate = _now(marta, customer)
    assert (mandate["state"], mandate["state_on"]) == ("expired", D(2023, 2, 28))
    with pytest.raises(InvalidInput, match="scrivine uno nuovo"):
        _save(marta, customer, iban=OTHER_IBAN)


@pytest.mark.parametrize("missing", ["signed_on", "iban"])
def test_an_active_mandate_is_signed_and_has_an_iban(marta: Database, customer: int, missing: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        _mandate(marta, customer, **{missing: None})
    assert refused.value.field == missing


def test_a_reference_is_used_once(marta: Database, customer: int) -> None:
    _mandate(marta, customer, reference="RUM-7")
    with pytest.raises(InvalidInput) as refused:
        _mandate(marta, customer, reference="RUM-7")
    assert refused.value.field == "reference"


def test_a_mandate_nobody_collected_by_changes_without_an_amendment(marta: Database, customer: int) -> None:
    _mandate(marta, customer)
    _save(marta, customer, iban=OTHER_IBAN)
    assert _now(marta, customer).amendments == ()


def _collected(house: House) -> None:
    with house.owner() as owner:
        owner.execute(
            "update customers.mandate set last_collected_on = '2026-02-28', sequence_state = 'RCUR', row_version = row_version + 1"
        )


def test_an_amendment_keeps_what_the_bank_knows_until_it_accepts(house: House, marta: Database, customer: int) -> None:
    _mandate(marta, customer)
    _collected(house)
    _save(marta, customer, iban=OTHER_IBAN)
    _save(marta, customer, iban=THIRD_IBAN)  # two changes in a row are one for the bank
    [amendment] = _now(marta, customer).amendments
    assert (amendment.kind, amendment.old_value, amendment.new_value, amendment.state) == ("iban", IBAN, THIRD_IBAN, "pending")
    with marta.unit_of_work(1) as unit:
        assert doing.settle_amendment(unit, amendment.amendment_id, "sent") == "sent"
        assert doing.settle_amendment(unit, amendment.amendment_id, "refused") == "pending"  # goes out once more
        assert doing.settle_amendment(unit, amendment.amendment_id, "sent") == "sent"
        assert doing.settle_amendment(unit, amendment.amendment_id, "accepted") == "accepted"
    [amendment] = _now(marta, customer).amendments
    assert (amendment.state, amendment.refused_count) == ("accepted", 1)
    with pytest.raises(AlreadyDone), marta.unit_of_work(1) as unit:
        doing.settle_amendment(unit, amendment.amendment_id, "sent")
    _save(marta, customer, reference="RUM-NUOVO")
    assert [(one.kind, one.state) for one in _now(marta, customer).amendments] == [("reference", "pending"), ("iban", "accepted")]


def test_a_change_taken_back_needs_no_amendment(house: House, marta: Database, customer: int) -> None:
    _mandate(marta, customer)
    _collected(house)
    _save(marta, customer, iban=OTHER_IBAN)
    _save(marta, customer, iban=IBAN)
    assert _now(marta, customer).amendments == ()


def test_program_and_database_allow_the_same_steps_of_a_mandate(house: House, marta: Database, customer: int) -> None:
    number = _mandate(marta, customer)
    by_itself = {("active", "expired"), ("suspended", "expired")}  # written by expire_mandates alone
    with house.owner() as owner:
        for before, after in itertools.permutations(rules.MANDATE_STEPS, 2):
            with owner.transaction(force_rollback=True):
                owner.execute("set local session_replication_role = replica")
                owner.execute("update customers.mandate set state = %s where mandate_id = %s", (before, number))
                owner.execute("set local session_replication_role = origin")
                try:
                    owner.execute(
                        "update customers.mandate set state = %s, row_version = row_version + 1 where mandate_id = %s", (after, number)
                    )
                    allowed = True
                except psycopg.Error as error:
                    assert error.sqlstate == "CM062"
                    allowed = False
            assert allowed == (after in rules.MANDATE_STEPS[before] or (before, after) in by_itself), (before, after)


def test_the_last_collection_and_the_customer_of_a_mandate_are_not_written_by_a_person(
    house: House, marta: Database, customer: int
) -> None:
    _mandate(marta, customer)
    with marta.unit_of_work(1) as unit:
        other = add_customer(unit, "Hotel Belvedere", vat_number="")
    with house.person("marta.bellini") as person:
        for change in ("last_collected_on = '2030-01-01'", f"customer_id = {other}"):
            with pytest.raises(psycopg.Error) as refused:
                person.execute(f"update customers.mandate set {change}, row_version = row_version + 1")
            assert refused.value.sqlstate == "CM004"


def test_a_reader_settles_and_expires_nothing(house: House) -> None:
    session = house.log_in("rita.revisore")
    for work in (doing.expire_mandates, lambda unit: doing.settle_amendment(unit, 1, "sent")):
        with pytest.raises(NotAllowed), session.database.unit_of_work(1) as unit:
            work(unit)
    session.close()


# ---- agents and collectors ---------------------------------------------------------------------------------------------------


def test_agents_share_at_most_all_and_there_is_one_collector_at_a_time(marta: Database, customer: int) -> None:
    with marta.unit_of_work(1) as unit:
        agent = add_customer(unit, "Produttore Rossi", vat_number="")
        first = {"role": "agent", "party_id": agent, "share": Decimal(60), "starts_on": D(2026, 1, 1), "ends_on": D(2026, 6, 30)}
        doing.save_appointment(unit, customer, 0, first, row_version=0)
        doing.save_appointment(unit, customer, 0, first | {"share": Decimal(40)}, row_version=0)
        doing.save_appointment(
            unit, customer, 0, first | {"share": Decimal(100), "starts_on": D(2026, 7, 1), "ends_on": None}, row_version=0
        )
        doing.save_appointment(unit, customer, 0, first | {"role": "collector", "share": Decimal(100)}, row_version=0)
    for wrong, words in (
        (first | {"share": Decimal(10), "starts_on": D(2025, 1, 1), "ends_on": D(2026, 1, 1)}, "100%"),
        (first | {"role": "collector", "starts_on": D(2026, 6, 30), "ends_on": None}, "due esattori"),
    ):
        with pytest.raises(InvalidInput, match=words), marta.unit_of_work(1) as unit:
            doing.save_appointment(unit, customer, 0, wrong, row_version=0)
    with marta.unit_of_work(1) as unit:
        assert [(one["role"], one["share"], one["party_name"]) for one in asking.list_appointments(unit, customer)] == [
            ("agent", 100, "Produttore Rossi"), ("agent", 60, "Produttore Rossi"), ("agent", 40, "Produttore Rossi"),
            ("collector", 100, "Produttore Rossi"),
        ]  # fmt: skip


def test_the_credit_limit_is_held_against_what_is_owed(house: House, marta: Database, customer: int) -> None:
    _change(marta, customer, credit_limit_amount=Decimal(100))
    with house.owner() as owner:
        owner.execute("insert into customers.balance (company_id, customer_id, open_amount) values (1, %s, 100.01)", (customer,))
    with marta.unit_of_work(1) as unit:
        credit = asking.find_credit(unit, customer)
        over = queries.list_customers(unit, ListQuery((Filter("is_over_limit", "=", (True,)),)))
    assert credit.is_exceeded and [row.customer_id for row in over.rows] == [customer]


def test_a_due_date_skips_the_months_of_the_customer_else_those_of_the_term(house: House) -> None:
    with house.owner() as owner:
        for own, of_term, expected in (([], [], "2026-08-31"), ([], [8], "2026-09-10"), ([8, 9], [8], "2026-10-05")):
            row = owner.execute(
                "select (case when %(own)s::int[] = '{}' then base.skip_months(due, %(term)s::int[], 10) else base.skip_months(due, %(own)s::int[], 5) end)::text "
                "from base.due_on('2026-07-28', 30, 'EOM', null) as due", {"own": own, "term": of_term},
            ).fetchone()  # fmt: skip
            assert row == (expected,)
