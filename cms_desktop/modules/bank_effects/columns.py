"""Columns of the lists of bank effects, and how states are called."""

from __future__ import annotations

from cms_desktop.modules.bank_effects.records import BatchRow, DueEffect, EffectRow
from cms_desktop.ui.record_table import Column
from cms_desktop.ui.translation import translator

tr = translator("bank_effects")


def batch_state(state: str) -> tuple[str, str]:
    """Name and tone of a batch's state."""
    return {
        "open": (tr("Da presentare"), "warning"),
        "presented": (tr("Presentata"), "positive"),
        "cancelled": (tr("Annullata"), "neutral"),
    }[state]


def effect_state(state: str, state_of_batch: str = "presented") -> tuple[str, str]:
    """Name and tone of an effect's state; in an open batch nothing was presented yet."""
    if state == "presented" and state_of_batch == "open":
        return tr("In distinta"), "warning"
    return {
        "presented": (tr("Presentato"), "info"),
        "paid": (tr("Pagato"), "positive"),
        "unpaid": (tr("Insoluto"), "negative"),
        "recalled": (tr("Richiamato"), "warning"),
        "cancelled": (tr("Annullato"), "neutral"),
    }[state]


def obstacle_text(obstacle: str) -> str:
    """Why an effect stays out."""
    return {
        "": "",
        "iban_missing": tr("IBAN mancante"),
        "iban_foreign": tr("IBAN non italiano"),
        "iban_wrong": tr("IBAN errato"),
        "tax_code_missing": tr("Codice fiscale mancante"),
        "tax_code_wrong": tr("Codice fiscale errato"),
        "address_incomplete": tr("Indirizzo incompleto"),
        "below_minimum": tr("Sotto il minimo"),
    }[obstacle]


def batch_columns() -> list[Column]:
    states = [(key, batch_state(key)[0]) for key in ("open", "presented", "cancelled")]
    return [
        Column("number", tr("Distinta"), kind="strong", width=120, locked=True),
        Column("state", tr("Stato"), lambda row: batch_state(row.state), kind="chip", width=130, filter="choice", choices=states),
        Column("bank_name", tr("Banca"), width=160, stretch=True),
        Column("due_from", tr("Scadenze dal"), kind="date", width=110, filter="date"),
        Column("due_to", tr("al"), kind="date", width=100, filter="date", gives_way=1),
        Column("effect_count", tr("Effetti"), kind="int", width=80, filter="number", total=True),
        Column("total_amount", tr("Importo €"), kind="money", width=120, filter="number", total=True),
        Column("presented_on", tr("Presentata il"), lambda row: row.presented_at, kind="date", width=110, filter="date", gives_way=2),
        Column("file_name", tr("File"), width=190, hidden=True),
        Column("created_on", tr("Creata il"), _created_on, kind="date", width=100, filter="date", hidden=True),
        Column("created_by", tr("Creata da"), width=130, hidden=True),
        Column("presented_by", tr("Presentata da"), width=130, hidden=True),
    ]


def _created_on(row: BatchRow) -> object:
    return row.created_at


def effect_columns() -> list[Column]:
    states = [(key, effect_state(key)[0]) for key in ("presented", "paid", "unpaid", "recalled", "cancelled")]
    batch_states = [(key, batch_state(key)[0]) for key in ("open", "presented", "cancelled")]
    return [
        Column("receipt_number", tr("Effetto"), kind="int", width=90, filter="number", locked=True),
        Column("due_on", tr("Scadenza"), kind="date", width=116, filter="date"),
        Column("customer_name", tr("Cliente"), kind="strong", width=200, stretch=True),
        Column("amount", tr("Importo €"), kind="money", width=120, filter="number", total=True),
        Column("state", tr("Stato"), _effect_chip, kind="chip", width=120, filter="choice", choices=states),
        Column("reference", tr("Documenti"), width=170, tone=lambda _row: "second"),
        Column("batch_number", tr("Distinta"), kind="code", width=116),
        Column("bank_name", tr("Banca"), width=130, gives_way=2),
        Column("presented_on", tr("Presentato il"), kind="date", width=110, filter="date", gives_way=1),
        Column("customer_code", tr("Codice"), kind="code", width=100, hidden=True),
        Column("debtor_abi", tr("ABI"), kind="code", width=80, hidden=True),
        Column("debtor_cab", tr("CAB"), kind="code", width=80, hidden=True),
        Column(
            "batch_state", tr("Stato della distinta"), lambda row: batch_state(row.batch_state), kind="chip", width=140, filter="choice",
            choices=batch_states, hidden=True,
        ),
    ]  # fmt: skip


def _effect_chip(row: EffectRow) -> tuple[str, str]:
    return effect_state(row.state, row.batch_state)


def due_columns(*, left_out: bool) -> list[Column]:
    last = Column("obstacle", tr("Motivo"), _obstacle_chip, kind="chip", width=180) if left_out else None
    return [
        Column("due_on", tr("Scadenza"), kind="date", width=112),
        Column("customer_name", tr("Cliente"), kind="strong", width=170, stretch=True),
        Column("customer_code", tr("Codice"), kind="code", width=90, tone=lambda _row: "second"),
        *([last] if last else []),
        Column("reference", tr("Documenti"), width=240 if not left_out else 220, tone=lambda _row: "second"),
        *([] if left_out else [Column("bank", tr("ABI · CAB"), _bank_place, kind="code", width=120, tone=lambda _row: "second")]),
        Column("item_count", tr("Rate"), kind="int", width=70, total=True),
        Column("amount", tr("Importo €"), kind="money", width=120, total=True),
    ]


def _bank_place(row: DueEffect) -> str:
    return f"{row.iban[5:10]} {row.iban[10:15]}"


def _obstacle_chip(row: DueEffect) -> tuple[str, str, str]:
    muted = row.obstacle == "below_minimum"
    return obstacle_text(row.obstacle), "neutral" if muted else "warning", "dot" if muted else "triangle-alert"


def detail_columns() -> list[Column]:
    """Effects of one batch, beside the list of batches."""
    return [
        Column("due_on", tr("Scadenza"), kind="date", width=112),
        Column("customer_name", tr("Cliente"), width=150, stretch=True),
        Column("amount", tr("Importo €"), kind="money", width=100, total=True),
    ]
