"""Rules of customers and contracts: states, what an electronic invoice needs, first amount of a service. Pure."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from cms_desktop.core import fiscal
from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.fiscal import Problem
from cms_desktop.core.listing import Filter, ListQuery, Operator, Value
from cms_desktop.core.money import round_cents
from cms_desktop.modules.customers.records import Service
from cms_desktop.modules.customers.rules.master import refuse_codes

CUSTOMER_FIELDS = (
    "code", "state", "since_on", "recipient_code", "is_split_payment", "is_withholding", "is_stamp_charged", "vat_code_id",
    "payment_term_id", "iban", "bank_name",
    "withholding_kind", "withholding_reason", "withholding_rate", "withholding_share", "exemption_reference", "exemption_ends_on", "ipa_code",
    "administration_reference", "order_reference", "cig_code", "cup_code", "skipped_months", "skipped_to_day", "bank_branch",
    "riba_fee_policy", "riba_fee_amount", "dunning_class", "credit_limit_amount", "invoice_grouping", "invoice_delivery", "delivery_email",
)  # fmt: skip
WITH_DEFAULTS = (  # the table has its own value for what is left out
    "state", "since_on", "withholding_rate", "withholding_share", "skipped_months", "skipped_to_day", "riba_fee_policy", "dunning_class",
    "invoice_grouping", "invoice_delivery",
)  # fmt: skip
TEXTS = ("code", "bank_name", "exemption_reference", "administration_reference", "order_reference", "bank_branch", "delivery_email")
CODES = ("recipient_code", "iban", "ipa_code", "cig_code", "cup_code", "withholding_kind", "withholding_reason")
CUSTOMER_STATES = ("prospect", "active", "suspended", "terminating", "terminated")
CONTRACT_STATES = ("draft", "active", "suspended", "terminated")
CONTRACT_STEPS = {  # verb: states it may start from
    "activate": frozenset({"draft", "suspended"}),
    "suspend": frozenset({"active"}),
    "terminate": frozenset({"draft", "active", "suspended"}),
}
FREQUENCIES = (1, 2, 3, 4, 6, 12)
ONE, NOTHING = Decimal(1), Decimal(0)  # usual quantity; no price yet
NUMBER_WIDTH = 6  # digits of a code given by the program


def check_recipient(code: str, kind: str, country: str = "IT") -> Problem | None:
    """Codice destinatario (6 characters for public offices, 7 for the others)."""
    return fiscal.check_recipient_code(code, is_public_body=kind == "public_body", country=country)


def missing_for_invoicing(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Fields an electronic invoice to this customer still lacks (FatturaPA 1.2.3: addressee's address, tax identity, recipient).

    The same rule in SQL is the list's `is_incomplete`; a test holds the two together.
    """
    missing = [key for key in ("street", "town") if not values.get(key)]
    if values.get("country", "IT") == "IT":
        missing += [key for key in ("postal_code", "province_code") if not values.get(key)]
    if not values.get("vat_number") and not values.get("tax_code"):
        missing.append("tax_code")
    kind, recipient = values.get("kind"), values.get("recipient_code") or ""
    if kind == "public_body" and len(recipient) != 6:
        missing.append("recipient_code")
    if kind in ("company", "sole_trader") and not recipient and not values.get("pec"):
        missing.append("recipient_code")
    return tuple(missing)


def stored_form(values: Mapping[str, Any]) -> dict[str, Any]:
    """The customer's own values as the table wants them."""
    customer = {key: values[key] for key in CUSTOMER_FIELDS if key in values}
    for key in CODES:
        if key in customer:
            customer[key] = fiscal.compact(customer[key] or "")
    for key in TEXTS:
        if key in customer:
            customer[key] = (customer[key] or "").strip()
    for key in WITH_DEFAULTS:
        if key in customer and customer[key] is None:
            del customer[key]
    return customer


def refuse_problems(customer: Mapping[str, Any], kind: str, country: str = "IT") -> None:
    """Raise InvalidInput for the first thing that cannot be stored."""
    found = {
        "recipient_code": check_recipient(customer.get("recipient_code") or "", kind, country),
        "iban": fiscal.check_iban(customer.get("iban") or ""),
        "delivery_email": fiscal.check_email(customer.get("delivery_email") or ""),
    }
    for key, problem in found.items():
        if problem is not None:
            raise InvalidInput(problem.text, field=key, **problem.values)
    refuse_codes(customer)


