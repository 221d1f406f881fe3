"""Lettere: the texts, the placeholders their kind knows, and the letter as it will be printed, with the data of a chosen customer."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QPlainTextEdit, QSizePolicy, QWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError, InvalidInput
from cms_desktop.documents.pages import PagePicture, page_pictures
from cms_desktop.modules.base import actions, letters, queries
from cms_desktop.modules.base.editor.paper_view import PaperView
from cms_desktop.modules.base.editor.table_specs import TableSpec
from cms_desktop.modules.base.editor.tables import TableEditor
from cms_desktop.modules.base.records import StoredRecord
from cms_desktop.ui.basics import boxed, column, label
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.fields import LookupChoice, LookupField
from cms_desktop.ui.form import FieldProblem, FieldSpec
from cms_desktop.ui.record_table import Column, Noun
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("masters")
tr_errors = translator("errors")
ALWAYS = datetime.date(1900, 1, 1)
PAUSE_MS = 350
LIST_WIDTH = 310


def languages() -> list[tuple[str, str]]:
    return [("it", tr("Italiano")), ("en", tr("Inglese")), ("de", tr("Tedesco")), ("fr", tr("Francese"))]


def kind_title(kind: letters.LetterKind) -> str:
    """What a kind of letter is called; the kinds of other modules bring their own title."""
    return {
        "base.letter": tr("Lettera a un cliente"),
        "customers.price_change": tr("Adeguamento dei prezzi"),
        "ledger.reminder": tr("Promemoria di pagamento"),
    }.get(kind.key, kind.title)


def _since(record: StoredRecord) -> str:
    return tr("sempre") if record["valid_from"] == ALWAYS else formats.date(record["valid_from"])


def _text_problem(value: Any, values: Any) -> FieldProblem | None:
    found = letters.text_problems(letters.kind_of(str(values.get("kind") or "")), str(value or ""))
    if not found:
        return None
    first = found[0]
    words = tr_errors(first.text, **first.values)
    if first.fix:
        return FieldProblem(words, str(value).replace(first.token, first.fix), tr("Usa {fix}", fix=first.fix))
    return FieldProblem(words)


def letter_spec() -> TableSpec:
    kinds = [(kind.key, kind_title(kind)) for kind in letters.kinds()]
    names = dict(kinds)
    tongues = languages()
    return TableSpec(
        "letters", tr("Lettere"), Noun(tr("testo"), tr("testi")), "base.letter_text",
        [
            Column("kind", tr("Lettera"), lambda record: names.get(record["kind"], record["kind"]), kind="strong", width=120, stretch=True, sortable=False),
            Column("language", tr("Lingua"), lambda record: record["language"].upper(), kind="code", width=62, sortable=False),
            Column("valid_from", tr("Dal"), _since, width=96, sortable=False),
        ],
        [
            [(FieldSpec("kind", tr("Lettera"), "choice", choices=kinds, required=True), 12)],
            [(FieldSpec("language", tr("Lingua"), "choice", choices=tongues, required=True), 6), (FieldSpec("valid_from", tr("Vale dal"), "date", required=True), 6)],
            [(FieldSpec("subject", tr("Oggetto"), required=True, check=_text_problem, options={"longest": 200}), 12)],
            [(FieldSpec("body", tr("Testo"), "multiline", required=True, check=_text_problem, options={"lines": 14}), 12)],
        ],
        queries.list_letter_texts, actions.save_letter_text,
        {"kind": "base.letter", "language": "it", "valid_from": local_today()}, remove=actions.remove_letter_text, detail_width=430,
    )  # fmt: skip


class LettersEditor(TableEditor):
    """Texts at the left, the form with its placeholders in the middle, the paper at the right."""

    def __init__(self, workplace: Workplace) -> None:
        self.customer: LookupChoice | None = None
        super().__init__(workplace, letter_spec())
        self.table.setFixedWidth(LIST_WIDTH)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.preview)
        self.form.edited.connect(lambda _key: self._pause.start())
        self.form.edited.connect(self._on_edited)
        self._last_editor: QWidget = self._body()
        self.placeholders = QListWidget()
        self.placeholders.setAccessibleName(tr("Segnaposto"))
        self.placeholders.setFixedHeight(132)
        self.placeholders.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.placeholders.itemActivated.connect(self._on_insert)
        hint = label(tr("Segnaposto: Ctrl+Spazio per scegliere, Invio per inserire"), "small", "3")
        self.below_form.addLayout(column(hint, self.placeholders, spacing=4, margins=(20, 0, 20, 8)))
        self._build_paper()
        for keys, slot in (("Ctrl+Space", self.choose_placeholder), ("F9", self.preview)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def _build_paper(self) -> None:
        self.paper = PaperView()
        self.paper.setMinimumWidth(300)
        self.sample = LookupField(tr("Anteprima con i dati di"), self._find_sample, note="")
        self.sample.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.sample.chosen.connect(self._on_sample)
        self.state = label("", "small", "2", wrap=True)
        inner = column(self.sample, self.state, self.paper, spacing=6, margins=(16, 12, 16, 12))
        inner.setStretchFactor(self.paper, 1)
        side = boxed(inner)
        layout: Any = self.layout()
        layout.addWidget(side)
        layout.setStretch(0, 0)
        layout.setStretch(2, 1)

    def _body(self) -> QPlainTextEdit:
        editor = self.form.fields["body"].editor
        assert isinstance(editor, QPlainTextEdit)
        return editor

    # -- placeholders
    def show_record(self, record: StoredRecord | None) -> None:
        super().show_record(record)
        if hasattr(self, "placeholders"):
            self._fill_placeholders()
            self.preview()

    def start_new(self) -> None:
        super().start_new()
        self._fill_placeholders()

    def _on_edited(self, key: str) -> None:
        if key == "kind":
            self._fill_placeholders()

    def _kind(self) -> letters.LetterKind:
        return letters.kind_of(str(self.form.value("kind") or ""))

    def _fill_placeholders(self) -> None:
        self.placeholders.clear()
        for one in self._kind().placeholders.values():
            item = QListWidgetItem(f"{one.token}   {one.meaning}")
            item.setData(Qt.ItemDataRole.UserRole, one.token)
            self.placeholders.addItem(item)
        self.placeholders.setCurrentRow(0)

    def choose_placeholder(self) -> None:
        """Ctrl+Space: to the list; what is chosen goes where the cursor was."""
        subject = self.form.fields["subject"].editor
        self._last_editor = subject if subject.hasFocus() else self._body()
        self.placeholders.setFocus()

    def _on_insert(self, item: QListWidgetItem) -> None:
        token, editor = item.data(Qt.ItemDataRole.UserRole), self._last_editor
        if isinstance(editor, QLineEdit):
            editor.insert(token)
        elif isinstance(editor, QPlainTextEdit):
            editor.insertPlainText(token)
        editor.setFocus()

    # -- paper
    def _find_sample(self, text: str, show: Callable[[Sequence[LookupChoice]], None]) -> None:
        providers = [one for one in letters.providers_for(self._kind()) if one.recipient is not None]
        if not providers:
            show([])
            return
        self._workplace.background.run(
            self,
            lambda unit: [LookupChoice((one.group, key), name) for one in providers for key, name in one.search(unit, text)],
            then=show,
            failed=self._show_state,
            key="sample",
        )

    def _on_sample(self, choice: LookupChoice) -> None:
        self.customer = choice
        self.preview()

    def preview(self) -> None:
        """Print the text as it is typed, with the data of the chosen customer; what nobody provides shows its example."""
        typed = self.form.values()
        kind = self._kind()
        if not (typed["subject"] or "").strip() or not (typed["body"] or "").strip():
            return
        problems = [*letters.text_problems(kind, typed["subject"]), *letters.text_problems(kind, typed["body"])]
        if problems:
            self.state.setText(tr_errors(problems[0].text, **problems[0].values))
            return
        text = letters.LetterText(
            0, kind.key, typed["language"] or "it", typed["valid_from"] or local_today(), typed["subject"], typed["body"]
        )
        chosen = self.customer.key if self.customer else None
        self._workplace.background.run(
            self, lambda unit: _printed(unit, kind, text, chosen), then=self._show_paper, failed=self._show_state, key="preview"
        )

    def _show_paper(self, found: tuple[tuple[PagePicture, ...], int]) -> None:
        pages, examples = found
        self.paper.show_pages(pages)
        if self.customer is None:
            self.state.setText(tr("Dati d'esempio: scegli un cliente per vedere i suoi."))
        else:
            self.state.setText(tr("Valori d'esempio: {n}", n=examples) if examples else tr("Tutti i valori sono veri."))

    def _show_state(self, error: AppError) -> None:
        self.state.setText(error_text(error))

    def _on_failed(self, error: AppError) -> None:
        super()._on_failed(error)
        if isinstance(error, InvalidInput):
            self.state.setText(error_text(error))


def _printed(
    unit: Any, kind: letters.LetterKind, text: letters.LetterText, chosen: tuple[str, int] | None
) -> tuple[tuple[PagePicture, ...], int]:
    """The pages of the letter, and how many of its values are examples."""
    from reports.letter.layout import letters_pdf  # slow to load: only who prints waits for it

    known: dict[str, letters.Value] = dict(queries.find_company_values(unit))
    recipient: tuple[str, ...] = (tr("Cliente d'esempio S.r.l."), "Via Roma 1", "10100 Torino (TO)")
    if chosen is not None:
        provider = next(one for one in letters.providers_for(kind) if one.group == chosen[0])
        known |= provider.values(unit, chosen[1])
        recipient = provider.recipient(unit, chosen[1]) if provider.recipient else recipient
    today = local_today()
    used = set(letters.placeholders_in(text.subject + "\n" + text.body)) - set(known) - {"data", "data.estesa"}
    letter = letters.rendered(
        text, {**letters.example_values(kind), "data": formats.date(today), "data.estesa": letters.long_day(today, text.language), **known},
        recipient=recipient, place=queries.find_letter_place(unit, today), on_date=today,
    )  # fmt: skip
    content = letters_pdf([letter], queries.find_letterhead(unit), signature=queries.find_image(unit, "signature"))
    return page_pictures(content), len(used)
