"""Views of lists that one person keeps for all colleagues of the company: rows of base.shared_view."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cms_desktop.db.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class StoredView:
    """A shared view; `is_mine` says whether I made it."""

    name: str
    view: Mapping[str, Any]
    is_mine: bool


def may_share(unit: UnitOfWork) -> bool:
    """Whether I may keep views for my colleagues here."""
    return bool(unit.value(sa.text("select :company = any (sec.companies('base.share_views'))")))


def list_shared_views(unit: UnitOfWork, list_name: str) -> list[StoredView]:
    rows = unit.rows(
        sa.text(
            "select name, view, created_by = :me as is_mine from base.shared_view where company_id = :company and list = :list order by name"
        ),
        {"me": unit.person_id, "list": list_name},
    )
    return [StoredView(one.name, one.view, bool(one.is_mine)) for one in rows]


def keep_shared_view(unit: UnitOfWork, list_name: str, name: str, view: Mapping[str, Any]) -> None:
    """Add or replace a view. Row-level security refuses to replace that of a colleague."""
    unit.session.execute(
        sa.text(
            "insert into base.shared_view (company_id, list, name, view) values (:company, :list, :name, cast(:view as jsonb)) "
            "on conflict (company_id, list, name) do update set view = excluded.view, row_version = base.shared_view.row_version + 1"
        ),
        {"company": unit.company_id, "list": list_name, "name": name, "view": json.dumps(view)},
    )


def rename_shared_view(unit: UnitOfWork, list_name: str, old: str, new: str) -> None:
    unit.session.execute(
        sa.text(
            "update base.shared_view set name = :new, row_version = row_version + 1 where company_id = :company and list = :list and name = :old"
        ),
        {"company": unit.company_id, "list": list_name, "old": old, "new": new},
    )


def remove_shared_view(unit: UnitOfWork, list_name: str, name: str) -> None:
    unit.session.execute(
        sa.text("delete from base.shared_view where company_id = :company and list = :list and name = :name"),
        {"company": unit.company_id, "list": list_name, "name": name},
    )
