"""cms-admin bill: runs of a template for a scheduler, with the rights of a person, and what its exit codes say."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner

from cms_desktop import admin
from cms_desktop.db.profile import ConnectionProfile
from cms_desktop.modules.billing.running.actions import save_template
from tests.house import PASSWORD, House
from tests.modules.billing.conftest import Desk
from tests.modules.billing.world import World

MAY = ("--month", "2024-05")


@pytest.fixture
def call(desk: Desk, house: House, monkeypatch: pytest.MonkeyPatch) -> Any:
    """cms-admin bill with some words: (exit code, what it said as JSON)."""
    values = {"name": "Canoni", "title": "Canoni {mese}", "document_series_id": desk.world.series(), "months": 1}
    desk.ask(save_template, None, 0, values)

    @contextlib.contextmanager
    def place(_server: str, _database: str) -> Iterator[ConnectionProfile]:
        yield house.profile

    monkeypatch.setattr(admin, "_place_of", place)
    monkeypatch.setenv("CMS_BILL_PASSWORD", PASSWORD)

    def run(*words: str, login: str = "marta.bellini", template: str = "Canoni") -> tuple[int, dict[str, Any]]:
        given = ["bill", "--company", "Vigilanza Aurora S.r.l.", "--template", template, "--login", login, "--json", *words]
        result = CliRunner().invoke(admin.app, given)
        return result.exit_code, json.loads(result.stdout)

    return run


def test_a_run_is_prepared_and_issued_and_the_next_period_follows(call: Any, world: World) -> None:
    world.simple("Alfa")
    code, said = call(*MAY)
    assert (code, said["state"], said["invoices"], said["title"]) == (0, "preview", 1, "Canoni maggio 2024")
    code, said = call("--issue")
    assert (code, said["state"], said["period_start"], said["first_number"], said["total"]) == (0, "issued", "2024-06-01", 1, "122.00")


def test_rows_that_cannot_be_issued_are_told_by_the_code(call: Any, world: World) -> None:
    world.simple("Alfa")
    world.simple("Beta", street="")
    code, said = call(*MAY, "--issue")
    assert (code, said["state"], said["invoices"], said["blocked"]) == (1, "issued", 1, 1)


def test_without_anything_due_there_is_no_run(call: Any, world: World) -> None:
    code, said = call(*MAY)
    assert (code, said["run"]) == (3, "")
    assert world.value("select count(*) from billing.billing_run") == 0


@pytest.mark.parametrize("login", ["rita.revisore", "bruno.estraneo", "carlo.conti"])
def test_who_may_not_bill_does_not_bill_from_the_terminal_either(call: Any, world: World, login: str) -> None:
    world.simple("Alfa")
    code, said = call(*MAY, login=login)
    assert code == 2
    assert said["problem"]
    assert world.value("select count(*) from billing.billing_run") == 0


def test_what_is_not_there_is_said(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "modello" in call(template="Altro")[1]["problem"]
    assert "2026-11" in call("--month", "maggio")[1]["problem"]
    monkeypatch.setenv("CMS_BILL_PASSWORD", "sbagliata")
    assert call()[0] == 2
