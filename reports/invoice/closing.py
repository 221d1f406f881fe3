"""The end of the invoice: VAT by rate, totals, due dates and bank, notes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cms_desktop.core import formats
from cms_desktop.core.money import ZERO
from cms_desktop.modules.billing.fatturapa.records import InvoiceDocument, PaymentDue, VatSummaryRow
from reports.invoice.page import INK_2, INK_3, LEFT, RIGHT, WASH, Paper
from reports.invoice.words import PAYMENT_METHODS

if TYPE_CHECKING:
    from reports.invoice.layout import Flow

Words = Callable[..., str]
TOTALS_X = 352.0
RATE_X, NET_X, TAX_X = LEFT + 8, 232.0, 312.0
SPLIT = "Operazione con scissione dei pagamenti, art. 17-ter DPR 633/1972: l'IVA è versata dal cliente all'erario."


def place_closing(flow: Flow, document: InvoiceDocument, paper: Paper, tr: Words) -> None:
    """Place VAT summary beside totals, then due dates, then notes; a part that does not fit goes on to the next page."""
    totals = _totals(document, tr)
    rows = [_row_text(row, paper, tr) for row in document.summary]
    left = 34.0 + sum(16.0 + 10.0 * len(remarks) for *_, remarks in rows)
    height = max(left, 5.0 + 15.0 * (len(totals) - 1) + 34.0)
    flow.place(10, lambda paper, y: None)
    flow.place(height, lambda paper, y: _draw_summary(paper, y, rows, totals, tr))
    if document.payments:
        _place_payments(flow, document, tr)
    _place_notes(flow, document, paper, tr)


# ---- VAT and totals ---------------------------------------------------------------------------------------------------

_SummaryText = tuple[str, str, str, tuple[str, ...]]


def _row_text(row: VatSummaryRow, paper: Paper, tr: Words) -> _SummaryText:
    rate = row.nature or f"{formats.number(row.vat_rate, 0 if row.vat_rate == int(row.vat_rate) else 2)}%"
    rate += {"S": f" · {tr('Scissione')}", "D": f" · {tr('Esigibilità differita')}"}.get(row.exigibility, "")
    remarks = paper.wrap(row.law_reference, TAX_X - RATE_X, size=7.5) if row.law_reference else ()
    return rate, formats.amount(row.net), formats.amount(row.vat), remarks


def _totals(document: InvoiceDocument, tr: Words) -> list[tuple[str, str]]:
    """Label and amount of every total; the last one is what is to be paid."""
    totals = [(tr("Totale imponibile"), formats.amount(document.net)), (tr("Totale IVA"), formats.amount(document.vat))]
    totals += [(tr("di cui contributo cassa"), formats.amount(fund.amount)) for fund in document.pension_funds]
    if document.rounding:
        totals.append((tr("Arrotondamento"), formats.amount(document.rounding)))
    withheld = sum((withholding.amount for withholding in document.withholdings), ZERO)
    if document.split_vat or withheld or document.rounding:
        totals.append((tr("Totale documento"), formats.amount(document.total)))
    if document.split_vat:
        totals.append((tr("IVA versata dal cliente (scissione)"), formats.amount(-document.split_vat)))
    if withheld:
        totals.append((tr("Ritenuta d'acconto"), formats.amount(-withheld)))
    label = tr("Da accreditare") if document.document_type == "TD04" else tr("Da pagare")
    return [*totals, (label, formats.money(document.payable))]


def _draw_summary(paper: Paper, y: float, rows: list[_SummaryText], totals: list[tuple[str, str]], tr: Words) -> None:
    medium = paper.face.medium
    paper.text(LEFT, y + 10, tr("Riepilogo IVA"), size=9.5, font=paper.face.bold)
    for x, title in ((NET_X, "Imponibile"), (TAX_X, "Imposta")):
        paper.text(x, y + 10, tr(title), size=8, font=medium, color=INK_2, align="right")
    paper.rule(y + 17, right=TAX_X)
    line = y + 30
    for rate, net, tax, remarks in rows:
        paper.text(LEFT, line, rate, size=8.5)
        paper.text(NET_X, line, net, size=8.5, align="right")
        paper.text(TAX_X, line, tax, size=8.5, align="right")
        line = paper.lines(LEFT, line + 10.5, remarks, size=7.5, leading=10, color=INK_3) + 5.5
    line = y + 10
    for label, amount in totals[:-1]:
        paper.text(TOTALS_X, line, label, size=8.5, color=INK_2)
        paper.text(RIGHT - 8, line, amount, size=9, align="right")
        line += 15
    label, amount = totals[-1]
    paper.box(TOTALS_X - 10, line - 5, RIGHT - TOTALS_X + 10, 30, WASH)
    paper.text(TOTALS_X, line + 14, label, size=10, font=paper.face.bold)
    paper.text(RIGHT - 8, line + 14, amount, size=13, font=paper.face.bold, color=paper.accent, align="right")


# ---- due dates --------------------------------------------------------------------------------------------------------


def _place_payments(flow: Flow, document: InvoiceDocument, tr: Words) -> None:
    def head(paper: Paper, y: float) -> None:
        paper.text(LEFT, y + 22, tr("Scadenze e pagamento"), size=9.5, font=paper.face.bold)
        paper.rule(y + 29, right=RIGHT)

    flow.place(32, head)
    for due in document.payments:
        flow.place(14, _payment(due, tr))
    for bank in dict.fromkeys((due.bank_name, due.iban, due.beneficiary) for due in document.payments if due.iban):
        flow.place(15, _bank(*bank))


def _payment(due: PaymentDue, tr: Words) -> Callable[[Paper, float], None]:
    def draw(paper: Paper, y: float) -> None:
        day = formats.date(due.due_on) if due.due_on else tr("a vista")
        paper.text(LEFT, y + 10, day, size=9, font=paper.face.medium)
        paper.text(LEFT + 74, y + 10, tr(PAYMENT_METHODS.get(due.method, "Altro")), size=8.5, color=INK_2)
        paper.text(TAX_X, y + 10, formats.money(due.amount), size=9, align="right")

    return draw


def _bank(name: str, iban: str, beneficiary: str) -> Callable[[Paper, float], None]:
    grouped = " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))

    def draw(paper: Paper, y: float) -> None:
        paper.text(LEFT, y + 12, "IBAN", size=8, color=INK_3)
        paper.text(LEFT + 74, y + 12, grouped, size=9, font=paper.face.medium)
        text = " · ".join(part for part in (name, beneficiary) if part)
        paper.text(RIGHT - 8, y + 12, (paper.wrap(text, 250, size=8.5) or ("",))[0], size=8.5, color=INK_2, align="right")

    return draw


# ---- notes ------------------------------------------------------------------------------------------------------------


def _place_notes(flow: Flow, document: InvoiceDocument, paper: Paper, tr: Words) -> None:
    notes = list(document.notes)
    if document.split_vat:
        notes.insert(0, tr(SPLIT))
    if document.stamp_duty:
        notes.insert(0, tr("Imposta di bollo assolta in modo virtuale: {amount}", amount=formats.money(document.stamp_duty)))
    lines = [line for note in notes if note.strip() for line in paper.wrap(note, RIGHT - LEFT, size=8.5)]
    if not lines:
        return
    flow.place(27, lambda paper, y: paper.text(LEFT, y + 22, tr("Note"), size=9.5, font=paper.face.bold))
    for line in lines:
        flow.place(11.5, _note(line))


def _note(line: str) -> Callable[[Paper, float], None]:
    return lambda paper, y: paper.text(LEFT, y + 9, line, size=8.5, color=INK_2)
