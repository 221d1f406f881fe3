"""Images, series, VAT codes that end, own days, letters: saved and refused; what happened to a record; why somebody may not."""

from __future__ import annotations

import contextlib
import datetime
import io
from collections.abc import Iterator
from decimal import Decimal

import pytest
from PIL import Image
from typer.testing import CliRunner

from cms_desktop import admin
from cms_desktop.core.errors import Conflict, InvalidInput, NotAllowed
from cms_desktop.core.fiscal import check_creditor_identifier, creditor_identifier
from cms_desktop.db.login import LoginSession
from cms_desktop.modules.base import actions, images, queries, rights_rules, rules
from cms_desktop.modules.base.field_words import field_words
from cms_desktop.modules.base.records import ExplainStep, SeriesUse
from server_schema import deploy
from tests.access.arranged import add_customer, add_person, log_in_as, prepare
from tests.access.arranged_masters import PNG
from tests.house import House

DAY = datetime.date


@pytest.fixture
def anna(house: House) -> Iterator[LoginSession]:
    session = house.log_in("anna.admin")
    yield session
    session.close()


def picture(size: tuple[int, int], kind: str = "PNG") -> bytes:
    made = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(made, kind)
    return made.getvalue()


# ---- company ------------------------------------------------------------------------------------------------------------


def test_a_logo_is_stored_printed_replaced_and_removed(anna: LoginSession) -> None:
    for content in (PNG, picture((40, 20), "JPEG")):
        with anna.database.unit_of_work(1) as unit:
            actions.save_image(unit, "logo", content)
        with anna.database.unit_of_work(1) as unit:
            assert queries.find_letterhead(unit).logo == content
    with anna.database.unit_of_work(1) as unit:
        actions.remove_image(unit, "logo")
    with anna.database.unit_of_work(1) as unit:
        assert queries.find_letterhead(unit).logo == b""


def test_an_image_with_more_points_than_print_needs_is_made_smaller() -> None:
    made = images.prepared_image(picture((3000, 1000), "JPEG"))
    assert (made.pixel_width, made.pixel_height) == (1200, 400) and len(made.content) <= images.MOST_BYTES


@pytest.mark.parametrize("content", [b"", b"no image", PNG[:40], picture((30, 30), "GIF"), b"\x89PNG\r\n\x1a\n" + b"0" * 100])
def test_what_is_no_image_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(InvalidInput):
        images.prepared_image(content)


def test_the_database_refuses_an_image_that_is_none_or_too_large(house: House) -> None:
    from tests.access.arranged import outcome

    with house.person("anna.admin") as anna:
        order = (
            "insert into base.company_image (company_id, media_type, content, pixel_width, pixel_height) values (1, 'image/png', %s, 1, 1)"
        )
        assert outcome(anna, order, [b"<svg onload=alert(1)>"]) == "23514"
        assert outcome(anna, order, [PNG + b"0" * 600_000]) == "23514"
    with house.person("marta.bellini") as marta:
        assert outcome(marta, order, [PNG]) == "42501"


def test_the_letterhead_says_what_the_law_wants_on_letters() -> None:
    values = {"name": "Aurora S.r.l.", "vat_number": "01234560017", "tax_code": "97012340018", "share_capital": Decimal(10000),
              "is_sole_holder": True, "is_in_liquidation": True, "rea_office": "TO", "rea_number": "1", "letterhead_lines": "Licenza n. 1\n\n",
              "letterhead_foot": "UNI 10891"}  # fmt: skip
    made = rules.letterhead(values)
    assert "P. IVA 01234560017 · C.F. 97012340018" in made.lines and made.lines[-1] == "Licenza n. 1"
    for words in ("REA TO 1", "10.000,00\u00a0€ i.v.", "Società con socio unico", "Società in liquidazione"):
        assert words in made.footer[0]
    assert made.footer[1] == "UNI 10891"
    assert "i.v." not in rules.letterhead({**values, "is_capital_paid_up": False}).footer[0]


def test_the_creditor_identifier_of_the_company_comes_from_its_vat_number() -> None:
    assert creditor_identifier("00743110157") == "IT19ZZZ0000000743110157"
    assert check_creditor_identifier(creditor_identifier("01234560017", "A12")) is None


# ---- series, VAT, own days, letters ---------------------------------------------------------------------------------------


