"""What kinds, roles and numbers of the books are called."""

from __future__ import annotations

from decimal import Decimal

from cms_desktop.core import formats
from cms_desktop.ui.translation import translator

tr = translator("books")
INDENT = "\u2003"


def kinds() -> list[tuple[str, str]]:
    """Kinds of account, in the order of a balance sheet."""
    return [
        ("asset", tr("Attività")), ("liability", tr("Passività")), ("equity", tr("Patrimonio netto")), ("income", tr("Ricavi")),
        ("expense", tr("Costi")), ("memo", tr("Riepilogo e ordine")),
    ]  # fmt: skip


def customer_kinds() -> list[tuple[str, str]]:
    return [
        ("company", tr("Società")), ("sole_trader", tr("Ditta individuale")), ("person", tr("Privato")), ("public_body", tr("Ente pubblico")),
        ("condominium", tr("Condominio")),
    ]  # fmt: skip


def side(amount: Decimal) -> str:
    """D for a debit balance, A (avere) for a credit one."""
    return tr("D") if amount > 0 else tr("A") if amount < 0 else ""


def side_text(amount: Decimal) -> str:
    """A balance with its side: 1.200,00 D, 300,00 A."""
    return f"{formats.amount(abs(amount))} {side(amount)}".strip()


def indented(name: str, level: int) -> str:
    return INDENT * level + name
