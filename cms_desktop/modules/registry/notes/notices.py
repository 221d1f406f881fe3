"""How the notices of Registry read, and where each leads."""

from __future__ import annotations

from cms_desktop.modules.base.notices.records import Notice
from cms_desktop.ui.translation import translator

tr = translator("notes")


def kind_titles() -> dict[str, str]:
    """Of every kind, for the preferences."""
    return {
        "registry.note": tr("Note dei colleghi"),
        "registry.task": tr("Attività che ti affidano"),
        "registry.task_due": tr("Attività in scadenza oggi"),
        "registry.reminder": tr("Promemoria"),
        "registry.task_done": tr("Attività completate da altri"),
        "registry.task_moved": tr("Attività passate ad altri"),
    }


def notice_words(notice: Notice) -> tuple[str, str, str]:
    """(icon, sentence, tone)."""
    who, about = notice.author or "–", notice.title or tr("un record")
    return {
        "registry.note": ("message-square", tr("{who} ha scritto su {about}", who=who, about=about), "text_2"),
        "registry.task": ("square-check", tr("{who} ti affida: {about}", who=who, about=about), "accent"),
        "registry.task_due": ("calendar-clock", tr("Scade oggi: {about}", about=about), "warning_fill"),
        "registry.reminder": ("alarm-clock", tr("Promemoria: {about}", about=about), "accent"),
        "registry.task_done": ("circle-check", tr("{who} ha completato: {about}", who=who, about=about), "positive_fill"),
        "registry.task_moved": ("forward", tr("{who} ha passato ad altri: {about}", who=who, about=about), "text_2"),
    }.get(notice.kind, ("bell", about, "text_2"))


def place_of(notice: Notice) -> tuple[str, str, int] | None:
    """(module, page, record) that the notice leads to: tasks to their page, notes to their party."""
    if notice.kind in ("registry.task", "registry.task_due", "registry.task_done", "registry.task_moved") and notice.source_id is not None:
        return "registry", "tasks", notice.source_id
    if notice.party_id is None:
        return None
    if notice.subject_table.startswith("customers."):
        return "customers", "customers", notice.party_id
    return "registry", "parties", notice.party_id
