"""Views of the list of customers that colleagues share."""

from __future__ import annotations

from typing import Any

import pytest

from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.modules.customers.dock import CustomersDock
from tests.house import House
from tests.modules.customers.test_dock import _open
from tests.modules.customers.workplaces import opened_workplace, until

pytestmark = pytest.mark.usefixtures("light")
QUERY = ListQuery((Filter("town", "contains", ("Empoli",)),))


def names(dock: CustomersDock) -> list[str]:
    return [view.name for view in dock.customers.list.views_bar.views() if not view.is_fixed]


def test_a_view_kept_for_colleagues_appears_in_their_list_and_stays_its_authors(house: House, qtbot: Any) -> None:
    with opened_workplace(house, "marta.bellini") as place:
        dock = _open(place, qtbot)
        dock.show_page("customers")
        bar = dock.customers.list.views_bar
        until(qtbot, lambda: bar._can_share)
        dock.customers.list.set_query(QUERY)
        bar.add_view("Di Empoli", is_shared=True)
        bar.add_view("Solo mia")
        until(qtbot, lambda: names(dock) == ["Solo mia", "Di Empoli"] and not place.background.is_busy())
    with opened_workplace(house, "dora.doppia") as place:
        dock = _open(place, qtbot)
        dock.show_page("customers")
        until(qtbot, lambda: names(dock) == ["Di Empoli"])
        (view,) = (one for one in dock.customers.list.views_bar.views() if one.is_shared)
        assert view.query.filters == QUERY.filters and not view.may_change
    with opened_workplace(house, "marta.bellini") as place:
        dock = _open(place, qtbot)
        dock.show_page("customers")
        until(qtbot, lambda: names(dock) == ["Di Empoli"])
        dock.customers.list.views_bar.delete_view("Di Empoli")
        until(qtbot, lambda: names(dock) == [] and not place.background.is_busy())


def test_a_reader_uses_shared_views_but_shares_none(house: House, qtbot: Any) -> None:
    with opened_workplace(house, "rita.revisore") as place:
        dock = _open(place, qtbot)
        dock.show_page("customers")
        until(qtbot, lambda: not dock.is_making() and dock.customers.list._shared is not None and not place.background.is_busy())
        assert not dock.customers.list.views_bar._can_share
