"""What became of every row of a list, or would become of it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cms_desktop.core import formats
from cms_desktop.documents.importing import ImportedRow, ImportResult, ImportTarget
from cms_desktop.ui.basics import boxed, row
from cms_desktop.ui.chips import FilterChip
from cms_desktop.ui.import_wizard.words import said, words_of
from cms_desktop.ui.record_table import Column, Noun, RecordTable
from cms_desktop.ui.translation import translator

tr = translator("importing")
ALL, WARNED = "all", "warned"


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
        self.chips = {key: FilterChip(title) for key, title in self._titles().items()}
        for key, chip in self.chips.items():
            chip.clicked.connect(lambda _checked=False, key=key: self.show_only(key))
        self._place = QVBoxLayout(self)
        self._place.setContentsMargins(0, 0, 0, 0)
        self._place.setSpacing(0)
        self._place.addWidget(boxed(row(*self.chips.values(), None, spacing=8, margins=(16, 7, 16, 7))))
        self.table: RecordTable | None = None

    def _titles(self) -> dict[str, str]:
        return {
            ALL: tr("Tutte"),
            "created": tr("Nuovi"),
            "updated": tr("Completati"),
            "duplicate": tr("Già presenti"),
            "error": tr("Errori"),
            WARNED: tr("Con avvisi"),
        }

    def _make_table(self, target: ImportTarget) -> RecordTable:
        outcomes = outcome_chips()

        def words(one: ImportedRow) -> str:
            return " ".join(words_of(target, sentence) for sentence in (*one.errors, *one.warnings))

        columns = [
            Column("number", tr("Riga"), kind="int", width=72, filter="none", sortable=False),
            Column("outcome", tr("Esito"), lambda one: outcomes[one.outcome], kind="chip", width=130, filter="none", sortable=False),
            Column("code", said(target, target.code_title), kind="code", width=120, filter="none", sortable=False),
            Column("name", said(target, target.name_title), kind="strong", width=260, filter="none", sortable=False),
            Column("words", tr("Che cosa è successo"), words, width=420, stretch=True, filter="none", sortable=False, tone=_tone),
        ]
        noun = Noun(tr("riga"), tr("righe"), feminine=True)
        return RecordTable(columns, record_key=lambda one: one.number, noun=noun, filters=False, totals=False)

    def set_target(self, target: ImportTarget) -> None:
        """Titles of the columns are the target's."""
        if self.table is not None:
            self._place.removeWidget(self.table)
            self.table.deleteLater()
        self.table = self._make_table(target)
        self._place.addWidget(self.table, 1)

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
        if self.table is not None:
            self.table.set_rows(self.rows(), keep_selection=False)

    def rows(self) -> list[ImportedRow]:
        rows = self._result.rows if self._result else ()
        return [one for one in rows if self.shown == ALL or one.outcome == self.shown or (self.shown == WARNED and one.warnings)]


def _tone(one: ImportedRow) -> str:
    return "negative" if one.errors else "second"
