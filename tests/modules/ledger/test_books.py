"""Chart, rules, sheets, balances, definitive journal and exports as the program asks for them."""

from __future__ import annotations

import csv
import datetime
import io
import itertools
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_desktop.core.errors import AppError, Conflict, InvalidInput
from cms_desktop.documents.spreadsheet import read_rows
from cms_desktop.modules.ledger import book_actions, book_queries, book_rules
from cms_desktop.modules.ledger.book_records import AccountRow, EntryTemplate, NewEntry, NewLine, TemplateLine
from tests.modules.billing.conftest import Desk
from tests.modules.billing.world import World
from tests.modules.ledger.conftest import Counter

D, Day = Decimal, datetime.date


class Bookkeeper:
    """Carlo at the books, through the program's own doors."""

    def __init__(self, counter: Counter) -> None:
        self.ask = counter.ask
        self.accounts = {one.code: one for one in self.ask(book_queries.list_accounts)}

    def post(self, day: Day, debit: str, credit: str, amount: str, words: str = "Giroconto") -> int:
        made: int = self.ask(
            book_actions.post_entry,
            NewEntry(
                day,
                words,
                (NewLine(self.accounts[debit].account_id, D(amount), D(0)), NewLine(self.accounts[credit].account_id, D(0), D(amount))),
            ),
        )
        return made

    def record(self, code: str) -> Any:
        return next(one for one in self.ask(book_queries.list_account_records) if one["code"] == code)

    def save(self, code: str, record: Any = None, **values: Any) -> int:
        facts = {"code": code, "name": "Prova", "kind": "expense", "role": "", "is_postable": True, "is_active": True} | values
        made: int = self.ask(book_actions.save_account, record.record_id if record else None, record.row_version if record else 0, facts)
        return made


@pytest.fixture
def keeper(counter: Counter) -> Bookkeeper:
    return Bookkeeper(counter)


# ── chart ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_company_begins_with_the_chart_of_a_security_company_in_levels(keeper: Bookkeeper, world: World) -> None:
    chart = keeper.accounts
    assert len(chart) > 120 and [chart[code].level for code in ("58", "58.01", "58.10", "58.10.01")] == [0, 1, 1, 2]
    assert {chart["14.01"].role, chart["58.01"].role, chart["14.20"].role} == {"receivable", "revenue", "withholding"}
    roles = [role for role, _title in keeper.ask(book_queries.list_account_roles)]
    assert set(roles) == {one.role for one in chart.values()} - {""}, "every role has its account in the default chart"
    orphans = world.value("select count(*) from ledger.account where parent_id is null and code like '%%.%%'")
    assert orphans == 0 and not any(one.is_postable for one in chart.values() if one.level == 0)


def test_an_account_finds_its_place_by_its_code(keeper: Bookkeeper, world: World) -> None:
    keeper.save("66.80", is_postable=False)
    made = keeper.save("66.80.01")
    parent = world.value(
        "select p.code from ledger.account as a join ledger.account as p on p.account_id = a.parent_id where a.account_id = %s", made
    )
    assert parent == "66.80"
    for wrong, problem in (("66.81.01", "66.81"), ("66.01.01", "66.01"), ("abc d", "ABC D"), ("66.80.01", "già usato")):
        with pytest.raises(InvalidInput) as told:
            keeper.save(wrong)
        assert problem in str(told.value)


def test_what_is_used_keeps_its_code_and_cannot_go(keeper: Bookkeeper) -> None:
    keeper.post(Day(2025, 1, 10), "66.20", "18.01", "5.00")
    for code, values in (("66.21", {}), ("66.20", {"is_postable": False}), ("66.20", {"kind": "asset"})):
        with pytest.raises(InvalidInput, match=r"66\.20"):
            keeper.save(code, keeper.record("66.20"), **values)
    used = keeper.record("66.20")
    with pytest.raises(InvalidInput, match=r"66\.20"):
        keeper.ask(book_actions.remove_account, used.record_id, used.row_version)
    keeper.save("66.20", used, name="Sanzioni")
    with pytest.raises(Conflict):
        keeper.save("66.20", used, name="Altro")
    for code in ("66", "14.01"):  # has accounts below; has a role
        record = keeper.record(code)
        with pytest.raises(AppError):
            keeper.ask(book_actions.remove_account, record.record_id, record.row_version)
    free = keeper.record("66.25")
    keeper.ask(book_actions.remove_account, free.record_id, free.row_version)
    with pytest.raises(InvalidInput, match="funzione"):
        keeper.save("66.30", keeper.record("66.30"), role="bank")


