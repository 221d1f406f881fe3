"""Suspected twins, merges done, and what a merge would do."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.errors import AppError, Conflict
from cms_desktop.core.listing import ListQuery, Page, Totals
from cms_desktop.db.errors import BUSINESS, CONFLICT_TEXT
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.registry import listings
from cms_desktop.modules.registry.records import MergePreview, MergeRow, TableMoves, TwinPair
from cms_desktop.modules.registry.tables import Party


def list_twin_pairs(unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None) -> Page[TwinPair]:
    """Pairs nobody has decided about, newest first."""
    page = listings.TWINS.page(unit, query, after)
    return Page(
        tuple(
            TwinPair(
                row._id, row.party_id, row.name, row.town, row.other_id, row.other_name, row.other_town, tuple(row.reasons.split()), row.created_at,
                row.row_version,
            )
            for row in page.rows
        ),
        page.after,
    )  # fmt: skip


def sum_twin_pairs(unit: UnitOfWork, query: ListQuery) -> Totals:
    return listings.TWINS.totals(unit, query)


def list_merges(unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None) -> Page[MergeRow]:
    """Merges, newest first."""
    page = listings.MERGES.page(unit, query, after)
    return Page(
        tuple(
            MergeRow(
                row._id, row.survivor_id, row.survivor_name, row.merged_id, row.merged_name, row.moved_rows, row.created_at, row.author or "", row.undone_at
            )
            for row in page.rows
        ),
        page.after,
    )  # fmt: skip


def sum_merges(unit: UnitOfWork, query: ListQuery) -> Totals:
    return listings.MERGES.totals(unit, query)


def preview_merge(unit: UnitOfWork, one_id: int, other_id: int) -> MergePreview:
    """What merging would move. When only the other is a customer, the two change places: a customer survives."""
    versions = {
        row.party_id: row.row_version
        for row in unit.rows(
            sa.select(Party.party_id, Party.row_version).where(Party.company_id == unit.company_id, Party.party_id.in_((one_id, other_id)))
        )
    }
    if len(versions) != 2:
        raise Conflict(CONFLICT_TEXT)
    found = unit.call("registry.preview_merge", one_id, other_id)
    if found["obstacle"] and found["obstacle"]["key"] == "merge_customer_survives":
        one_id, other_id = other_id, one_id
        found = unit.call("registry.preview_merge", one_id, other_id)
    return MergePreview(
        one_id, other_id, versions[one_id], versions[other_id], obstacle_error(found["obstacle"]),
        tuple(TableMoves(row["table"], row["moves"], row["stays"]) for row in found["tables"]), Decimal(str(found["open_amount"])),
        {key: (pair[0], pair[1]) for key, pair in found["fields"].items()},
    )  # fmt: skip


def obstacle_error(obstacle: Mapping[str, Any] | None) -> AppError | None:
    """What forbids a merge or an erasure, as the error that trying it would raise."""
    if not obstacle:
        return None
    kind, text = BUSINESS[obstacle["key"]]
    return kind(text, key=obstacle["key"], **{key: value for key, value in obstacle.items() if key != "key"})
