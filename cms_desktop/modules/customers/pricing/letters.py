"""The letters of a price run: the company's text for `customers.price_change`, filled for each contract, printed on its paper."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby

import sqlalchemy as sa

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import Cancelled, InvalidInput
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base import letters
from cms_desktop.modules.base.queries.letters import find_company_values, find_image, find_letter_place, find_letter_text, find_letterhead
from cms_desktop.modules.customers.pricing import actions, queries
from cms_desktop.modules.customers.pricing.records import LetterLine, PriceLetter, PriceRun

KIND = "customers.price_change"
IN_A_FILE = 500  # letters; a larger PDF is unwieldy to print


def change_reason(run: PriceRun) -> str:
    """Why the prices change, in words for the customer."""
    if run.kind == "indexation" and run.index_on is not None:
        return f"adeguamento all'indice ISTAT FOI (senza tabacchi) di {run.index_on:%m/%Y}"
    return run.title


def change_values(run: PriceRun, letter: PriceLetter) -> dict[str, letters.Value]:
    """The placeholders of the change: when, why, how much, and the table of prices."""
    monthly = [line for line in letter.lines if line.is_monthly]
    before, after = (sum((line.quantity * price(line) for line in monthly), Decimal(0)) for price in (_old, _new))
    first = letter.lines[0]
    base, new = (before, after) if before else (first.old_price, first.new_price)
    rows = tuple(
        (f"{line.description}, al {line.unit}" if not line.is_monthly else line.description, *_pair(line)) for line in letter.lines
    )
    return {
        "variazione.decorrenza": formats.date(letter.valid_from),
        "variazione.motivo": change_reason(run),
        "variazione.percentuale": formats.signed(100 * (new - base) / base, 2, "%") if base else "",
        "variazione.canone_prima": formats.money(before),
        "variazione.canone_dopo": formats.money(after),
        "variazione.righe": letters.LetterTable(("Servizio", "Prima €", "Nuovo €"), rows, frozenset({1, 2})),
    }


def _old(line: LetterLine) -> Decimal:
    return line.old_price


def _new(line: LetterLine) -> Decimal:
    return line.new_price


def _pair(line: LetterLine) -> tuple[str, str]:
    return formats.amount(line.quantity * line.old_price), formats.amount(line.quantity * line.new_price)


def letters_of(unit: UnitOfWork, run: PriceRun) -> Iterator[tuple[str, letters.Letter]]:
    """Channel and letter for each contract of the run."""
    today = local_today()
    text = find_letter_text(unit, KIND, today)
    shared, place = find_company_values(unit), find_letter_place(unit, today)
    for one in queries.list_letters(unit, run.run_id):
        values = {**shared, **one.values, **change_values(run, one)}
        yield one.channel, letters.rendered(text, values, recipient=one.recipient, place=place, on_date=today)


def write_letters(unit: UnitOfWork, run_id: int, folder: pathlib.Path, *, should_stop: Callable[[], bool] = lambda: False) -> int:
    """PDF files in a folder, one for each channel and 500 letters; how many letters. Raises InvalidInput, Cancelled between files."""
    run = queries.find_price_run(unit, run_id)
    if run is None or run.state != "confirmed":
        raise InvalidInput("Le lettere si fanno quando la variazione è confermata.", key="letters_before_confirmation")
    from reports.letter.layout import letters_pdf  # slow to load: only who prints waits for it

    head, signature = find_letterhead(unit), find_image(unit, "signature")
    total, done = sum(queries.count_letters(unit, run_id).values()), 0
    for channel, group in groupby(letters_of(unit, run), key=lambda one: one[0]):
        for number, chunk in enumerate(_chunks([letter for _, letter in group]), start=1):
            if should_stop():
                raise Cancelled
            name = f"lettere-{run.number.replace('/', '-')}-{channel}-{number:02}.pdf"
            (folder / name).write_bytes(letters_pdf(chunk, head, signature=signature, title=run.title))
            done += len(chunk)
            unit.on_progress(done, total, "letters")
    if _may_mark(unit):
        actions.mark_letters(unit, run_id)
    return done


def _may_mark(unit: UnitOfWork) -> bool:
    """Who only reads may print letters, but leaves no mark."""
    return bool(unit.value(sa.text("select :company = any (sec.companies('customers.reprice'))")))


def _chunks(all_letters: Sequence[letters.Letter]) -> Iterator[Sequence[letters.Letter]]:
    for start in range(0, len(all_letters), IN_A_FILE):
        yield all_letters[start : start + IN_A_FILE]
