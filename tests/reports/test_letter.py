"""Letters on paper."""

from __future__ import annotations

import datetime
import io

from pypdf import PdfReader

from cms_desktop.modules.base import letters
from cms_desktop.modules.base.letters import Letter, LetterTable
from cms_desktop.modules.base.records import Letterhead
from reports.letter.layout import letters_pdf
from tests.access.arranged_masters import PNG

PAPER = Letterhead(
    "Vigilanza Aurora S.r.l.",
    ("Via Garibaldi 12, 10122 Torino (TO)", "P. IVA 01234560017"),
    ("Vigilanza Aurora S.r.l. · REA TO 123456",),
)
DAY = datetime.date(2026, 11, 22)
RECIPIENT = ("Rossi Meccanica S.p.A.", "Corso Re Umberto 8", "10128 Torino (TO)")


def pages(*made: Letter, **more: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(letters_pdf(made, PAPER, **more))).pages]


def example(body: str = "Caro {cliente.nome},\n\n{variazione.righe}\n\nSaluti") -> Letter:
    kind = letters.kind_of("customers.price_change")
    text = letters.LetterText(1, kind.key, "it", DAY, "Adeguamento dal {variazione.decorrenza}", body)
    return letters.rendered(text, letters.example_values(kind), recipient=RECIPIENT, place="Torino", on_date=DAY)


def test_a_letter_shows_who_writes_to_whom_what_and_when() -> None:
    (page,) = pages(example())
    for text in (PAPER.name, *RECIPIENT, "Torino, 22 novembre 2026", "Oggetto: Adeguamento dal 01/01/2027", "Caro Rossi Meccanica S.p.A.,",
                 "Ronda notturna, quattro passaggi", "789,36", "REA TO 123456"):  # fmt: skip
        assert text in page, text
    assert "Pagina" not in page


def test_a_long_letter_goes_over_pages_and_says_which() -> None:
    found = pages(example("\n\n".join(f"Capoverso {n}: " + "parole su parole " * 30 for n in range(12))))
    assert len(found) == 3 and all(f"Pagina {n} di 3" in page for n, page in enumerate(found, start=1))
    assert all(f"Capoverso {n}:" in " ".join(found) for n in range(12))


def test_a_long_table_repeats_its_heading_on_every_page() -> None:
    table = LetterTable(("Documento", "Importo €"), tuple((f"V/{n}", f"{n},00") for n in range(60)), frozenset({1}))
    found = pages(Letter(RECIPIENT, "Torino", "Elenco", ("Segue:", table)))
    assert len(found) == 2 and all("Documento Importo €" in page for page in found)
    assert all(f"V/{n} {n},00" in " ".join(found) for n in range(60))


def test_many_letters_are_one_file_and_each_begins_its_own_page() -> None:
    found = pages(*[Letter((f"Cliente {n}",), "Torino", "Avviso", ("Testo",)) for n in range(5)])
    assert [f"Cliente {n}" in page for n, page in enumerate(found)] == [True] * 5


def test_a_signature_and_other_languages_are_printed() -> None:
    (page,) = pages(Letter(RECIPIENT, "Bozen", "Anpassung", ("Text",), "de"), signature=PNG)
    assert "Betreff: Anpassung" in page
