"""The letters of a price run, as the customer reads them."""

from __future__ import annotations

import datetime
import io
import pathlib
from decimal import Decimal

import pytest
from pypdf import PdfReader

from cms_desktop.core.errors import Cancelled, InvalidInput
from cms_desktop.modules.customers.pricing import actions, letters, queries
from cms_desktop.modules.customers.pricing.records import PriceRunParameters
from tests.modules.customers.contracts.conftest import Clerk

D = datetime.date
CLAUSE = {"is_indexed": True, "index_base_on": D(2024, 9, 1), "index_share": Decimal(100)}


def _confirmed(clerk: Clerk) -> int:
    run = clerk.ask(actions.prepare_price_run, PriceRunParameters("indexation", "ISTAT", D(2040, 1, 1), index_on=D(2025, 9, 1)))
    clerk.ask(actions.confirm_price_run, run)
    return int(run)


def test_a_letter_says_from_when_why_and_how_much(clerk: Clerk, tmp_path: pathlib.Path) -> None:
    contract = clerk.contract("1000", "250.50", **CLAUSE)  # September 2024 → 2025: +1.4 %
    run = _confirmed(clerk)
    assert clerk.ask(letters.write_letters, run, tmp_path) == 1
    [file] = tmp_path.iterdir()
    [page] = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(file.read_bytes())).pages]
    for text in (
        "Vigilanza Aurora S.r.l.", "Alfa S.r.l.", "Via de' Cerretani 22/R", "50123 Firenze (FI)", "PEC oreficeria@pec.example.it",
        "Oggetto: Adeguamento dei canoni dal 01/01/2040", "Spettabile Alfa S.r.l.,", f"contratto n. {contract.number} del 01/01/2024",
        "indice ISTAT FOI (senza tabacchi) di 09/2025", "1.000,00 1.014,00", "250,50 254,01", "da 1.250,50 € a 1.268,01 €",
    ):  # fmt: skip
        assert text.replace("\u00a0", " ") in page.replace("\u00a0", " "), (text, page)
    assert clerk.ask(queries.find_price_run, run).letters_at is not None


def test_customers_are_written_to_as_they_can_be_reached(clerk: Clerk, tmp_path: pathlib.Path) -> None:
    for name, number, pec, email in (
        ("Alfa", "00743110157", "a@pec.example.it", "a@example.it"), ("Beta", "01533030993", "", "b@example.it"), ("Gamma", "00488410010", "", ""),
    ):  # fmt: skip
        clerk.contract("100", customer=clerk.customer(name, vat_number=number, pec=pec, email=email), **CLAUSE)
    run = _confirmed(clerk)
    assert clerk.ask(queries.count_letters, run) == {"pec": 1, "email": 1, "post": 1}
    assert clerk.ask(letters.write_letters, run, tmp_path) == 3
    assert sorted(file.name.split("-")[4] for file in tmp_path.iterdir()) == ["email", "pec", "post"]


def test_letters_wait_for_the_confirmation_and_stop_when_asked(clerk: Clerk, tmp_path: pathlib.Path) -> None:
    clerk.contract("100", **CLAUSE)
    run = clerk.ask(actions.prepare_price_run, PriceRunParameters("tariff", "Listino", D(2040, 1, 1), Decimal(5)))
    with pytest.raises(InvalidInput, match="confermata"):
        clerk.ask(letters.write_letters, run, tmp_path)
    clerk.ask(actions.confirm_price_run, run)
    with pytest.raises(Cancelled):
        clerk.ask(letters.write_letters, run, tmp_path, should_stop=lambda: True)
    assert list(tmp_path.iterdir()) == [] and clerk.ask(queries.find_price_run, run).letters_at is None
