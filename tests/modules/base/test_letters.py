"""Texts of letters: placeholders known and unknown, filling, the text in force on a day."""

from __future__ import annotations

import datetime

import pytest

from cms_desktop.core.errors import InvalidInput
from cms_desktop.modules.base import letters, queries
from cms_desktop.modules.base.letters import LetterTable, LetterText
from tests.house import House

CHANGE = letters.kind_of("customers.price_change")
DAY = datetime.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("{cliente.nom}", "{cliente.nome}"), ("{Cliente.Nome}", "{cliente.nome}"), ("{contratto numero}", "{contratto.numero}"),
        ("{variazione.canone_dopo_}", "{variazione.canone_dopo}"), ("{aziende.piva}", "{azienda.piva}"),
    ],
)  # fmt: skip
def test_an_unknown_placeholder_is_refused_with_the_nearest_name(typed: str, meant: str) -> None:
    (problem,) = letters.text_problems(CHANGE, f"Gentile {typed}, {{cliente.nome}}")
    assert problem.fix == meant and typed in str(problem) and meant in str(problem)


def test_a_placeholder_of_another_kind_of_letter_is_unknown_here() -> None:
    (problem,) = letters.text_problems(letters.kind_of("base.letter"), "Dovete {partite.importo}")
    assert problem.token == "{partite.importo}"


@pytest.mark.parametrize("text", ["Una graffa { sola", "chiusa } sola", "{cliente.nome"])
def test_a_brace_without_its_companion_is_told(text: str) -> None:
    assert len(letters.text_problems(CHANGE, text)) == 1


def test_every_text_a_company_starts_with_knows_its_placeholders(shared_house: House) -> None:
    session = shared_house.log_in("anna.admin")
    with session.database.unit_of_work(1) as unit:
        for kind in letters.kinds():
            text = queries.find_letter_text(unit, kind.key, DAY)
            assert letters.text_problems(kind, text.subject + "\n" + text.body) == ()
            made = letters.rendered(text, letters.example_values(kind), recipient=("Rossi",), place="Torino", on_date=DAY)
            assert "{" not in made.subject + "".join(map(str, made.blocks))
    session.close()


def test_a_missing_value_is_named() -> None:
    with pytest.raises(InvalidInput, match=r"\{cliente.nome\}"):
        letters.filled_text("Gentile {cliente.nome}", {})


def test_a_line_of_empty_values_only_goes_and_an_empty_line_stays() -> None:
    assert letters.filled_text("A\n{cliente.pec}\n\nB {cliente.pec}", {"cliente.pec": ""}) == "A\n\nB"


def test_a_table_alone_on_its_line_is_a_block_of_its_own_and_lines_in_a_text() -> None:
    table = LetterTable(("Servizio", "Prezzo"), (("Ronda", "10,00"),))
    values = {"variazione.righe": table, "cliente.nome": "Rossi"}
    assert letters.filled_blocks("Caro {cliente.nome},\nsegue:\n  {variazione.righe}\nCiao", values) == (
        "Caro Rossi,\nsegue:",
        table,
        "Ciao",
    )
    assert letters.filled_text("{variazione.righe}", values) == "Ronda · 10,00"


def test_values_are_not_read_as_placeholders() -> None:
    assert letters.filled_text("{cliente.nome}", {"cliente.nome": "{azienda.iban}"}) == "{azienda.iban}"


@pytest.mark.parametrize(
    ("language", "day", "words"),
    [("it", 1, "1º novembre 2026"), ("it", 22, "22 novembre 2026"), ("en", 22, "22 November 2026"), ("de", 3, "3. November 2026")],
)
def test_a_day_is_written_in_the_language_of_the_letter(language: str, day: int, words: str) -> None:
    assert letters.long_day(datetime.date(2026, 11, day), language) == words


def test_the_text_in_force_on_the_day_is_found_in_the_language_or_else_in_italian(house: House) -> None:
    with house.person("anna.admin") as anna:
        anna.execute(
            "insert into base.letter_text (company_id, kind, language, valid_from, subject, body) values "
            "(1, 'base.letter', 'it', '2026-06-01', 'Nuovo', 'x'), (1, 'base.letter', 'it', '2027-01-01', 'Futuro', 'x'), "
            "(1, 'base.letter', 'en', '2026-01-01', 'New', 'x')"
        )
    session = house.log_in("anna.admin")
    with session.database.unit_of_work(1) as unit:

        def subject(day: str, language: str = "it") -> str:
            return queries.find_letter_text(unit, "base.letter", datetime.date.fromisoformat(day), language).subject

        assert [subject("2026-05-31"), subject("2026-06-01"), subject("2027-01-01")] == ["Comunicazione", "Nuovo", "Futuro"]
        assert [subject("2026-07-01", "en"), subject("2026-07-01", "de")] == ["New", "Nuovo"]
        with pytest.raises(InvalidInput, match="Manca il testo"):
            queries.find_letter_text(unit, "base.unknown", DAY)
        assert queries.find_company_values(unit)["azienda.indirizzo"] == "Via Garibaldi 12, 10122 Torino (TO)"
        assert queries.find_company_values(unit)["operatore"] == "Anna Ferri"
        assert queries.find_letter_place(unit, DAY) == "Torino"
    session.close()


def test_a_module_can_bring_its_own_kind_of_letter() -> None:
    own = letters.LetterKind("credit_recovery.notice", "Messa in mora", (letters.COMPANY,))
    letters.register(own)
    try:
        assert letters.kind_of("credit_recovery.notice") is own and own in letters.kinds()
        text = LetterText(1, own.key, "it", DAY, "Da {azienda.nome}", "Corpo")
        assert letters.rendered(text, letters.example_values(own), recipient=(), place="", on_date=DAY).place_and_date == "22 novembre 2026"
    finally:
        letters._kinds.pop(own.key)
