"""Parties by section, twins while typing, classification, rubrica: what the lists and forms ask the database."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Iterator

import pytest
from sqlalchemy.exc import DatabaseError

from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.registry import actions, queries, rules
from cms_desktop.modules.registry.editor.extraction import write_extraction
from cms_desktop.modules.registry.rules import read_place
from server_schema import deploy
from tests.access.arranged import add_customer
from tests.house import House

TODAY = datetime.date(2026, 11, 22)


@pytest.fixture
def unit(house: House) -> Iterator[UnitOfWork]:
    session = house.log_in("anna.admin")
    with session.database.unit_of_work(1) as found:
        yield found
    session.close()


def _names(unit: UnitOfWork, query: ListQuery) -> list[str]:
    return [row.name for row in queries.list_parties(unit, query).rows]


def test_nothing_but_a_name_is_compulsory(unit: UnitOfWork) -> None:
    for kind in rules.KINDS:
        assert actions.add_party(unit, {"kind": kind, "name": f"Solo nome {kind}"})
    assert actions.add_party(unit, {"kind": "person", "name": "", "last_name": "Vela", "first_name": "Elio"})
    foreign = actions.add_party(
        unit, {"name": "Müller GmbH", "country": "DE", "vat_country": "DE", "vat_number": "DE136695976", "postal_code": "D-10115"}
    )
    assert queries.load_party(unit, foreign).values["country"] == "DE"
    assert "Vela Elio" in _names(unit, ListQuery())
    with pytest.raises(InvalidInput) as refused:
        actions.add_party(unit, {"kind": "company", "name": " "})
    assert refused.value.field == "name"


def test_a_party_may_hold_several_roles_and_the_counts_follow(house: House, unit: UnitOfWork) -> None:
    party = actions.add_party(unit, {"name": "Tuttofare"})
    actions.set_roles(unit, party, {"supplier", "prospect"}, on=TODAY)
    with house.person("marta.bellini") as marta:
        customer = add_customer(marta, "100")
    actions.set_roles(unit, customer, {"supplier"}, on=TODAY)
    assert queries.count_sections(unit) == {"party": 2, "customer": 1, "supplier": 2, "prospect": 1}
    assert _names(unit, rules.in_section("supplier")) == ["Cliente 100", "Tuttofare"]
    assert queries.load_party(unit, customer).roles[0].role == "customer"
    actions.set_roles(unit, party, {"supplier"}, on=TODAY)
    for role in ("", *rules.ROLES):
        assert queries.sum_parties(unit, rules.in_section(role)).count == len(_names(unit, rules.in_section(role))), role
    unit.session.commit()
    with house.owner() as owner:
        assert deploy.check(owner) == []


def test_a_prospect_that_becomes_a_customer_changes_its_section(house: House) -> None:
    with house.person("marta.bellini") as marta:
        customer = add_customer(marta, "100")
        for state in ("terminated", "prospect"):
            marta.execute("update customers.customer set state = %s, row_version = row_version + 1", (state,))
        sections = "select role from registry.party_role where party_id = %s and until_on is null"
        assert marta.execute(sections, (customer,)).fetchall() == [("prospect",)]
        marta.execute("update customers.customer set state = 'active', row_version = row_version + 1")
        assert marta.execute(sections, (customer,)).fetchall() == [("customer",)]
    with house.owner() as owner:
        assert deploy.check(owner) == []


def test_nobody_makes_a_customer_by_writing_its_role(house: House) -> None:
    with house.person("marta.bellini") as marta, pytest.raises(Exception, match="row-level security"):
        marta.execute("with party as (insert into registry.party (company_id, name) values (1, 'x') returning party_id) "
                      "insert into registry.party_role (company_id, party_id, role) select 1, party_id, 'customer' from party")  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "reasons"),
    [
        ({"vat_number": "00743110157"}, ("vat_number",)),
        ({"tax_code": "RSSMRA80A01L219M"}, ("tax_code",)),
        ({"phone": "+39 011 55 51 234"}, ("phone",)),
        ({"mobile": "0115551234"}, ("phone",)),
        ({"name": "Panificcio Rossi Mario snc"}, ("name",)),
        ({"name": "ROSSI MARIO panificio"}, ("name",)),
        ({"name": "Panificio Rosi Mario", "phone": "011/5551234"}, ("phone", "name")),
    ],
)
def test_twins_are_found_by_code_telephone_and_like_name(unit: UnitOfWork, typed: dict[str, str], reasons: tuple[str, ...]) -> None:
    there = {
        "name": "Panificio Rossi Mario S.n.c.",
        "vat_number": "00743110157",
        "tax_code": "RSSMRA80A01L219M",
        "phone": "011 5551234",
        "kind": "sole_trader",
    }
    party = actions.add_party(unit, there)
    actions.add_party(unit, {"name": "Officine Bianchi"})
    (twin,) = queries.find_twins(unit, typed)
    assert (twin.party_id, twin.reasons) == (party, reasons)
    assert queries.find_twins(unit, typed, besides=party) == []


def test_a_pair_declared_different_is_not_said_again(unit: UnitOfWork) -> None:
    first = actions.add_party(unit, {"name": "Panificio Rossi Mario"})
    values = {"name": "Panificio Rossi Maria"}
    second = actions.add_party(unit, values)
    actions.note_twins(unit, second, values, different=[first])
    assert queries.find_twins(unit, values, besides=second) == []
    assert queries.sum_twin_pairs(unit, ListQuery()).count == 0
    third = actions.add_party(unit, values)
    actions.note_twins(unit, third, values)
    assert {(pair.party_id, pair.other_id) for pair in queries.list_twin_pairs(unit, ListQuery()).rows} == {(first, third), (second, third)}


def test_the_search_for_twins_goes_through_all_parties_and_keeps_decisions(unit: UnitOfWork) -> None:
    for name, phone in (("Alfa Impianti", "011 555123"), ("Alfa Impianti S.r.l.", "+39 011555123"), ("Tutt'altro", "011 555123")):
        actions.add_party(unit, {"name": name, "phone": phone})
    same = [actions.add_party(unit, {"name": f"Codice {n}", "vat_number": "00743110157"}) for n in (1, 2)]
    assert actions.look_for_twins(unit) == 2
    pairs = {tuple(sorted((pair.party_id, pair.other_id))): pair for pair in queries.list_twin_pairs(unit, ListQuery()).rows}
    assert pairs[tuple(same)].reasons == ("vat_number",)
    actions.declare_different(unit, pairs[tuple(same)].twin_id, row_version=1)
    assert actions.look_for_twins(unit) == 0
    assert queries.sum_twin_pairs(unit, ListQuery()).count == 1


def test_classes_filter_lists_and_a_value_stands_only_in_its_field(unit: UnitOfWork) -> None:
    actions.store_class(unit, 1, "Settore", ["Banche", "Oreficerie"])
    actions.store_class(unit, 2, "Zona", ["Nord", "Sud"])
    sector, zone = queries.list_classes(unit)
    assert [name for _id, name in sector.choices()] == ["Banche", "Oreficerie"]
    banks, north = sector.values[0].value_id, zone.values[0].value_id
    actions.add_party(unit, {"name": "Banca Alfa", "class_1": banks, "class_2": north})
    actions.add_party(unit, {"name": "Oreficeria Beta", "class_1": sector.values[1].value_id})
    assert _names(unit, ListQuery((Filter("class_1", "=", (banks,)),))) == ["Banca Alfa"]
    with pytest.raises(DatabaseError, match="class_of_another_field"), unit.session.begin_nested():
        actions.add_party(unit, {"name": "Sbagliata", "class_1": north})


def test_a_value_that_is_no_longer_named_stays_where_it_is_used(unit: UnitOfWork) -> None:
    actions.store_class(unit, 1, "Settore", ["Banche", "Oreficerie"])
    banks = queries.list_classes(unit)[0].values[0].value_id
    actions.add_party(unit, {"name": "Banca Alfa", "class_1": banks})
    actions.store_class(unit, 1, "Settore", ["Oreficerie"])
    (sector,) = queries.list_classes(unit)
    assert [name for _id, name in sector.choices()] == ["Oreficerie"]
    assert _names(unit, ListQuery((Filter("class_1", "=", (banks,)),))) == ["Banca Alfa"]


def test_people_are_found_across_the_company_by_name_job_mail_and_any_spelling_of_a_number(unit: UnitOfWork) -> None:
    party = actions.add_party(unit, {"name": "Gioielleria Delta"})
    ada = actions.add_contact(
        unit,
        party,
        {
            "name": "Ada Serra",
            "job": "Direttrice",
            "mobile": "+39 347 123.45.67",
            "email": "ada@delta.it",
            "acts_for": ["alarm", "sign_contracts"],
        },
    )
    actions.add_contact(unit, party, {"name": "Ivo Testa", "acts_for": ["receive_invoices"]})
    for words in ("serra", "direttrice", "ada@delta", "3471234567", "347 12 34", "serra dirett"):
        assert [one.contact_person_id for one in queries.list_contacts(unit, ListQuery(search=words)).rows] == [ada], words
    assert len(queries.list_contacts(unit, ListQuery(search="gioielleria")).rows) == 2
    alarm = ListQuery((Filter("acts_for", "in", ("alarm", "complaints")),))
    assert [one.name for one in queries.list_contacts(unit, alarm).rows] == ["Ada Serra"]
    with pytest.raises(InvalidInput) as refused:
        actions.add_contact(unit, party, {"name": "Ugo", "email": "no"})
    assert refused.value.field == "email"


def test_an_extraction_counts_whom_it_leaves_out_and_why(unit: UnitOfWork) -> None:
    actions.add_party(unit, {"name": "Uno", "email": "uno@a.it"})
    refused = actions.add_party(unit, {"name": "Due", "email": "due@a.it"})
    actions.add_party(unit, {"name": "Tre"})
    actions.refuse_channel(unit, refused, "email", TODAY, origin="telefonata")
    assert not queries.may_contact(unit, refused, "email")
    counted = queries.count_extraction(unit, ListQuery(), "email")
    assert (counted.every, counted.reachable, counted.left_out) == (3, 1, {"refused": 1, "no_address": 1})
    assert [row.name for row, reached in queries.extracted(unit, ListQuery(), "email") if not reached.left_out] == ["Uno"]
    assert _names(unit, rules.refusing("email")) == ["Due"]


def test_every_figure_of_the_dashboard_equals_the_list_behind_it(unit: UnitOfWork) -> None:
    for number in range(5):
        party = actions.add_party(unit, {"name": f"Anagrafica {number}", **({"vat_number": "00743110157"} if number < 2 else {})})
        if number < 3:
            actions.set_roles(unit, party, {"supplier"}, on=TODAY)
        if number == 4:
            actions.refuse_channel(unit, party, "phone", TODAY, origin="modulo")
    actions.look_for_twins(unit)
    today = datetime.date.today()
    figures = queries.sum_dashboard(unit, today)
    for role in ("", *rules.ROLES):
        assert figures.sections[role or "party"] == len(_names(unit, rules.in_section(role)))
    assert figures.new_this_month == len(_names(unit, rules.created_in(today.year, today.month))) == 5
    assert figures.incomplete == len(_names(unit, rules.INCOMPLETE)) == 5
    assert figures.twins == len(queries.list_twin_pairs(unit, ListQuery()).rows) == 1
    assert dict(figures.refusals) == {channel: len(_names(unit, rules.refusing(channel))) for channel in rules.CHANNELS}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("10121 torino", "Torino"), ("torino 10121", "Torino"), ("torino to", "Torino"), ("TO torino", "Torino"), ("ivrea (to)", "Ivrea"),
        ("torino, ivrea", "Ivrea"), ("10015", "Ivrea"), ("to 10015 ivrea", "Ivrea"), ("samone to", "Samone"), ("samone trento", "Samone"),
        ("canavese rivarolo", "Rivarolo Canavese"), ("via Roma 12, 10015 ivrea", "Ivrea"), ("borgofranco d'ivrea", "Borgofranco d'Ivrea"),
    ],
)  # fmt: skip
def test_a_place_is_found_by_cap_town_and_province_in_any_order(unit: UnitOfWork, typed: str, found: str) -> None:
    town = queries.find_places(unit, typed)[0]
    assert town.name == found
    if "samone" in typed:
        assert town.province_code == ("TO" if typed.endswith(" to") else "TN")


def test_the_street_before_the_place_is_kept() -> None:
    assert read_place("Via Roma 12, 10121 torino").street == "Via Roma 12"
    assert read_place("corso Francia 3 10121 torino") == rules.PlaceWords("10121", ("torino",), "corso Francia 3")
    assert read_place("torino 10121") == rules.PlaceWords("10121", ("torino",), "")


def test_abolished_towns_are_there_with_their_last_day(unit: UnitOfWork) -> None:
    (abetone,) = [town for town in queries.find_places(unit, "abetone") if town.name == "Abetone"]
    assert abetone.abolished_on == datetime.date(2016, 12, 31)
    assert queries.find_towns(unit, "abetone")[0].name == "Abetone Cutigliano"
    party = actions.add_party(unit, {"name": "Rifugio", "town": "Abetone", "istat_code": abetone.istat_code})
    assert queries.load_party(unit, party).values["istat_code"] == abetone.istat_code


def test_an_extraction_writes_addresses_and_classes_of_those_who_may_be_written_to(unit: UnitOfWork, tmp_path: pathlib.Path) -> None:
    actions.store_class(unit, 1, "Settore", ["Banche", "Scuole"])
    [field] = queries.list_classes(unit)
    bank = field.values[0].value_id
    actions.add_party(unit, {"name": "Uno", "email": "uno@x.it", "class_1": bank})
    two = actions.add_party(unit, {"name": "Due", "email": "due@x.it", "class_1": bank})
    actions.add_party(unit, {"name": "Tre", "email": "tre@x.it", "class_1": field.values[1].value_id})
    actions.refuse_channel(unit, two, "email", datetime.date(2025, 1, 1), origin="PEC")
    only_banks = ListQuery((Filter("class_1", "=", (bank,)),))
    assert write_extraction(unit, tmp_path / "elenco.csv", only_banks, "email") == 1
    lines = (tmp_path / "elenco.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines == ["Denominazione;E-mail;Comune;Prov.;Ruoli;Settore", "Uno;uno@x.it;;;;Banche"]


@pytest.mark.parametrize(
    ("known", "typed"),
    [
        ("ALFA SRL", "Alfa S.r.l."), ("Alfa S.p.A.", "ALFA SPA"), ("Alfa S.r.l. Unipersonale", "Alfa"), ("Alfa", "Alfa S.r.l. a socio unico"),
        ("Delta soc. coop. a r.l.", "DELTA SOCIETÀ COOPERATIVA"), ("COND. ROMA 12", "Condominio Roma 12"), ("Beta di Rossi & C. S.n.c.", "BETA DI ROSSI E C SNC"),
    ],
)  # fmt: skip
def test_a_name_is_found_however_its_legal_form_is_written(unit: UnitOfWork, known: str, typed: str) -> None:
    party = actions.add_party(unit, {"name": known})
    actions.add_party(unit, {"name": "Gamma S.r.l."})
    assert [one.party_id for one in queries.find_twins(unit, {"name": typed})] == [party]


def test_a_name_that_only_begins_alike_is_no_twin(unit: UnitOfWork) -> None:
    actions.add_party(unit, {"name": "Alfa Trasporti Internazionali S.r.l."})
    actions.add_party(unit, {"name": "Beta S.r.l."})
    assert queries.find_twins(unit, {"name": "Alfa S.r.l."}) == []
