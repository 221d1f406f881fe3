"""The upper part of a run's page: parameters, totals, the bridge from the period before."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from cms_desktop.core import formats
from cms_desktop.modules.billing.columns.words import groupings, month_names
from cms_desktop.modules.billing.records import Run, RunDifferences
from cms_desktop.ui.basics import ElidedLabel, column, label, row
from cms_desktop.ui.cards import Card
from cms_desktop.ui.charts import Bridge
from cms_desktop.ui.translation import translator

tr = translator("billing")


def period_name(run: Run, *, shift: bool = False) -> str:
    """How a column calls the run's period: "Novembre", or "Prima" / "Ora" when it is not one month."""
    one_month = (run.period_start.year, run.period_start.month) == (run.period_end.year, run.period_end.month)
    if not one_month:
        return tr("Prima") if shift else tr("Ora")
    month = run.period_start.month - (2 if shift else 1)
    return month_names()[month % 12].capitalize()


def left_out(count: int) -> str:
    """How many rows stay out of the run."""
    if not count:
        return tr("nessuna esclusa")
    return tr("1 riga esclusa") if count == 1 else tr("{n} righe escluse", n=formats.number(count))


class ParametersCard(QFrame):
    """What the run was made from."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.setFixedWidth(316)
        names = (tr("Periodo"), tr("Data documento"), tr("Sezionale"), tr("Raggruppa"), tr("Preparato da"), tr("Alle"), tr("Limitato a"))
        self._values = [ElidedLabel("", "small-medium") for _ in names]
        heads = [_fixed(label(name, "small", "3")) for name in names]
        lines = [row(head, value, spacing=8) for head, value in zip(heads, self._values, strict=True)]
        self._limits_name = heads[-1]
        self.setLayout(column(label(tr("Parametri"), "heading"), *lines, None, spacing=7, margins=(16, 12, 16, 12)))

    def show_run(self, run: Run, limits: Sequence[str] = ()) -> None:
        """`limits`: what it was limited to, in words."""
        texts = (
            f"{formats.date(run.period_start)} – {formats.date(run.period_end)}",
            formats.date(run.document_on),
            f"{run.series_code} · {run.series_name}",
            groupings()[run.grouping],
            run.created_by,
            (run.refreshed_at or run.created_at).astimezone().strftime("%d/%m/%Y %H:%M"),
            "; ".join(limits),
        )
        self._values[-1].setToolTip("\n".join(limits))
        for part in (self._values[-1], self._limits_name):
            part.setVisible(bool(limits))
        for value, text in zip(self._values, texts, strict=True):
            value.setText(text)


def _fixed(name: QLabel) -> QLabel:
    name.setFixedWidth(104)
    return name


class TotalsStrip(QFrame):
    """Invoices, net, VAT, total of the run."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._figures: list[tuple[QLabel, QLabel]] = []
        self.setFixedHeight(76)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        for place, name in enumerate((tr("Fatture"), tr("Imponibile"), tr("IVA"), tr("Totale documenti"))):
            if place:
                layout.addStretch(1)
            value, note = label("", "title"), label("", "small", "3")
            self._figures.append((value, note))
            box: QVBoxLayout = column(label(name, "small", "2"), value, note, spacing=0)
            layout.addLayout(box)

    def show_run(self, run: Run, found: RunDifferences, excluded: int) -> None:
        difference = found.now - found.before
        split = run.total_amount - run.payable_amount
        texts = (
            (formats.number(run.invoice_count), left_out(excluded)),
            (formats.money(run.net_amount), tr("{amount} sul periodo prima", amount=formats.signed(difference, unit="€"))),
            (
                formats.money(run.vat_amount),
                tr("di cui {amount} in scissione", amount=formats.money(split)) if split else tr("tutta a carico cliente"),
            ),
            (formats.money(run.total_amount), tr("da incassare {amount}", amount=formats.money(run.payable_amount))),
        )
        for (value, note), (text, words) in zip(self._figures, texts, strict=True):
            value.setText(text)
            note.setText(words)

    def note(self, place: int) -> str:
        """What stands below a figure."""
        return self._figures[place][1].text()


class BridgeCard(Card):
    """From the period before to this one, step by step."""

    def __init__(self) -> None:
        self.bridge = Bridge()
        self._change = label("", "strong", "positive")
        super().__init__(tr("Dal periodo prima"), self.bridge, self._change, detail=tr("imponibile in €; l'asse non parte da zero"))

    def show_run(self, run: Run, found: RunDifferences) -> None:
        before, now = period_name(run, shift=True), period_name(run)
        self.set_title(tr("Da {before} a {now}", before=before.lower(), now=now.lower()))
        steps = [
            (tr("Nuovi"), found.new.effect),
            (tr("Cessati"), found.ended.effect),
            (tr("Prezzo"), found.price.effect),
            (tr("Quantità e ratei"), found.other.effect),
        ]
        steps.append((tr("Esclusi"), found.excluded.effect))
        self.bridge.set_steps((before, found.before), [step for step in steps if step[1]], (now, found.now))
        if found.before:
            percent = 100 * (found.now - found.before) / found.before
            self._change.setText(formats.signed(percent, 1, "%"))
        else:
            self._change.setText("")
