"""What the database refuses, as a sentence."""

from __future__ import annotations

import pathlib
import re
import string

import psycopg
import pytest

from cms_desktop.core.errors import AlreadyDone, AppError, Cancelled, Conflict, ConnectionLost, InvalidInput, NotAllowed
from cms_desktop.db.errors import BUSINESS, CONSTRAINTS, app_error_from, translated
from tests.house import House

CODE = pathlib.Path(__file__).parents[2] / "server_schema"


def _refused_keys() -> set[str]:
    found: set[str] = set()
    for path in CODE.rglob("*.sql"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"refuse\('CM\d{3}', '(\w+)'", text)) | set(re.findall(r"errcode = 'CM\d{3}', message = '(\w+)'", text))
    return found


def test_every_refusal_of_the_database_has_a_sentence() -> None:
    assert len(_refused_keys()) > 20
    assert _refused_keys() - set(BUSINESS) == set()


def test_no_sentence_is_left_over() -> None:
    """A key may stand in a table or a case of the function that refuses."""
    said = "".join(path.read_text(encoding="utf-8") for path in CODE.rglob("*.sql"))
    said += "".join(re.findall(r'_business\("\w+"', (CODE.parent / "cms_desktop/db/errors.py").read_text(encoding="utf-8")))
    assert {key for key in BUSINESS if f"'{key}'" not in said and f'"{key}"' not in said} == set()


def test_every_constraint_with_a_sentence_exists(shared_house: House) -> None:
    with shared_house.owner() as owner:
        known = {
            row[0]
            for row in owner.execute("select conname::text from pg_constraint union select relname::text from pg_class where relkind = 'i'")
        }
    assert set(CONSTRAINTS) - known == set()


def _raised(house: House, statement: str) -> AppError:
    with house.owner() as owner, pytest.raises(AppError) as refused, translated():
        owner.execute(statement)  # type: ignore[arg-type]
    return refused.value


@pytest.mark.parametrize("state, kind", [
    ("57014", Cancelled), ("40001", Conflict), ("40P01", Conflict), ("55P03", Conflict), ("42501", NotAllowed), ("23514", InvalidInput),
    ("22003", InvalidInput), ("57P01", ConnectionLost), ("08006", ConnectionLost), ("53300", ConnectionLost), ("XX000", AppError), ("42601", AppError),
])  # fmt: skip
def test_each_state_of_the_server_has_its_error(shared_house: House, state: str, kind: type[AppError]) -> None:
    found = _raised(shared_house, f"do $$ begin raise exception using errcode = '{state}', message = 'because {{of}} this'; end $$")
    assert type(found) is kind
    assert str(found)


@pytest.mark.parametrize("key", sorted(BUSINESS))
def test_a_business_refusal_keeps_its_key_and_fills_its_sentence(shared_house: House, key: str) -> None:
    kind, text = BUSINESS[key]
    names = [name for _, name, _, _ in string.Formatter().parse(text) if name]
    facts = "{" + ", ".join(f'"{name}": "2025-01-01"' for name in names) + "}"
    found = _raised(shared_house, f"select sec.refuse('CM099', '{key}', '{facts}')")
    assert (type(found), found.key) == (kind, key)
    assert "{" not in str(found)


def test_a_refusal_without_its_facts_is_still_a_sentence(shared_house: House) -> None:
    assert "{" in BUSINESS["not_allowed"][1]
    assert str(_raised(shared_house, "select sec.refuse('CM001', 'not_allowed')"))


def test_a_known_constraint_wins_over_its_state(shared_house: House) -> None:
    for name, (kind, text, field) in CONSTRAINTS.items():
        found = _raised(shared_house, f"do $$ begin raise exception using errcode = '23505', message = 'x', constraint = '{name}'; end $$")
        assert type(found) is kind and str(found) == text
        assert field == (found.field if isinstance(found, InvalidInput) else "")
        if kind is AlreadyDone:
            assert found.key == name


def test_an_unreachable_server_is_a_lost_connection() -> None:
    assert type(app_error_from(psycopg.OperationalError("the connection is closed"))) is ConnectionLost
