"""Da contabilizzare: issued documents that wait to be posted, in companies that review first."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QStackedWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError
from cms_desktop.core.listing import Totals
from cms_desktop.modules.billing import posting
from cms_desktop.modules.billing.columns.words import document_types
from cms_desktop.modules.billing.records import UnpostedPage
from cms_desktop.ui.basics import boxed, button, column, label, row, rule
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage
from cms_desktop.ui.fields import DateField
from cms_desktop.ui.record_table import Column, Noun, RecordTable
from cms_desktop.ui.translation import one_or_many, translator
from cms_desktop.ui.workplace import Workplace

tr = translator("books")


def unposted_columns() -> list[Column]:
    words = document_types()
    return [
        Column("document_on", tr("Data"), kind="date", width=104, sortable=False),
        Column("number", tr("Documento"), kind="code", width=140, sortable=False),
        Column(
            "document_type", tr("Tipo"), lambda one: words.get(one.document_type, one.document_type), width=150, sortable=False, gives_way=1
        ),
        Column("customer", tr("Cliente"), kind="strong", width=260, stretch=True, sortable=False),
        Column("net_amount", tr("Imponibile €"), kind="money", width=130, sortable=False, total=True),
        Column("vat_amount", tr("IVA €"), kind="money", width=120, sortable=False, total=True),
        Column("payable_amount", tr("Da pagare €"), kind="money", width=130, sortable=False, total=True),
    ]


class UnpostedTab(QFrame):
    """The documents in order of date, and one button that posts all until a day."""

    loaded = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.page: UnpostedPage | None = None
        self.until = DateField(tr("Fino al"))
        self.until.set_value(local_today())
        self.post_button = button(
            tr("Contabilizza"), "primary", "check", tip=tr("Registra in prima nota i documenti fino al giorno scritto")
        )
        self.post_button.clicked.connect(self.post)
        self.note, self.error = label("", "body", "2"), InlineMessage("negative", "")
        self.error.hide()
        self.table = RecordTable(
            unposted_columns(),
            record_key=lambda one: one.invoice_id,
            noun=Noun(tr("documento"), tr("documenti")),
            filters=False,
            checkable=False,
        )
        self.until.setFixedWidth(160)
        foot = row(self.note, None, self.until, self.post_button, spacing=12, margins=(16, 10, 16, 12))
        for one in (self.note, self.post_button):
            foot.setAlignment(one, Qt.AlignmentFlag.AlignBottom)
        layout = column(self.error, self.table, rule(), boxed(foot), spacing=0)
        layout.setStretchFactor(self.table, 1)
        shown = boxed(layout)
        self.stack = QStackedWidget()
        self.empty = EmptyState(
            "book-check", tr("Niente da contabilizzare"),
            tr("Le fatture si registrano da sé quando sono emesse. Per rivederle prima scegli «reviewed» nel parametro «Contabilizzazione delle fatture»."),
        )  # fmt: skip
        self.stack.addWidget(self.empty)
        self.stack.addWidget(shown)
        self.setLayout(column(self.stack))

    def reload(self) -> None:
        self._workplace.background.run(self, posting.list_unposted, then=self._show, failed=self._on_failed, key="unposted")

    def _show(self, page: UnpostedPage) -> None:
        self.page = page
        self.stack.setCurrentIndex(1 if page.count else 0)
        self.table.set_rows(list(page.rows))
        sums = {"net_amount": page.net_amount, "vat_amount": page.vat_amount, "payable_amount": page.payable_amount}
        self.table.set_totals(Totals(page.count, sums))
        self.note.setText(
            one_or_many(
                page.count,
                tr("1 documento per {amount} aspetta di essere registrato.", amount=formats.money(page.net_amount)),
                tr(
                    "{n} documenti per {amount} aspettano di essere registrati.",
                    n=formats.number(page.count),
                    amount=formats.money(page.net_amount),
                ),
            )
        )
        self.post_button.setEnabled(bool(page.count) and self._workplace.may("ledger.post"))
        self.loaded.emit()

    def _on_failed(self, error: AppError) -> None:
        self.post_button.setEnabled(self._workplace.may("ledger.post"))
        self.error.set_message("negative", error_text(error))
        self.error.show()

    def post(self) -> None:
        """Everything until the day in one step."""
        day = self.until.value()
        if day is None:
            self.until.set_error(self.until.entry_problem() or tr("Scrivi fino a quale giorno."))
            return
        self.error.hide()
        self.post_button.setEnabled(False)
        self._workplace.background.run(
            self, lambda unit: posting.post_issued(unit, day), then=self._on_posted, failed=self._on_failed, key="post"
        )

    def _on_posted(self, count: Any) -> None:
        self._workplace.say(
            "positive", one_or_many(count, tr("1 documento contabilizzato"), tr("{n} documenti contabilizzati", n=formats.number(count)))
        )
        self.reload()
