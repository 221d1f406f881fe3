"""Periods and titles of the runs of a template. Pure."""

from __future__ import annotations

import calendar
import datetime

from cms_desktop.modules.billing.running.records import RunTemplate


def add_months(first: datetime.date, months: int) -> datetime.date:
    """The first day of the month so many months later."""
    place = first.year * 12 + first.month - 1 + months
    return datetime.date(place // 12, place % 12 + 1, 1)


def next_period(template: RunTemplate, today: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The period after the template's last run; before the first run the one that holds today, counted from January."""
    if template.last_period_end is not None:
        return period_of(template, template.last_period_end + datetime.timedelta(days=1))
    return period_of(template, datetime.date(today.year, today.month - (today.month - 1) % template.months, 1))


def period_of(template: RunTemplate, first: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The template's period that starts in the month of a day."""
    start = first.replace(day=1)
    return start, add_months(start, template.months) - datetime.timedelta(days=1)


def document_day(template: RunTemplate, start: datetime.date, end: datetime.date, today: datetime.date) -> datetime.date:
    return {"start": start, "end": end, "today": today}[template.document_day]


def month_words(start: datetime.date, end: datetime.date, months: list[str]) -> str:
    """ "maggio 2026", or with both months when there are more."""
    last = f"{months[end.month - 1]} {end.year}"
    if (start.year, start.month) == (end.year, end.month):
        return last
    first = months[start.month - 1] if start.year == end.year else f"{months[start.month - 1]} {start.year}"
    return f"{first}–{last}"


def title_of(template: RunTemplate, start: datetime.date, end: datetime.date, months: list[str]) -> str:
    """The title of a run of the template."""
    period = f"{start:%d/%m/%Y} – {end:%d/%m/%Y}"
    return template.title.replace("{mese}", month_words(start, end, months)).replace("{periodo}", period)


def whole_month(text: str) -> datetime.date:
    """ "2026-11" as its first day; ValueError when it is no month."""
    year, _, month = text.partition("-")
    first = datetime.date(int(year), int(month), 1)
    calendar.monthrange(first.year, first.month)
    return first