def test_a_series_takes_its_documents_and_the_new_default_takes_the_place_of_the_old(anna: LoginSession) -> None:
    with anna.database.unit_of_work(1) as unit:
        one = next(series for series in queries.list_document_series(unit) if series["code"] == "V")
        assert SeriesUse("TD01", False, True) in one.uses
        new = actions.save_document_series(
            unit, None, 0, {"code": "X", "name": "Nuova"}, kinds=[SeriesUse("TD01", False, True), SeriesUse("TD24", False, False)]
        )
    with anna.database.unit_of_work(1) as unit:
        found = {series["code"]: series for series in queries.list_document_series(unit)}
        assert SeriesUse("TD01", False, False) in found["V"].uses and SeriesUse("TD04", False, True) in found["V"].uses
        actions.save_document_series(unit, new, found["X"].row_version, {"name": "Nuova"}, kinds=[SeriesUse("TD24", False, True)])
    with anna.database.unit_of_work(1) as unit:
        found = {series["code"]: series for series in queries.list_document_series(unit)}
        assert found["X"].uses == (SeriesUse("TD24", False, True),)


def test_the_database_names_the_series_for_a_document(house: House) -> None:
    with house.person("marta.bellini") as marta:
        ask = "select s.code from base.document_series as s where s.document_series_id = base.series_for(1, %s, %s)"
        found = [marta.execute(ask, key).fetchone() for key in (("TD01", False), ("TD01", True), ("TD04", True), ("TD16", False))]
        assert found == [("V",), ("PA",), ("PA",), ("AF",)]


def test_a_change_of_rate_puts_a_new_code_in_the_place_of_the_old_from_its_day(anna: LoginSession) -> None:
    with anna.database.unit_of_work(1) as unit:
        old = next(code for code in queries.list_vat_codes(unit) if code["code"] == "22")
        new = actions.replace_vat_code(
            unit, old.record_id, old.row_version, from_day=DAY(2027, 1, 1), code="23", description="Ordinaria 23%", rate=Decimal(23)
        )
    with anna.database.unit_of_work(1) as unit:
        second = next(code for code in queries.list_vat_codes(unit) if code.record_id == new)
        third = actions.replace_vat_code(
            unit, new, second.row_version, from_day=DAY(2028, 1, 1), code="24", description="Ordinaria 24%", rate=Decimal(24)
        )
    with anna.database.unit_of_work(1) as unit:
        codes = {code.record_id: code for code in queries.list_vat_codes(unit)}
        assert codes[old.record_id]["valid_to"] == DAY(2026, 12, 31) and codes[new]["valid_to"] == DAY(2027, 12, 31)

        def effective(day: str) -> int:
            rows = unit.driver.execute(
                "select effective_id from base.vat_codes_on(1, %s) where vat_code_id = %s", (day, old.record_id)
            ).fetchall()
            return int(rows[0][0])

        assert [effective(day) for day in ("2026-12-31", "2027-01-01", "2027-12-31", "2028-01-01")] == [old.record_id, new, new, third]
    with pytest.raises(InvalidInput), anna.database.unit_of_work(1) as unit:
        actions.replace_vat_code(
            unit, old.record_id, codes[old.record_id].row_version, from_day=DAY(2029, 1, 1), code="Z", description="z", rate=Decimal(1)
        )


def test_a_run_bills_with_the_code_in_force_on_the_day_of_its_documents(house: House, anna: LoginSession) -> None:
    with house.owner() as owner:
        add_customer(owner, "100")
    with anna.database.unit_of_work(1) as unit:
        old = next(code for code in queries.list_vat_codes(unit) if code["code"] == "22")
        actions.replace_vat_code(
            unit, old.record_id, old.row_version, from_day=DAY(2025, 2, 1), code="23", description="Ordinaria 23%", rate=Decimal(23)
        )
    with house.person("marta.bellini") as marta:
        for month in ("2025-01-01", "2025-02-01"):
            marta.execute("select billing.issue_run(1, %s)", (prepare(marta, month),))
        rows = marta.execute("select document_on::text, v.rate, v.vat_amount from billing.invoice_vat as v join billing.invoice using (company_id, invoice_id) "
                             "order by 1").fetchall()  # fmt: skip
    assert rows == [("2025-01-01", Decimal("22.00"), Decimal("22.00")), ("2025-02-01", Decimal("23.00"), Decimal("23.00"))]