def test_the_database_and_the_program_choose_the_same_rule(keeper: Bookkeeper, world: World) -> None:
    dice = random.Random(7)
    series, vats = [None, world.series(), world.series("PA")], [None, world.vat("22"), world.vat("10")]
    kinds, days = ["", "company", "public_body"], [Day(2020, 1, 1), Day(2024, 5, 1)]
    accounts = [keeper.accounts[code].account_id for code in ("58.02", "58.03", "58.04", "58.05", "58.06")]
    every = list(itertools.product(vats, kinds, series, days))
    for vat, kind, one, day in dice.sample(every, 20):
        values = {
            "service_type_id": None, "vat_code_id": vat, "customer_kind": kind, "document_series_id": one, "account_id": dice.choice(accounts),
            "valid_from": day, "valid_to": dice.choice([None, Day(2024, 5, 31)]),
        }  # fmt: skip
        keeper.ask(book_actions.save_posting_rule, None, 0, values)
    rules = [one.values for one in keeper.ask(book_queries.list_posting_rules)]
    for vat, kind, one, day in itertools.product(vats[1:], kinds, series[1:], [Day(2019, 1, 1), Day(2024, 5, 1), Day(2024, 6, 1)]):
        line = {"service_type_id": 0, "vat_code_id": vat, "customer_kind": kind, "document_series_id": one}
        ours = book_rules.choose_rule(rules, line, day)
        theirs = world.value("select ledger.revenue_account(1, 0, %s, %s, %s, %s)", vat, kind, one, day)
        assert theirs == (ours["account_id"] if ours else None), (line, day)


@given(st.lists(st.tuples(st.sampled_from(["1.1", "1.2", "2.1", "2.1.1"]), st.integers(-999, 999), st.integers(0, 999)), max_size=8))
def test_groups_are_the_sums_of_what_lies_below(moves: list[tuple[str, int, int]]) -> None:
    codes = ["1", "1.1", "1.2", "2", "2.1", "2.1.1"]
    accounts = [AccountRow(n, code, code, "asset", "", True, True, code.count(".")) for n, code in enumerate(codes)]
    found: dict[int | None, tuple[D, D, D]] = {codes.index(code): (D(a), D(b), D(0)) for code, a, b in moves}
    rows = {row.code: row for row in book_rules.roll_up(accounts, found)}
    for code, row in rows.items():
        below = [
            figures
            for place, figures in found.items()
            if place is not None and (codes[place] == code or codes[place].startswith(code + "."))
        ]
        assert row.opening == sum(one[0] for one in below) and row.debit == sum(one[1] for one in below)
    assert all(any(figures) is False or codes[place] in rows for place, figures in found.items() if place is not None)


# ── sheets and balances ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_sheet_runs_from_the_opening_balance_to_the_closing_one_and_agrees_with_the_trial_balance(keeper: Bookkeeper) -> None:
    keeper.post(Day(2024, 12, 1), "18.01", "20.01", "1000.00", "Versamento soci")
    keeper.post(Day(2025, 1, 10), "66.20", "18.01", "30.00")
    keeper.post(Day(2025, 1, 5), "62.05", "18.01", "20.00")
    keeper.post(Day(2025, 2, 1), "18.01", "58.02", "7.00")
    bank = keeper.accounts["18.01"].account_id
    sheet = keeper.ask(book_queries.account_sheet, bank, Day(2025, 1, 1), Day(2025, 1, 31))
    assert sheet.opening == 1000 and [line.balance for line in sheet.lines] == [980, 950] and sheet.closing == 950
    rows = {row.code: row for row in keeper.ask(book_queries.trial_balance, Day(2025, 1, 1), Day(2025, 1, 31))}
    assert (rows["18.01"].opening, rows["18.01"].closing) == (sheet.opening, sheet.closing)
    assert rows["66"].debit == 30 and rows["18"].closing == 950
    opening, debit, credit = book_rules.totals(rows.values())
    assert (opening, debit - credit, sum(row.closing for row in rows.values() if row.level == 0)) == (0, 0, 0)
    cut = keeper.ask(book_queries.account_sheet, bank, Day(2024, 1, 1), Day(2025, 12, 31), None, 2)
    assert cut.is_cut and cut.line_count == 4 and cut.closing == 957


def test_the_sheet_of_one_customer_holds_only_their_lines(counter: Counter, desk: Desk, debtor: int, world: World) -> None:
    other, _, _ = world.simple("Beta", "10.00")
    desk.bill(Day(2024, 6, 1))
    account = next(one for one in counter.ask(book_queries.list_accounts) if one.role == "receivable").account_id
    sheet = counter.ask(book_queries.account_sheet, account, Day(2024, 6, 1), Day(2024, 6, 30), debtor)
    assert sheet.opening == D("122.00") and [line.customer for line in sheet.lines] == ["Alfa S.r.l."]
    assert counter.ask(book_queries.account_sheet, account, Day(2024, 6, 1), Day(2024, 6, 30), other).opening == 0


