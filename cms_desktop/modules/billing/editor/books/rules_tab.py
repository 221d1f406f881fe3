"""Profili contabili: which account of revenue the lines of a document go to, and a question to try it with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.modules.base import queries as base
from cms_desktop.modules.base.editor.table_specs import TableSpec, Values
from cms_desktop.modules.base.editor.tables import TableEditor
from cms_desktop.modules.base.records import StoredRecord
from cms_desktop.modules.customers.pricing import queries as pricing
from cms_desktop.modules.ledger import book_actions, book_queries
from cms_desktop.modules.ledger.book_records import AccountRow
from cms_desktop.modules.ledger.book_rules import CONDITIONS, choose_rule
from cms_desktop.ui.basics import boxed, column, label, rule
from cms_desktop.ui.fields import ChoiceField
from cms_desktop.ui.form import FieldSpec, form_grid
from cms_desktop.ui.record_table import Column, Noun
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

from .words import customer_kinds

tr = translator("books")
Choices = Sequence[tuple[Any, str]]


@dataclass(frozen=True)
class RuleLists:
    """What a rule can name."""

    service_types: Choices
    vat_codes: Choices
    series: Choices
    accounts: Sequence[AccountRow]

    @property
    def account_choices(self) -> Choices:
        return [
            (one.account_id, f"{one.code} {one.name}")
            for one in self.accounts
            if one.is_postable and one.is_active and one.kind in ("income", "liability")
        ]

    def usual(self) -> str:
        found = next((one for one in self.accounts if one.role == "revenue"), None)
        return f"{found.code} {found.name}" if found else ""


def load_lists(unit: Any) -> RuleLists:
    return RuleLists(
        [(one.service_type_id, f"{one.code} {one.description}") for one in pricing.list_service_types(unit)],
        [(one.record_id, f"{one['code']} {one['description']}") for one in base.list_vat_codes(unit)],
        [(one.record_id, f"{one['code']} {one['name']}") for one in base.list_document_series(unit)],
        book_queries.list_accounts(unit),
    )


def rule_spec(lists: RuleLists) -> TableSpec:
    names: Mapping[str, dict[Any, str]] = {
        "service_type_id": dict(lists.service_types), "vat_code_id": dict(lists.vat_codes), "customer_kind": dict(customer_kinds()),
        "document_series_id": dict(lists.series), "account_id": dict(lists.account_choices),
    }  # fmt: skip

    def text(key: str, anything: str) -> Any:
        return lambda record: names[key].get(record[key], "") if record[key] else anything

    def dull(key: str) -> Any:
        return lambda record: "" if record[key] else "muted"

    def since(record: StoredRecord) -> str:
        first = "" if record["valid_from"].year <= 2000 else tr("dal {day}", day=formats.date(record["valid_from"]))
        last = tr("fino al {day}", day=formats.date(record["valid_to"])) if record["valid_to"] else ""
        return " ".join(part for part in (first, last) if part) or tr("sempre")

    return TableSpec(
        "rules", tr("Profilo"), Noun(tr("profilo"), tr("profili")), "ledger.posting_rule",
        [
            Column("service_type_id", tr("Tipo di servizio"), text("service_type_id", tr("tutti")), width=170, sortable=False, tone=dull("service_type_id")),
            Column("vat_code_id", tr("Codice IVA"), text("vat_code_id", tr("tutti")), width=140, sortable=False, tone=dull("vat_code_id")),
            Column("customer_kind", tr("Cliente"), text("customer_kind", tr("tutti")), width=120, sortable=False, tone=dull("customer_kind")),
            Column("document_series_id", tr("Sezionale"), text("document_series_id", tr("tutti")), width=110, sortable=False, tone=dull("document_series_id"), gives_way=2),
            Column("account_id", tr("Conto di ricavo"), lambda record: names["account_id"].get(record["account_id"], ""), kind="strong", width=240, stretch=True, sortable=False),
            Column("valid", tr("Vale"), since, width=120, sortable=False, gives_way=1),
        ],
        [
            [(FieldSpec("service_type_id", tr("Tipo di servizio"), "choice", choices=lists.service_types, options={"empty": tr("tutti")}), 12)],
            [(FieldSpec("vat_code_id", tr("Codice IVA"), "choice", choices=lists.vat_codes, options={"empty": tr("tutti")}), 12)],
            [(FieldSpec("customer_kind", tr("Tipo di cliente"), "choice", choices=[("", tr("tutti")), *customer_kinds()]), 6),
             (FieldSpec("document_series_id", tr("Sezionale"), "choice", choices=lists.series, options={"empty": tr("tutti")}), 6)],
            [(FieldSpec("account_id", tr("Conto di ricavo"), "choice", choices=lists.account_choices, required=True), 12)],
            [(FieldSpec("valid_from", tr("Vale dal"), "date", required=True), 6), (FieldSpec("valid_to", tr("Fino al"), "date"), 6)],
        ],
        book_queries.list_posting_rules, book_actions.save_posting_rule, {"customer_kind": "", "valid_from": local_today()},
        note=lambda _values: tr("Vince il profilo che dice di più: prima il tipo di servizio, poi il codice IVA, il tipo di cliente, il sezionale."),
        remove=book_actions.remove_posting_rule, detail_width=420, required="ledger.write",
    )  # fmt: skip


class RulesEditor(TableEditor):
    """The rules, those that name most first, and where a line would go."""

    def __init__(self, workplace: Workplace, lists: RuleLists) -> None:
        super().__init__(workplace, rule_spec(lists))
        self._lists = lists
        self._rules: Sequence[StoredRecord] = ()
        every: list[tuple[str, str, Choices]] = [
            ("service_type_id", tr("Tipo di servizio"), lists.service_types), ("vat_code_id", tr("Codice IVA"), lists.vat_codes),
            ("customer_kind", tr("Tipo di cliente"), customer_kinds()), ("document_series_id", tr("Sezionale"), lists.series),
        ]  # fmt: skip
        self.questions = {key: ChoiceField(title, choices, empty=tr("qualunque")) for key, title, choices in every}
        self.answer = label("", "medium", wrap=True)
        for field in self.questions.values():
            field.changed.connect(self._try)
        grid = form_grid([[(self.questions[key], 6) for key in CONDITIONS[:2]], [(self.questions[key], 6) for key in CONDITIONS[2:]]])
        head = label(tr("Prova: dove va una riga di oggi"), "small-medium", "3")
        self.below_form.addWidget(rule())
        self.below_form.addWidget(boxed(column(head, grid, self.answer, spacing=10, margins=(20, 12, 20, 12))))

    def _show(self, records: Sequence[StoredRecord]) -> None:
        self._rules = records
        super()._show(records)
        self._try()

    def _try(self) -> None:
        line: Values = {key: field.value() for key, field in self.questions.items()}
        found = choose_rule([one.values for one in self._rules], line, local_today())
        if found is None:
            self.answer.setText(tr("{account}: il conto dei ricavi, perché nessun profilo dice altro.", account=self._lists.usual()))
        else:
            account = next((one for one in self._lists.accounts if one.account_id == found["account_id"]), None)
            self.answer.setText(f"{account.code} {account.name}" if account else "")