def test_own_days_are_added_changed_and_taken_away(anna: LoginSession) -> None:
    values = {"kind": "closing", "name": "Ferie", "starts_on": DAY(2026, 8, 10), "ends_on": DAY(2026, 8, 21)}
    with anna.database.unit_of_work(1) as unit:
        day_id = actions.save_calendar_day(unit, None, 0, values)
    with anna.database.unit_of_work(1) as unit:
        (stored,) = queries.list_calendar_days(unit)
        actions.save_calendar_day(unit, day_id, stored.row_version, {"name": "Ferie estive"})
    with pytest.raises(Conflict), anna.database.unit_of_work(1) as unit:
        actions.remove_calendar_day(unit, day_id, stored.row_version)
    with anna.database.unit_of_work(1) as unit:
        actions.remove_calendar_day(unit, day_id, stored.row_version + 1)
    with anna.database.unit_of_work(1) as unit:
        assert queries.list_calendar_days(unit) == ()
    with pytest.raises(InvalidInput, match="ultimo giorno"), anna.database.unit_of_work(1) as unit:
        actions.save_calendar_day(unit, None, 0, {**values, "ends_on": DAY(2026, 8, 1)})


def test_a_letter_with_an_unknown_placeholder_is_not_saved(anna: LoginSession) -> None:
    text = {"kind": "base.letter", "language": "it", "valid_from": DAY(2026, 1, 1), "subject": "Ciao", "body": "Caro {cliente.nom}"}
    with pytest.raises(InvalidInput, match=r"\{cliente.nome\}") as refused, anna.database.unit_of_work(1) as unit:
        actions.save_letter_text(unit, None, 0, text)
    assert refused.value.field == "body"
    with anna.database.unit_of_work(1) as unit:
        actions.save_letter_text(unit, None, 0, {**text, "body": "Caro {cliente.nome}"})


# ---- Storico ------------------------------------------------------------------------------------------------------------


def test_the_history_of_a_record_has_names_instead_of_numbers_and_begins_with_its_creation(house: House) -> None:
    with house.person("marta.bellini") as marta:
        customer = add_customer(marta, "100")
    marta_session = house.log_in("marta.bellini")
    with marta_session.database.unit_of_work(1) as unit:
        unit.driver.execute(
            "update customers.customer set payment_term_id = (select payment_term_id from base.payment_term where company_id = 1 and code = 'BB30'), "
            "is_split_payment = true, row_version = row_version + 1 where customer_id = %s", [customer],
        )  # fmt: skip
    with marta_session.database.unit_of_work(1) as unit:
        found = queries.find_history(unit, "customers.customer", customer)
        assert [(entry.operation, entry.person_name) for entry in found] == [("U", "Marta Bellini"), ("I", "Marta Bellini")]
        changes = {one.field: (one.old, one.new) for one in found[0].changes}
        assert changes == {"payment_term_id": ("RiBa 30 gg fine mese", "Bonifico 30 gg data fattura"), "is_split_payment": (False, True)}
        assert queries.find_record_name(unit, "customers.customer", customer) == "Cliente 100"
    marta_session.close()


def test_a_record_that_came_with_many_others_shows_who_made_it(house: House) -> None:
    with house.person("marta.bellini") as marta:
        marta.execute("insert into registry.party (company_id, name) select 1, 'n' || n from generate_series(1, 50) n")
    session = house.log_in("carlo.conti")
    with session.database.unit_of_work(1) as unit:
        (entry,) = queries.find_history(unit, "registry.party", 7)
        assert (entry.operation, entry.person_name) == ("I", "Marta Bellini") and entry.at.tzinfo is not None
    session.close()


def test_who_may_not_read_the_record_does_not_read_its_past(house: House) -> None:
    with house.person("marta.bellini") as marta:
        marta.execute("insert into registry.party (company_id, name) values (1, 'Segreto')")
        marta.execute("update registry.party set name = 'Altro', row_version = row_version + 1")
        assert marta.execute("select count(*) from base.record_history(1, 'registry.party', 1)").fetchone() == (2,)
    ask = "select count(*) from base.record_history(%s, %s, 1)"
    from tests.access.arranged import outcome

    add_person(house, "solo.base", (1, ()))
    session = log_in_as(house, "solo.base")
    for table, came in (("registry.party", "not_allowed"), ("base.permission", "not_allowed"), ("sec.applied_change", "not_allowed")):
        with pytest.raises(NotAllowed) as refused, session.database.unit_of_work(1) as unit:
            queries.find_history(unit, table, 1)
        assert refused.value.key == came
    session.close()
    with house.person("bruno.estraneo") as bruno:
        assert outcome(bruno, ask, (1, "registry.party")) == "CM001"
        assert bruno.execute(ask, (2, "registry.party")).fetchone() == (0,)
    with house.person("marta.bellini") as marta:
        for table in ("base.person", "base.permission", "base.audit_entry", "", None, "registry.party; drop table x"):
            assert outcome(marta, ask, (1, table)) == "CM001", table
        assert outcome(marta, ask, (1, "base.company")) == "1 rows"


