"""Screens are tested with the theme of the program on them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cms_desktop.ui import theme
from cms_desktop.ui.tokens import LIGHT
from tests.access.arranged import add_customer
from tests.house import House


@pytest.fixture
def light(qapp) -> None:  # type: ignore[no-untyped-def]
    if not qapp.styleSheet():
        theme.apply(qapp, LIGHT)


@pytest.fixture
def ranked(house: House) -> Iterator[House]:
    """Carlo User, Marta Resp, Anna Admin; party 1 is customer 100, with two people in its address book."""
    with house.owner() as owner:
        owner.execute("update base.person set rank = 'Resp' where login = 'marta.bellini'")
        owner.execute("update base.person set rank = 'Admin' where login = 'anna.admin'")
        add_customer(owner, "100")
        owner.execute(
            "insert into registry.contact_person (company_id, party_id, name, job) values (1, 1, 'Piero Verdi', 'Custode'), (1, 1, 'Lia Blu', 'Titolare')"
        )
    return house
