"""How notices read, and where each leads."""

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
        "base.integrity": tr("Anomalie nei controlli della notte"),
        "customers.notice_by": tr("Contratti da disdire in tempo"),
        "customers.expiry": tr("Contratti in scadenza"),
        "customers.renewal": tr("Contratti che si rinnovano"),
        "customers.price_clause": tr("Canoni da adeguare"),
        "customers.deposit": tr("Depositi da restituire"),
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
        "base.integrity": ("triangle-alert", tr("Controlli della notte: anomalie {n}", n=about), "negative_fill"),
        "customers.notice_by": ("calendar-clock", tr("Ultimo giorno per la disdetta: {about}", about=_contracts(notice)), "warning_fill"),
        "customers.expiry": ("calendar-clock", tr("Contratto che finisce: {about}", about=_contracts(notice)), "warning_fill"),
        "customers.renewal": ("calendar-clock", tr("Contratto che si rinnova: {about}", about=_contracts(notice)), "text_2"),
        "customers.price_clause": ("calendar-clock", tr("Canone da adeguare: {about}", about=_contracts(notice)), "text_2"),
        "customers.deposit": ("calendar-clock", tr("Deposito da restituire: {about}", about=_contracts(notice)), "text_2"),
    }.get(notice.kind, ("bell", about, "text_2"))


def _contracts(notice: Notice) -> str:
    """The customer, or how many contracts one notice stands for (it names no party then)."""
    return notice.title if notice.party_id is not None else tr("{n} contratti", n=notice.title)


def place_of(notice: Notice) -> tuple[str, str, int] | None:
    """(module, page, record) that the notice leads to: tasks to their page, notes to their party."""
    if notice.kind in ("registry.task", "registry.task_due", "registry.task_done", "registry.task_moved") and notice.source_id is not None:
        return "registry", "tasks", notice.source_id
    if notice.kind == "base.integrity":
        return "base", "integrity", 0
    if notice.source_table == "customers.contract" and not notice.source_id:
        return "customers", "deadlines", 0
    if notice.party_id is None:
        return None
    if notice.subject_table.startswith("customers."):
        return "customers", "customers", notice.party_id
    return "registry", "parties", notice.party_id
