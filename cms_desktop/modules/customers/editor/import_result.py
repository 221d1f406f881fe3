"""What became of every row of an imported file, or would become of it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cms_desktop.core import formats
from cms_desktop.modules.customers.importing import ImportedRow, ImportResult, RowText
from cms_desktop.ui.basics import boxed, column, row
from cms_desktop.ui.chips import FilterChip
from cms_desktop.ui.record_table import Column, Noun, RecordTable
from cms_desktop.ui.translation import translator

tr = translator("customers")
ALL, WARNED = "all", "warned"


def words_of(sentence: RowText) -> str:
    """A sentence about a row in the language of the screen; those of fiscal checks have their own context."""
    text = translator("customers")(sentence.text, **sentence.values)
    return text if text != str(sentence) else translator("fiscal")(sentence.text, **sentence.values)


def outcome_chips() -> dict[str, tuple[str, str]]:
    return {
        "created": (tr("Nuovo"), "positive"),
        "updated": (tr("Completato"), "info"),
        "duplicate": (tr("Già presente"), "neutral"),
        "error": (tr("Errore"), "negative"),
    }


class ImportResultView(QWidget):
    """A table of the rows; chips choose those of one outcome."""

    def __init__(self) -> None:
        super().__init__()
        self._result: ImportResult | None = None
        self.shown = ALL
        outcomes = outcome_chips()
        columns = [
            Column("number", tr("Riga"), kind="int", width=72, filter="none", sortable=False),
            Column("outcome", tr("Esito"), lambda one: outcomes[one.outcome], kind="chip", width=130, filter="none", sortable=False),
            Column("code", tr("Codice"), kind="code", width=100, filter="none", sortable=False),
            Column("name", tr("Ragione sociale"), kind="strong", width=260, filter="none", sortable=False),
            Column("words", tr("Che cosa è successo"), _words, width=420, stretch=True, filter="none", sortable=False, tone=_tone),
        ]
        self.table = RecordTable(
            columns, record_key=lambda one: one.number, noun=Noun("riga", "righe", feminine=True), filters=False, totals=False
        )
        self.chips = {key: FilterChip(title) for key, title in self._titles().items()}
        for key, chip in self.chips.items():
            chip.clicked.connect(lambda _checked=False, key=key: self.show_only(key))
        bar = boxed(row(*self.chips.values(), None, spacing=8, margins=(16, 7, 16, 7)))
        self.setLayout(column(bar, self.table, spacing=0))

    def _titles(self) -> dict[str, str]:
        return {
            ALL: tr("Tutte"),
            "created": tr("Nuovi"),
            "updated": tr("Completati"),
            "duplicate": tr("Già presenti"),
            "error": tr("Errori"),
            WARNED: tr("Con avvisi"),
        }

    def show_result(self, result: ImportResult) -> None:
        self._result = result
        counts: dict[str, int] = {ALL: len(result.rows), WARNED: result.warning_count}
        counts.update({str(outcome): count for outcome, count in result.counts.items()})
        for key, chip in self.chips.items():
            chip.set_count(formats.number(counts.get(key, 0)))
            chip.setVisible(key == ALL or counts.get(key, 0) > 0)
        self.show_only("error" if counts.get("error") else ALL)

    def show_only(self, key: str) -> None:
        """The rows of one outcome, or all, or those with a warning."""
        self.shown = key
        for one, chip in self.chips.items():
            chip.setChecked(one == key)
        self.table.set_rows(self.rows(), keep_selection=False)

    def rows(self) -> list[ImportedRow]:
        rows = self._result.rows if self._result else ()
        return [one for one in rows if self.shown == ALL or one.outcome == self.shown or (self.shown == WARNED and one.warnings)]


def _words(one: ImportedRow) -> str:
    return " ".join(words_of(sentence) for sentence in (*one.errors, *one.warnings))


def _tone(one: ImportedRow) -> str:
    return "negative" if one.errors else "second"
