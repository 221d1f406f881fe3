"""Register on paper and as a spreadsheet: the same figures, pages numbered through the year."""

from __future__ import annotations

import datetime
import pathlib
from decimal import Decimal

import openpyxl
import pypdfium2
import pytest

from cms_desktop.core.errors import AppError
from cms_desktop.modules.billing.vat import papers, queries
from tests.modules.billing.vat.conftest import Bookkeeper
from tests.modules.billing.vat.papers import issue
from tests.modules.billing.world import World

D, DAY = Decimal, datetime.date
MAY = DAY(2024, 5, 1)


def _pages(path: pathlib.Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    return [document[number].get_textpage().get_text_bounded() for number in range(len(document))]


@pytest.fixture
def long_month(world: World) -> None:
    """A hundred invoices of 10.00, every tenth of two rates, a credit note."""
    customer = world.customer("Officine Città di Torino S.p.A., stabilimento di Settimo Torinese")
    for number in range(1, 101):
        issue(world, "TD01", customer, DAY(2024, 5, 1 + number // 5), {"22": "10.00"} | ({"N4": "5.00"} if number % 10 == 0 else {}))
    issue(world, "TD04", customer, DAY(2024, 5, 31), {"22": "-3.00"})


def test_a_definitive_register_takes_its_pages_and_comes_again_with_them(
    long_month: None, books: Bookkeeper, world: World, tmp_path: pathlib.Path
) -> None:
    issue(world, "TD01", world.customer("Beta"), DAY(2024, 6, 3), {"22": "1.00"})
    place = tmp_path / "registro.pdf"
    pages = books.ask(papers.print_register, books.section(), MAY, place, is_definitive=True)
    texts = _pages(place)
    assert len(texts) == pages > 1
    assert [f"Pagina 2024/{n}" in text for n, text in enumerate(texts, 1)] == [True] * pages
    assert all("maggio 2024" in text and "Sezionale V" in text for text in texts)
    assert sum(text.count("V 2024/") for text in texts) >= 101
    # 100 x 10.00 - 3.00 and 10 x 5.00; 22 percent of each: 220.00 - 0.66
    assert all(figure in texts[-1] for figure in ("997,00", "50,00", "1.047,00", "219,34", "1.266,34", "Esente art. 10"))
    again = tmp_path / "di nuovo.pdf"
    assert books.ask(papers.print_register, books.section(), MAY, again, is_definitive=False) == pages
    assert again.read_bytes() == place.read_bytes()
    books.ask(papers.print_register, books.section(), DAY(2024, 6, 1), place, is_definitive=True)
    assert f"Pagina 2024/{pages + 1}" in _pages(place)[0]


def test_a_draft_says_so_and_takes_nothing(long_month: None, books: Bookkeeper, world: World, tmp_path: pathlib.Path) -> None:
    place = tmp_path / "bozza.pdf"
    books.ask(papers.print_register, books.section(), MAY, place, is_definitive=False)
    assert all("Bozza" in text and "Pagina 2024" not in text for text in _pages(place))
    assert world.value("select count(*) from billing.register_print") == 0


def test_a_month_without_documents_has_one_page(books: Bookkeeper, tmp_path: pathlib.Path) -> None:
    place = tmp_path / "vuoto.pdf"
    assert books.ask(papers.print_register, books.section("purchases"), MAY, place, is_definitive=True) == 1
    assert "Nessun documento nel mese" in _pages(place)[0]


def test_what_the_server_refuses_is_not_written(books: Bookkeeper, tmp_path: pathlib.Path) -> None:
    place = tmp_path / "x.pdf"
    with pytest.raises(AppError):
        books.ask(papers.print_register, books.section(), datetime.date.today(), place, is_definitive=True)
    assert not place.exists()


def test_the_spreadsheet_has_the_rows_of_the_register_and_their_sums(long_month: None, books: Bookkeeper, tmp_path: pathlib.Path) -> None:
    found = books.ask(queries.find_month, books.section(), MAY)
    place = tmp_path / "registro.xlsx"
    assert papers.export_register(place, found) == 111
    rows = list(openpyxl.load_workbook(place).active.iter_rows(values_only=True))
    assert (rows[1][1], rows[-2][3], D(str(rows[-2][11])), D(str(rows[-1][11])), D(str(rows[-1][12]))) == (
        "V 2024/1", "TD04", D("-3"), D("1047"), found.vat_amount,
    )  # fmt: skip
