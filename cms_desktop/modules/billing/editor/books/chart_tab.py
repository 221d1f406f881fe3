"""Piano dei conti: the chart in levels, searched while one types, with the form of the account beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLineEdit, QWidget

from cms_desktop.core.listing import Totals
from cms_desktop.modules.base.editor.table_specs import TableSpec, Values
from cms_desktop.modules.base.editor.tables import TableEditor
from cms_desktop.modules.base.records import StoredRecord
from cms_desktop.modules.ledger import book_actions, book_queries
from cms_desktop.ui.basics import boxed, column, row, rule
from cms_desktop.ui.form import FieldSpec
from cms_desktop.ui.icons import icon
from cms_desktop.ui.record_table import Column, Noun
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

from .words import indented, kinds

tr = translator("books")


def _level(record: StoredRecord) -> int:
    return str(record["code"]).count(".")


def account_spec(roles: Sequence[tuple[str, str]] = ()) -> TableSpec:
    """`roles`: what postings look for, as the database names it."""
    kind_names, role_names = dict(kinds()), dict(roles)

    def tone(record: StoredRecord) -> str:
        return "muted" if not record["is_active"] else "" if record["is_postable"] else "accent"

    def note(values: Values) -> str:
        if not values.get("is_postable"):
            return tr("Un gruppo (mastro o conto) somma i conti il cui codice comincia come il suo; non riceve registrazioni.")
        if values.get("role"):
            return tr("Le registrazioni automatiche usano questo conto. Per cambiarlo togli qui la funzione e dalla a un altro conto.")
        return tr("Il posto nel piano segue il codice: 58.10.01 sta sotto 58.10.")

    return TableSpec(
        "accounts", tr("Conto"), Noun(tr("conto"), tr("conti")), "ledger.account",
        [
            Column("code", tr("Codice"), lambda record: record["code"], kind="code", width=96, sortable=False),
            Column("name", tr("Nome"), lambda record: indented(record["name"], _level(record)), width=280, stretch=True, sortable=False, tone=tone),
            Column("kind", tr("Tipo"), lambda record: kind_names.get(record["kind"], record["kind"]), width=136, sortable=False, gives_way=1, tone=tone),
            Column("role", tr("Funzione"), lambda record: role_names.get(record["role"], record["role"]), width=210, sortable=False, gives_way=2),
        ],
        [
            [(FieldSpec("code", tr("Codice"), "code", required=True, options={"longest": 30, "hint": "58.10.01"}), 5),
             (FieldSpec("kind", tr("Tipo"), "choice", choices=kinds(), required=True), 7)],
            [(FieldSpec("name", tr("Nome"), required=True, options={"longest": 120}), 12)],
            [(FieldSpec("role", tr("Funzione nelle registrazioni automatiche"), "choice", choices=[("", tr("nessuna")), *roles]), 12)],
            [(FieldSpec("is_postable", tr("Riceve registrazioni"), "check"), 6), (FieldSpec("is_active", tr("In uso"), "check"), 6)],
        ],
        book_queries.list_account_records, book_actions.save_account,
        {"kind": "expense", "role": "", "is_postable": True, "is_active": True}, note=note, remove=book_actions.remove_account, detail_width=420,
        required="ledger.write",
    )  # fmt: skip


class ChartEditor(TableEditor):
    """The chart with a search line; F2 begins a new account below the one in view."""

    def __init__(self, workplace: Workplace, roles: Sequence[tuple[str, str]]) -> None:
        self.search = QLineEdit()
        self._records: Sequence[StoredRecord] = ()
        super().__init__(workplace, account_spec(roles))
        self.search.setPlaceholderText(tr("Cerca codice o nome"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search", "text_3", 16), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setAccessibleName(tr("Cerca nel piano dei conti"))
        self.search.textChanged.connect(lambda _text: self._show_found())

    def _left_side(self) -> QWidget:
        self.search.setFixedWidth(300)
        layout = column(boxed(row(self.search, None, margins=(16, 8, 16, 8))), rule(), self.table, spacing=0)
        layout.setStretchFactor(self.table, 1)
        return boxed(layout)

    def _show(self, records: Sequence[StoredRecord]) -> None:
        self._records = records
        super()._show(self._found())
        self.table.set_totals(Totals(len(self._found())))

    def _found(self) -> list[StoredRecord]:
        words = self.search.text().casefold().split()
        return [one for one in self._records if all(word in f"{one['code']} {one['name']}".casefold() for word in words)]

    def _show_found(self) -> None:
        found = self._found()
        self.table.set_rows(found)
        self.table.set_totals(Totals(len(found)))

    def start_new(self) -> None:
        near = self.record
        super().start_new()
        if near is not None and self.record is None:
            group = near["code"] if not near["is_postable"] else str(near["code"]).rpartition(".")[0]
            self.form.load({**self.spec.defaults, "code": f"{group}." if group else "", "kind": near["kind"]}, is_new=True)
            self.form.fields["code"].setFocus()