# ── templates ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_recurring_template_moves_its_day_on_when_it_is_posted(keeper: Bookkeeper) -> None:
    lines = tuple(TemplateLine(keeper.accounts[code].account_id, "", code == "63.01", D("900.00")) for code in ("63.01", "25.01"))
    made = keeper.ask(book_actions.save_template, EntryTemplate(None, "Affitto", "Affitto sede", lines, 1, Day(2025, 1, 31)))
    [template] = keeper.ask(book_queries.list_templates)
    assert [line.account for line in template.lines] == ["63.01 Affitti passivi", "25.01 Debiti verso fornitori"]
    entry = NewEntry(
        Day(2025, 1, 31), template.description, tuple(NewLine(line.account_id, line.amount * line.is_debit, line.amount * (not line.is_debit)) for line in template.lines), made
    )  # fmt: skip
    keeper.ask(book_actions.post_entry, entry)
    [template] = keeper.ask(book_queries.list_templates)
    assert template.next_on == Day(2025, 2, 28)
    with pytest.raises(InvalidInput, match="nome"):
        keeper.ask(book_actions.save_template, EntryTemplate(None, "Affitto", "x", lines))
    keeper.ask(book_actions.remove_template, made)
    assert keeper.ask(book_queries.list_templates) == []


# ── the definitive journal ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_printed_journal_carries_its_totals_from_part_to_part(keeper: Bookkeeper, tmp_path: Path) -> None:
    for number in range(60):
        keeper.post(Day(2025, 1, 1) + datetime.timedelta(days=number), "66.20", "18.01", "10.00", f"Spesa {number}")
    keeper.ask(book_actions.lock_period, Day(2025, 3, 31), "")
    keeper.ask(book_actions.number_journal, Day(2025, 1, 31))
    keeper.ask(book_actions.number_journal, Day(2025, 3, 31))
    second, first = keeper.ask(book_queries.list_prints)
    assert (first.first_number, first.last_number, second.first_number, second.last_number) == (1, 31, 32, 60)
    path = keeper.ask(book_actions.save_journal_pdf, second.print_id, tmp_path / "giornale.pdf")
    with pypdfium2.PdfDocument(path) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    assert "Riporto" in texts[0] and "310,00" in texts[0] and "Spesa 31" in texts[0]
    assert "Totale progressivo" in texts[-1] and "600,00" in texts[-1] and "Spesa 59" in texts[-1]


# ── exports ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_the_accountant_gets_no_entry_twice_unless_asked_and_the_file_stays_as_it_was(
    keeper: Bookkeeper, desk: Desk, debtor: int, file_format: Any, tmp_path: Path
) -> None:
    period = (Day(2024, 5, 1), Day(2024, 5, 31))
    keeper.post(Day(2024, 5, 7), "66.20", "18.01", "5.00", "=SOMMA(A1) sanzione;\nseconda")
    name, content = keeper.ask(book_actions.export_entries, *period, file_format)
    (tmp_path / name).write_bytes(content)
    rows = read_rows(tmp_path / name)
    body = [row for row in rows.rows if row[0] not in ("", "Totale")]
    assert len(body) == 5 and rows.headers[:5] == ("Registrazione", "Numero giornale", "Data", "Causale", "Descrizione")
    assert {row[3] for row in body} == {"FT", "PN"} and {row[15] for row in body} == {"V 2024/1", ""}
    with pytest.raises(InvalidInput, match="già esportate"):
        keeper.ask(book_actions.export_entries, *period, file_format)
    keeper.post(Day(2024, 5, 8), "66.20", "18.01", "6.00")
    keeper.ask(book_actions.export_entries, *period, file_format)
    keeper.ask(lambda unit: book_actions.export_entries(unit, *period, file_format, with_sent=True))
    repeat, second, first = keeper.ask(book_queries.list_exports)
    assert [(one.entry_count, one.is_repeat) for one in (first, second, repeat)] == [(2, False), (1, False), (3, True)]
    keeper.save("66.20", keeper.record("66.20"), name="Altro nome")
    assert keeper.ask(book_actions.find_export_file, first.export_id) == (name, content)


def test_the_csv_is_what_its_layout_says(keeper: Bookkeeper, debtor: int, world: World) -> None:
    world.owner.execute("update registry.party set name = '=Alfa; \"X\"', row_version = row_version + 1 where party_id = %s", (debtor,))
    _name, content = keeper.ask(book_actions.export_entries, Day(2024, 5, 1), Day(2024, 5, 31), "csv")
    assert content.startswith(b"\xef\xbb\xbfRegistrazione;") and content.count(b"\r\n") == 4
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[1][2] == "01/05/2024" and rows[1][9] == '\'=Alfa; "X"' and rows[1][12:14] == ["122,00", "0,00"]
    assert sum(D(row[12].replace(",", ".")) - D(row[13].replace(",", ".")) for row in rows[1:]) == 0


def test_where_the_books_stand(keeper: Bookkeeper) -> None:
    state = keeper.ask(book_queries.find_period_state)
    assert (state.closed_until, state.printed_until, state.not_numbered, state.first_entry_on) == (None, None, 0, None)
    keeper.post(Day(2025, 1, 10), "66.20", "18.01", "5.00")
    keeper.ask(book_actions.lock_period, Day(2025, 1, 31), "")
    state = keeper.ask(book_queries.find_period_state)
    assert (state.closed_until, state.not_numbered, state.first_entry_on) == (Day(2025, 1, 31), 1, Day(2025, 1, 10))
    [lock] = keeper.ask(book_queries.list_locks)
    assert lock.person == "Carlo Conti"
