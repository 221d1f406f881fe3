"""A whole list page: saved views, filters in force, table, totals, empty states, paging and live reload."""

from .page import ListPage, SettingsStore
from .swap import change_list

__all__ = ["ListPage", "SettingsStore", "change_list"]