def refuse_contract_problems(starts_on: datetime.date | None, ends_on: datetime.date | None) -> None:
    if starts_on is None:
        raise InvalidInput("Manca la data di inizio: scrivila.", field="starts_on")
    if ends_on is not None and ends_on < starts_on:
        raise InvalidInput("La fine del contratto deve seguire l'inizio.", field="ends_on")


def refuse_term_problems(contract: Mapping[str, Any]) -> None:
    """What a contract says of duration, notice, deposit and price clause; of a change, what is in it."""
    if contract.get("renewal_months") and "duration_months" in contract and not contract["duration_months"]:
        raise InvalidInput("Il rinnovo tacito vuole una durata: scrivi di quanti mesi è il primo periodo.", field="duration_months")
    received, returned = contract.get("deposit_received_on"), contract.get("deposit_returned_on")
    if received and returned and returned < received:
        raise InvalidInput("Il deposito non può essere restituito prima che sia versato.", field="deposit_returned_on")
    cap, floor = contract.get("index_cap"), contract.get("index_floor")
    if cap is not None and floor is not None and cap < floor:
        raise InvalidInput("L'aumento massimo non può stare sotto il minimo.", field="index_cap")


def refuse_service_problems(service: Service) -> None:
    if not service.description.strip():
        raise InvalidInput("Manca la descrizione del servizio: scrivila.", field="description")
    if service.quantity <= 0:
        raise InvalidInput("La quantità deve essere maggiore di zero.", field="quantity")
    if service.monthly_price < 0 or service.unit_price < 0:
        raise InvalidInput("Il prezzo non può essere negativo.", field="monthly_price")
    if service.frequency_months not in FREQUENCIES:
        raise InvalidInput("La cadenza va scelta nell'elenco.", field="frequency_months")
    if service.ends_on is not None and service.ends_on < service.starts_on:
        raise InvalidInput("La fine del servizio deve seguire l'inizio.", field="ends_on")


def first_period(service: Service) -> tuple[datetime.date, datetime.date]:
    """The whole billing period in which the service starts: first and last day. Periods start in the anchor month."""
    month = service.starts_on.year * 12 + service.starts_on.month - 1
    month -= (month - (service.anchor_month - 1)) % service.frequency_months
    last = month + service.frequency_months - 1
    return datetime.date(month // 12, month % 12 + 1, 1), datetime.date(
        last // 12, last % 12 + 1, calendar.monthrange(last // 12, last % 12 + 1)[1]
    )


def first_amount(service: Service) -> Decimal:
    """Euro of the first invoice of a service: the whole period, or its covered days in proportion (the rule of billing periods)."""
    start, end = first_period(service)
    whole = service.monthly_price * service.quantity * service.frequency_months
    from_on, to_on = max(start, service.starts_on), min(end, service.ends_on or end)
    days, all_days = (to_on - from_on).days + 1, (end - start).days + 1
    return round_cents(whole if days == all_days else whole * days / all_days)


# ---- what the figures of the dashboard mean, as filters ------------------------------------------------------------------


def customers_where(key: str, operator: Operator, *values: Value) -> ListQuery:
    """The list with one filter."""
    return ListQuery((Filter(key, operator, values),))


ACTIVE = customers_where("state", "in", "active")
OVERDUE = customers_where("is_overdue", "=", True)
INCOMPLETE = ListQuery((Filter("state", "in", ("active",)), Filter("is_incomplete", "=", (True,))))
OVER_LIMIT = customers_where("is_over_limit", "=", True)
PUBLIC_BODIES = customers_where("kind", "in", "public_body")
ENDING_CONTRACTS = customers_where("is_ending", "=", True)


def started_in(year: int, month: int) -> ListQuery:
    """Customers since a month."""
    last = calendar.monthrange(year, month)[1]
    return customers_where("since_on", "between", datetime.date(year, month, 1), datetime.date(year, month, last))


def in_province(province_code: str) -> ListQuery:
    """Active customers of a province."""
    return ACTIVE.with_filter(Filter("province_code", "=", (province_code,)))