def test_a_table_whose_rows_are_not_for_everybody_shows_its_past_to_the_register_only(house: House) -> None:
    with house.owner() as owner:
        owner.execute("drop policy may_read on registry.party")
        owner.execute("create policy may_read on registry.party for select to cms_people using (company_id = any ((select "
                      "sec.companies('registry.read'))::int[]) and name <> 'Segreto')")  # fmt: skip
        assert owner.execute("select base.history_right('registry.party'), base.history_right('customers.customer')").fetchone() == (
            "base.audit", "customers.read")  # fmt: skip


def test_every_column_has_a_word(shared_house: House) -> None:
    with shared_house.owner() as owner:
        rows = owner.execute(
            "select distinct a.attname::text from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_trigger t on t.tgrelid = c.oid "
            "and t.tgname = 'record_change' join pg_namespace n on n.oid = c.relnamespace where a.attnum > 0 and not a.attisdropped "
            "and n.nspname = 'base'"
        ).fetchall()
    hidden = {"company_id", "row_version", "changed_at", "changed_by", "search_key", "search_text"}
    own_keys = {"company_image_id", "series_kind_id", "calendar_day_id", "letter_text_id", "integrity_run_id", "integrity_finding_id",
                "audit_seal_id", "parameter_id", "mailbox_position_id", "outbox_attachment_id", "installment_id", "import_run_id", "mass_change_id", "shared_view_id"}  # fmt: skip
    never_changed = {"samples", "check_key", "row_count", "origin", "finished_at", "check_count", "finding_count", "started_at", "digest",
                     "first_audit_id", "last_audit_id", "entry_count", "sealed_at", "last_number", "last_document_on",
                     # imports and mass changes are written once; that they were undone is what changes
                     "operation", "record_id", "row_before", "table_name", "changed_count", "created_count", "duplicate_count", "error_count",
                     "token_digest", "uid_validity",  # of the outbox: secrets of a lease, the server's own counting
                     "mapping", "sha256", "target", "before", "version"}  # fmt: skip
    missing = {name for (name,) in rows} - set(field_words()) - hidden - own_keys - never_changed
    assert missing == set()


# ---- rights ---------------------------------------------------------------------------------------------------------------


def steps_of(session: LoginSession, person: int, function: str) -> tuple[list[ExplainStep], list[ExplainStep]]:
    with session.database.unit_of_work(1) as unit:
        found = queries.explain(unit, person, function)
    return [step for step in found.steps if not step.is_met], list(found.remedies)


def test_who_may_not_is_told_what_is_missing_and_who_can_give_it(anna: LoginSession) -> None:
    missing, (remedy,) = steps_of(anna, 3, "billing.issue")
    assert [step.kind for step in missing] == ["granted"]
    assert remedy.facts["who"] == ("Anna Ferri",) and set(remedy.facts["presets"]) == {"amministratore", "fatturista"}


def test_every_reason_is_told_at_once(house: House, anna: LoginSession) -> None:
    person = add_person(house, "tutto.storto", (1, ()), must_change=True)
    log_in_as(house, "tutto.storto").close()
    with house.owner() as owner:
        owner.execute(
            "update base.person set is_active = false, expires_on = '2020-01-01', locked_until = now() + interval '1 hour' where person_id = %s",
            [person],
        )
        owner.execute("update base.program set minimum_client_version = '9.0.0'")
        owner.execute("update base.company set is_active = false, row_version = row_version + 1 where company_id = 1")
    missing, remedies = steps_of(anna, person, "billing.issue")
    assert [step.kind for step in missing] == ["company", "active", "expiry", "lock", "password", "client", "granted"]
    assert [step.kind for step in remedies] == [step.kind for step in missing]


def test_the_only_administrator_is_not_named_as_their_own_helper(anna: LoginSession) -> None:
    with anna.database.unit_of_work(1) as unit:
        found = queries.explain(unit, anna.person.person_id, "billing.issue")
    assert found.is_allowed and found.remedies == ()


def test_a_person_is_seen_in_the_companies_i_administer_only(house: House, anna: LoginSession) -> None:
    with anna.database.unit_of_work(1) as unit:
        assert [place.company_id for place in queries.list_places(unit, 5)] == [1]
    with house.owner() as owner:
        owner.execute("insert into base.permission (company_id, person_id, function) values (2, 1, 'base.read'), (2, 1, 'base.administer')")
    with anna.database.unit_of_work(1) as unit:
        places = {place.company_id: place.functions for place in queries.list_places(unit, 5)}
        assert set(places) == {1, 2} and "billing.issue" in places[2]
        assert {place.company_id: bool(place.functions) for place in queries.list_places(unit, 2)} == {1: True, 2: False}


