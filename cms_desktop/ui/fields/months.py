"""Months of the year, typed as numbers or names."""

from __future__ import annotations

from collections.abc import Collection

from cms_desktop.core.due_dates import months_text, parse_months

from .number import _ParsedField


class MonthsField(_ParsedField):
    """The months as a sorted list; "8 12" and "agosto, dicembre" are both read."""

    def _parse(self, text: str) -> list[int]:
        return parse_months(text)

    def value(self) -> list[int]:
        return super().value() or []

    def text_of(self, value: Collection[int] | None) -> str:
        return months_text(value or [])
