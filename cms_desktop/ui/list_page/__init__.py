"""A whole list page: saved views, filters in force, table, totals, empty states, paging and live reload."""

from .page import ListPage, SettingsStore

__all__ = ["ListPage", "SettingsStore"]