def test_a_copy_from_a_colleague_says_what_is_given_and_taken(anna: LoginSession) -> None:
    with anna.database.unit_of_work(1) as unit:
        matrix = queries.find_matrix(unit)
    order = [one.function for one in matrix.functions]
    by_login = {holder.login: holder for holder in matrix.holders}
    marta, carlo = by_login["marta.bellini"], by_login["carlo.conti"]
    change = rights_rules.difference(carlo.functions, marta.functions, order)
    assert "billing.issue" in change.given and "ledger.collect" in change.taken and "base.read" in change.kept
    assert set(change.given) | (carlo.functions - set(change.taken)) == marta.functions
    assert ("billing.issue", True, False) in rights_rules.compared(marta, carlo, order)
    assert rights_rules.nearest_preset(marta.functions, matrix.presets) == "fatturista"
    assert rights_rules.nearest_preset(frozenset({"base.read"}), matrix.presets) == ""


# ---- checks of the books ----------------------------------------------------------------------------------------------------


def test_an_administrator_runs_the_checks_and_reads_what_was_found(house: House, anna: LoginSession) -> None:
    with house.owner() as owner:
        owner.execute("insert into base.document_counter (company_id, document_series_id, year, last_number) select 1, min(document_series_id), 2026, 5 "
                      "from base.document_series where company_id = 1")  # fmt: skip
    with anna.database.unit_of_work(1) as unit:
        assert queries.find_integrity_report(unit) is None
        run = actions.check_books(unit)
    with anna.database.unit_of_work(1) as unit:
        report = queries.find_integrity_report(unit)
        assert report is not None and report.run.run_id == run and report.run.person_name == "Anna Ferri" and report.run.origin == "person"
        (finding,) = report.findings
        assert finding.check.key == "numbers.counter" and finding.row_count == 1 and finding.samples[0]["last_number"] == 5
        assert finding.check.meaning and finding.check.remedy
        assert len(report.sound) + 1 == report.run.check_count
    for login, reads in (("rita.revisore", 1), ("marta.bellini", 0)):
        session = house.log_in(login)
        with session.database.unit_of_work(1) as unit:
            assert len(queries.list_check_runs(unit)) == reads
        with pytest.raises(NotAllowed), session.database.unit_of_work(1) as unit:
            actions.check_books(unit)
        session.close()


def test_the_nightly_check_keeps_a_run_for_every_company_and_seals_the_register(house: House, anna: LoginSession) -> None:
    with house.owner() as owner:
        owner.execute("insert into base.document_counter (company_id, document_series_id, year, last_number) select 2, min(document_series_id), 2026, 5 "
                      "from base.document_series where company_id = 2")  # fmt: skip
        owner.execute("update base.audit_entry set at = at - interval '2 hours'")
        reports = list(deploy.nightly(owner))
        assert [(one.company_id, [finding.title for finding in one.findings]) for one in reports] == [
            (1, []), (2, ["Contatore di sezionale diverso dall'ultima fattura"])]  # fmt: skip
        sealed = owner.execute("select company_id, count(*) from base.audit_seal group by 1 order by 1").fetchall()
        assert sealed == [(1, 1), (2, 1)]
    with anna.database.unit_of_work(1) as unit:
        (run,) = queries.list_check_runs(unit)
        assert run.origin == "nightly" and run.finding_count == 0 and run.finished_at is not None


def test_the_terminal_tells_what_the_night_found(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with house.owner() as owner:
        owner.execute("insert into base.document_counter (company_id, document_series_id, year, last_number) select 1, min(document_series_id), 2026, 5 "
                      "from base.document_series where company_id = 1")  # fmt: skip

    @contextlib.contextmanager
    def open_owner(*_where: str) -> Iterator[object]:
        with house.owner() as owner:
            yield owner

    monkeypatch.setattr(admin, "administrator", open_owner)
    told = CliRunner().invoke(admin.app, ["check", "--report"])
    assert told.exit_code == 1
    for words in ("Vigilanza Aurora", "Contatore di sezionale", "Non emettere in questo sezionale", "last_number: 5"):
        assert words in told.output, told.output
    assert CliRunner().invoke(admin.app, ["check"]).exit_code == 1
