"""What billing hands to the screen: runs, preview rows, invoices, files. Amounts are euro."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cms_desktop.core.money import ZERO

FILE_STATES = ("none", "ready", "queued", "sent", "delivered", "rejected", "undeliverable")
BLOCKING_REASONS = (
    "fiscal_code_missing", "address_incomplete", "office_code_missing", "recipient_code_wrong", "payment_term_missing", "intent_letter_missing",
)  # fmt: skip


GROUPINGS = ("contract", "customer", "site", "order")
LINE_KINDS = ("recurring", "hourly", "passages", "interventions", "one_off")
ONE_OFF = ("with", "without", "only")
THRESHOLD = Decimal(20)  # per cent


@dataclass(frozen=True)
class RunChoices:
    """What a run takes of what is due; empty means all. `classes`: values chosen of fields of the registry's classification, by field.

    `catch_up_months`: how far back skipped periods come along. `threshold`: a difference beyond so many per cent is worth a look.
    """

    service_types: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    party_kinds: tuple[str, ...] = ()
    classes: tuple[tuple[int, tuple[int, ...]], ...] = ()
    one_off: str = "with"
    catch_up_months: int = 0
    threshold: Decimal = THRESHOLD
    template_id: int | None = None

    def as_json(self) -> dict[str, Any]:
        """As the server keeps it: only what makes a choice."""
        found: dict[str, Any] = {
            "service_types": list(self.service_types), "kinds": list(self.kinds), "party_kinds": list(self.party_kinds),
            "classes": {str(position): list(ids) for position, ids in self.classes if ids},
            "one_off": "" if self.one_off == "with" else self.one_off, "catch_up_months": self.catch_up_months,
            "threshold": "" if self.threshold == THRESHOLD else f"{self.threshold.normalize():f}", "template": self.template_id,
        }  # fmt: skip
        return {key: value for key, value in found.items() if value}

    @classmethod
    def from_json(cls, values: Mapping[str, Any], template_id: int | None = None) -> RunChoices:
        return cls(
            tuple(int(one) for one in values.get("service_types", ())),
            tuple(values.get("kinds", ())),
            tuple(values.get("party_kinds", ())),
            tuple((int(position), tuple(int(one) for one in ids)) for position, ids in sorted(values.get("classes", {}).items())),
            str(values.get("one_off", "with")),
            int(values.get("catch_up_months", 0)),
            Decimal(str(values.get("threshold", THRESHOLD))),
            template_id,
        )


@dataclass(frozen=True)
class RunParameters:
    """What a run is made from. `grouping`: one invoice per "contract", "customer", "site" or "order", unless a customer wants it otherwise."""

    title: str
    period_start: datetime.date
    period_end: datetime.date
    document_on: datetime.date
    series_id: int
    grouping: str = "contract"
    choices: RunChoices = RunChoices()


@dataclass(frozen=True)
class Run:
    """A billing run (lancio). state: preview, issued, undone, discarded."""

    run_id: int
    number: str
    title: str
    state: str
    period_start: datetime.date
    period_end: datetime.date
    document_on: datetime.date
    series_id: int
    series_code: str
    series_name: str
    grouping: str
    invoice_count: int
    net_amount: Decimal
    vat_amount: Decimal
    total_amount: Decimal
    payable_amount: Decimal
    first_number: int | None
    last_number: int | None
    issued_at: datetime.datetime | None
    created_at: datetime.datetime
    created_by: str
    issued_by: str
    parameters: Mapping[str, Any]
    template_id: int | None
    retried_run_id: int | None
    refreshed_at: datetime.datetime | None
    credits_run_id: int | None = None  # the run whose invoices these credit notes take back

    @property
    def choices(self) -> RunChoices:
        return RunChoices.from_json(self.parameters, self.template_id)


@dataclass(frozen=True)
class RunDocument:
    """A row of the preview: what a contract (or customer) pays now and paid for the same services one period before.

    `row_id` is the draft, or minus the contract (customer) where a service ended and nothing is left to bill.
    """

    row_id: int
    invoice_id: int | None
    customer: str
    customer_code: str
    contract: str
    line_count: int
    before_amount: Decimal
    net_amount: Decimal
    difference: Decimal
    percent: Decimal | None
    is_new: bool
    is_ended: bool
    is_price_changed: bool
    is_beyond: bool
    is_blocked: bool
    is_excluded: bool
    reason: str
    is_first: bool
    is_caught_up: bool


@dataclass(frozen=True)
class Difference:
    """Rows with a mark, and what it changes in the net amount of the run."""

    count: int = 0
    effect: Decimal = ZERO


@dataclass(frozen=True)
class RunDifferences:
    """From the period before to this one: `before + new + ended + price + other + excluded == now`."""

    before: Decimal
    now: Decimal
    new: Difference
    ended: Difference
    price: Difference
    other: Difference
    excluded: Difference
    beyond: Difference
    blocked: Difference
    first: Difference
    caught_up: Difference
    row_count: int


@dataclass(frozen=True)
class RunExclusion:
    customer: str
    contract: str
    net_amount: Decimal
    reason: str


@dataclass(frozen=True)
class DueService:
    """A service whose period falls due and is not billed yet."""

    row_id: str
    customer: str
    contract: str
    description: str
    period_start: datetime.date
    period_end: datetime.date
    amount: Decimal


@dataclass(frozen=True)
class InvoiceRow:
    """A document in a list; a credit note (TD04) counts negative. stage: issued, self (a self-invoice), draft or pro_forma. file_state: one of
    FILE_STATES."""

    invoice_id: int
    number: str
    document_on: datetime.date
    customer: str
    customer_id: int | None
    document_type: str
    stage: str
    net_amount: Decimal
    vat_amount: Decimal
    total_amount: Decimal
    payable_amount: Decimal
    run: str
    run_id: int | None
    file_state: str
    file_name: str


@dataclass(frozen=True)
class FileFailure:
    """Why the file of an invoice could not be made: code of the exchange system (empty: a rule of ours) and what to do."""

    invoice_id: int
    number: str
    customer: str
    code: str
    text: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class FilesMade:
    made: int
    failures: tuple[FileFailure, ...] = ()


@dataclass(frozen=True)
class FileCounts:
    """Files of a run (or of the company) by state."""

    none: int = 0
    ready: int = 0
    sent: int = 0


@dataclass(frozen=True)
class IssuedNumbers:
    """What a run got when issued."""

    series: str
    first: int
    last: int
    count: int


@dataclass(frozen=True)
class SeriesChoice:
    """A sales series and where it stands in a year."""

    series_id: int
    code: str
    name: str
    next_number: int
    last_document_on: datetime.date | None


@dataclass(frozen=True)
class MonthFigures:
    invoice_count: int = 0
    net_amount: Decimal = ZERO


@dataclass(frozen=True)
class ToCheck:
    """What wants a look: kind blocked, files, preview, no_file; the run concerned, if one."""

    kind: str
    count: int
    run_id: int | None = None
    run_number: str = ""
    amount: Decimal = ZERO


@dataclass(frozen=True)
class CountAndAmount:
    """Documents and what they come to, gross of VAT unless said otherwise."""

    count: int = 0
    amount: Decimal = ZERO


@dataclass(frozen=True)
class BestRow:
    """A customer or a type of service with what was invoiced of it, net; `share` of the whole in percent."""

    key_id: int | None
    name: str
    count: int
    net_amount: Decimal
    share: Decimal


@dataclass(frozen=True)
class InvoicedLine:
    """A line of an issued document."""

    row_id: str
    invoice_id: int
    number: str
    document_on: datetime.date
    customer: str
    type_name: str
    description: str
    net_amount: Decimal


@dataclass(frozen=True)
class BillingFigures:
    """All the figures of the dashboard on a day. What falls due is worked out from every contract and comes by itself, a little later."""

    today: datetime.date
    month: MonthFigures
    month_last_year: MonthFigures
    months: tuple[Decimal | None, ...]
    months_last_year: tuple[Decimal | None, ...]
    prepared: CountAndAmount
    unsent: CountAndAmount
    refused: CountAndAmount
    undelivered: CountAndAmount
    days_to_issue: Decimal | None
    ready_files: int
    runs: tuple[Run, ...]
    to_check: tuple[ToCheck, ...]
    due_count: int = 0
    due_amount: Decimal = ZERO
    is_due_known: bool = False

    @property
    def year(self) -> Decimal:
        """Invoiced since January, net."""
        return sum((amount for amount in self.months if amount is not None), ZERO)

    @property
    def year_before(self) -> Decimal:
        """The same months of last year."""
        return sum((amount for amount in self.months_last_year[: self.today.month] if amount is not None), ZERO)


@dataclass(frozen=True)
class UnpostedRow:
    """An issued document that waits to be posted."""

    invoice_id: int
    document_on: datetime.date
    number: str
    document_type: str
    customer: str
    net_amount: Decimal
    vat_amount: Decimal
    payable_amount: Decimal


@dataclass(frozen=True)
class UnpostedPage:
    """The first of them, and the figures of all."""

    rows: tuple[UnpostedRow, ...]
    count: int
    net_amount: Decimal
    vat_amount: Decimal
    payable_amount: Decimal
