"""What is due, what was presented, what the bank gets. SELECT only."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.fiscal import bank_coordinates
from cms_desktop.core.listing import Filter, ListQuery, Page, Sort, Totals
from cms_desktop.core.money import ZERO
from cms_desktop.db.listing import ListColumn, Listing
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.bank_effects import rules
from cms_desktop.modules.bank_effects.records import (
    AmountAndCount,
    BankChoice,
    BankFile,
    BankSum,
    BatchRow,
    DashboardFigures,
    DueEffect,
    DuePreview,
    EffectRow,
    WaitingCounts,
    WeekSum,
)
from cms_desktop.modules.bank_effects.riba.records import RibaBatch, RibaCreditor, RibaEffect
from cms_desktop.modules.bank_effects.tables import Effect, EffectBatch
from cms_desktop.modules.base.tables import BankAccount, Company, Person

_effect: Any = Effect  # the columns of the listings are expressions, whatever the mapper calls them
_batch: Any = EffectBatch
_bank: Any = BankAccount
_author, _presenter = sa.orm.aliased(Person), sa.orm.aliased(Person)
_presented_on = sa.cast(sa.func.timezone("Europe/Rome", _batch.presented_at), sa.Date)
_debtor_name = _effect.debtor["name"].astext
_fold = sa.func.base.fold


def _plain(column: Any) -> ListColumn:
    return ListColumn(column, is_nullable=False)


BATCHES = Listing(
    source=sa.join(
        _batch,
        _bank,
        sa.and_(_bank.company_id == _batch.company_id, _bank.bank_account_id == _batch.bank_account_id),
    )
    .outerjoin(_author, _author.person_id == _batch.created_by)
    .outerjoin(_presenter, _presenter.person_id == _batch.presented_by),
    company=_batch.company_id,
    columns={
        "number": _plain(_batch.number),
        "state": _plain(_batch.state),
        "bank_account_id": _plain(_batch.bank_account_id),
        "bank_name": ListColumn(_bank.name, folded=_fold(_bank.name)),
        "due_from": _plain(_batch.due_from),
        "due_to": _plain(_batch.due_to),
        "effect_count": ListColumn(_batch.effect_count, is_summed=True, is_nullable=False),
        "total_amount": ListColumn(_batch.total_amount, is_summed=True, is_nullable=False),
        "file_name": ListColumn(sa.func.coalesce(_batch.file_name, "")),
        "created_on": _plain(sa.cast(sa.func.timezone("Europe/Rome", _batch.created_at), sa.Date)),
        "presented_on": ListColumn(_presented_on),
        "created_by": ListColumn(sa.func.coalesce(_author.display_name, ""), folded=_fold(sa.func.coalesce(_author.display_name, ""))),
        "presented_by": ListColumn(
            sa.func.coalesce(_presenter.display_name, ""), folded=_fold(sa.func.coalesce(_presenter.display_name, ""))
        ),
    },
    row_id=_batch.effect_batch_id,
    default=Sort("created_on", descending=True),
    search=lambda _unit, text: sa.func.strpos(sa.func.lower(_batch.number), text.lower()) > 0,
    extra=(_batch.effect_batch_id, _batch.created_at, _batch.presented_at),
)

EFFECTS = Listing(
    source=sa.join(
        _effect,
        _batch,
        sa.and_(_batch.company_id == _effect.company_id, _batch.effect_batch_id == _effect.effect_batch_id),
    ).join(
        _bank,
        sa.and_(_bank.company_id == _batch.company_id, _bank.bank_account_id == _batch.bank_account_id),
    ),
    company=_effect.company_id,
    columns={
        "receipt_number": _plain(_effect.receipt_number),
        "due_on": _plain(_effect.due_on),
        "customer_code": _plain(_effect.debtor["code"].astext),
        "customer_name": ListColumn(_debtor_name, folded=_fold(_debtor_name)),
        "amount": ListColumn(_effect.amount, is_summed=True, is_nullable=False),
        "reference": ListColumn(_effect.reference, folded=_fold(_effect.reference)),
        "state": _plain(_effect.state),
        "batch_number": _plain(_batch.number),
        "batch_state": _plain(_batch.state),
        "bank_name": ListColumn(_bank.name, folded=_fold(_bank.name)),
        "presented_on": ListColumn(_presented_on),
        "debtor_abi": _plain(_effect.debtor_abi),
        "debtor_cab": _plain(_effect.debtor_cab),
        "customer_id": _plain(_effect.customer_id),
        "bank_account_id": _plain(_batch.bank_account_id),
        "effect_batch_id": _plain(_effect.effect_batch_id),
    },
    row_id=_effect.effect_id,
    default=Sort("due_on", descending=True),
    search=lambda _unit, text: sa.func.strpos(_fold(_debtor_name + " " + _effect.reference), _fold(text)) > 0,
    extra=(_effect.effect_id,),
)


def list_batches(unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None) -> Page[BatchRow]:
    page = BATCHES.page(unit, query, after)
    return Page(tuple(_batch_row(row) for row in page.rows), page.after)


def sum_batches(unit: UnitOfWork, query: ListQuery) -> Totals:
    return BATCHES.totals(unit, query)


def list_effects(unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None, limit: int | None = None) -> Page[EffectRow]:
    page = EFFECTS.page(unit, query, after, limit)
    names = [one.name for one in dataclasses.fields(EffectRow)]
    return Page(tuple(EffectRow(**{name: getattr(row, name) for name in names}) for row in page.rows), page.after)


def sum_effects(unit: UnitOfWork, query: ListQuery) -> Totals:
    return EFFECTS.totals(unit, query)


def _batch_row(row: Any) -> BatchRow:
    return BatchRow(**{one.name: getattr(row, one.name) for one in dataclasses.fields(BatchRow)})


def find_batch(unit: UnitOfWork, effect_batch_id: int) -> BatchRow | None:
    """One batch; None when it does not exist or may not be seen."""
    listing = dataclasses.replace(BATCHES, where=(_batch.effect_batch_id == effect_batch_id,))
    rows = listing.page(unit, ListQuery(), None, 1).rows
    return _batch_row(rows[0]) if rows else None


def list_banks(unit: UnitOfWork) -> tuple[BankChoice, ...]:
    """Active bank accounts, the default one first."""
    statement = (
        sa.select(BankAccount)
        .where(BankAccount.company_id == unit.company_id, BankAccount.is_active)
        .order_by(BankAccount.is_default.desc(), BankAccount.name)
    )
    return tuple(
        BankChoice(bank.bank_account_id, bank.name, bank.iban, bank.sia_code, bank.credit_line_amount, bank.is_default)
        for bank in unit.session.scalars(statement)
    )


def items_due(unit: UnitOfWork, due_from: datetime.date, due_to: datetime.date, *, minimum_amount: Decimal = ZERO) -> DuePreview:
    """What a batch of the range would take, and what it would leave out and why. `minimum_amount` per effect, in euro."""
    rows = unit.rows(
        sa.text("""
            select d.customer_id, k.code, p.name, d.due_on, d.amount, cardinality(d.open_item_ids) as item_count, d.reference, d.iban,
                   d.obstacle, coalesce(p.tax_code, p.vat_number, '') as tax_code
            from bank_effects.due_effects(:company, :due_from, :due_to, :minimum) as d
            join customers.customer as k on k.company_id = :company and k.customer_id = d.customer_id
            join registry.party as p on p.company_id = :company and p.party_id = d.customer_id
            order by d.due_on, p.search_key, d.customer_id"""),
        {"due_from": due_from, "due_to": due_to, "minimum": minimum_amount},
    )
    checked: dict[int, str] = {}
    effects = []
    for row in rows:
        obstacle = row.obstacle
        if not obstacle:
            if row.customer_id not in checked:
                checked[row.customer_id] = rules.debtor_obstacle(row.iban, row.tax_code)
            obstacle = checked[row.customer_id]
        effects.append(
            DueEffect(row.customer_id, row.code, row.name, row.due_on, row.amount, row.item_count, row.reference, row.iban, obstacle)
        )
    return DuePreview(tuple(effects))


def find_riba_batch(unit: UnitOfWork, effect_batch_id: int) -> RibaBatch:
    """The batch as the format wants it. Raises InvalidInput when there is no such batch."""
    found = unit.session.scalars(
        sa.select(EffectBatch).where(EffectBatch.company_id == unit.company_id, EffectBatch.effect_batch_id == effect_batch_id)
    ).first()
    if found is None:
        raise InvalidInput("La distinta non esiste più: aggiorna l'elenco.")
    effects = unit.session.scalars(
        sa.select(Effect)
        .where(Effect.company_id == unit.company_id, Effect.effect_batch_id == effect_batch_id)
        .order_by(Effect.receipt_number)
    )
    today: datetime.date = unit.value(sa.select(sa.func.current_date()))
    creditor = _creditor(unit, found.bank_account_id)
    return RibaBatch(creditor, today, rules.support_name(found.number), tuple(_riba_effect(effect) for effect in effects))


def _creditor(unit: UnitOfWork, bank_account_id: int) -> RibaCreditor:
    company = unit.session.scalars(sa.select(Company).where(Company.company_id == unit.company_id)).one()
    bank = unit.session.scalars(
        sa.select(BankAccount).where(BankAccount.company_id == unit.company_id, BankAccount.bank_account_id == bank_account_id)
    ).one()
    place = bank_coordinates(bank.iban)
    if place is None:
        raise InvalidInput("Il conto «{name}» non è italiano: scegli un conto con IBAN IT.", field="bank", name=bank.name)
    return RibaCreditor(
        name=company.name, tax_code=company.tax_code or company.vat_number, sia_code=bank.sia_code, abi=place.abi, cab=place.cab,
        account=place.account, street=f"{company.street} {company.street_number}".strip(),
        city=f"{company.postal_code} {company.town} {company.province_code}".strip(),
    )  # fmt: skip


def _riba_effect(effect: Effect) -> RibaEffect:
    debtor = effect.debtor
    return RibaEffect(
        receipt_number=effect.receipt_number, due_on=effect.due_on, amount=effect.amount, debtor_name=debtor["name"],
        debtor_tax_code=debtor["tax_code"], debtor_street=debtor["street"], debtor_postcode=debtor["postal_code"],
        debtor_city=debtor["town"], debtor_abi=effect.debtor_abi, debtor_cab=effect.debtor_cab, reference=effect.reference,
        customer_code=debtor["code"], debtor_province=debtor["province_code"], debtor_bank=debtor["bank_name"],
    )  # fmt: skip


def find_file(unit: UnitOfWork, effect_batch_id: int) -> BankFile:
    """The file of a presented batch exactly as it was made. Raises InvalidInput when it was not made yet."""
    found = unit.session.scalars(
        sa.select(EffectBatch).where(EffectBatch.company_id == unit.company_id, EffectBatch.effect_batch_id == effect_batch_id)
    ).first()
    if found is None or found.file_content is None:
        raise InvalidInput("La distinta non ha ancora un file: crealo prima.")
    return BankFile(found.file_name or "", found.file_content, found.number, found.effect_count, found.total_amount)


# ---- dashboard --------------------------------------------------------------------------------------------------------
# Each figure names the query that lists its rows; the screen opens the list with the same one.


def presented_between(first: datetime.date, last: datetime.date) -> ListQuery:
    return ListQuery((Filter("presented_on", "between", (first, last)), Filter("batch_state", "=", ("presented",))))


def unpaid_effects() -> ListQuery:
    return ListQuery((Filter("state", "=", ("unpaid",)),))


def effects_at_bank(today: datetime.date, bank_account_id: int | None = None) -> ListQuery:
    """Presented and not yet due: what the bank has advanced."""
    conditions = (Filter("state", "=", ("presented",)), Filter("batch_state", "=", ("presented",)), Filter("due_on", ">=", (today,)))
    own = (Filter("bank_account_id", "=", (bank_account_id,)),) if bank_account_id is not None else ()
    return ListQuery((*conditions, *own), Sort("due_on"))


def effects_due_between(first: datetime.date, last: datetime.date) -> ListQuery:
    states = (Filter("state", "=", ("presented",)), Filter("batch_state", "=", ("presented",)))
    return ListQuery((*states, Filter("due_on", "between", (first, last))), Sort("due_on"))


def batches_in_state(state: str) -> ListQuery:
    return ListQuery((Filter("state", "=", (state,)),))


def find_figures(unit: UnitOfWork) -> DashboardFigures:
    """Everything the dashboard shows, in one transaction."""
    today: datetime.date = unit.value(sa.select(sa.func.current_date()))
    preview = items_due(unit, today, today + datetime.timedelta(days=rules.PRESENTABLE_DAYS))
    month = rules.month_bounds(today)
    before = rules.month_bounds(month[0] - datetime.timedelta(days=1))
    banks = sum_by_bank(unit, today)
    opened = sum_batches(unit, batches_in_state("open"))
    choices = list_banks(unit)
    return DashboardFigures(
        today=today,
        presentable=AmountAndCount(preview.total, len(preview.presentable)),
        left_out=AmountAndCount(preview.left_out_total, len(preview.left_out)),
        left_out_customers=len({effect.customer_id for effect in preview.left_out}),
        presented_in_month=_amount(sum_effects(unit, presented_between(*month))),
        presented_month_before=_amount(sum_effects(unit, presented_between(*before))),
        unpaid=_amount(sum_effects(unit, unpaid_effects())),
        line_used=_amount(sum_effects(unit, effects_at_bank(today))),
        line_amount=sum((bank.credit_line_amount for bank in choices), ZERO),
        open_batches=AmountAndCount(Decimal(opened.sums["total_amount"]), opened.count),
        banks_without_sia=sum(1 for bank in choices if not bank.sia_code),
        weeks=sum_by_week(unit, today),
        banks=banks,
        last_batches=list_batches(unit, ListQuery()).rows[:5],
    )


def count_waiting(unit: UnitOfWork) -> WaitingCounts:
    """What the dock writes beside its pages."""
    today: datetime.date = unit.value(sa.select(sa.func.current_date()))
    preview = items_due(unit, today, today + datetime.timedelta(days=rules.PRESENTABLE_DAYS))
    return WaitingCounts(len(preview.presentable), sum_batches(unit, batches_in_state("open")).count)


def _amount(totals: Totals) -> AmountAndCount:
    return AmountAndCount(Decimal(totals.sums["amount"]), totals.count)


def _at_bank(unit: UnitOfWork) -> Sequence[Any]:
    return (
        Effect.company_id == unit.company_id,
        EffectBatch.company_id == unit.company_id,
        EffectBatch.effect_batch_id == Effect.effect_batch_id,
        EffectBatch.state == "presented",
        Effect.state == "presented",
    )


def sum_by_week(unit: UnitOfWork, today: datetime.date) -> tuple[WeekSum, ...]:
    """Presented effects by the week they fall due: this week and the eleven after, empty ones too."""
    first = rules.week_start(today)
    week = sa.cast(sa.func.date_trunc("week", Effect.due_on), sa.Date)
    last = first + datetime.timedelta(days=7 * rules.WEEKS - 1)
    rows = unit.rows(
        sa.select(week.label("week"), sa.func.sum(Effect.amount).label("amount"), sa.func.count().label("count"))
        .where(*_at_bank(unit), Effect.due_on.between(first, last))
        .group_by(week)
    )
    found = {row.week: row for row in rows}
    starts = [first + datetime.timedelta(days=7 * number) for number in range(rules.WEEKS)]
    return tuple(WeekSum(day, found[day].amount, found[day].count) if day in found else WeekSum(day, ZERO, 0) for day in starts)


def sum_by_bank(unit: UnitOfWork, today: datetime.date) -> tuple[BankSum, ...]:
    """Presented and not yet due, by bank, the largest first."""
    rows = unit.rows(
        sa.select(
            BankAccount.bank_account_id,
            BankAccount.name,
            BankAccount.credit_line_amount,
            sa.func.sum(Effect.amount).label("amount"),
            sa.func.count().label("count"),
        )
        .where(
            *_at_bank(unit),
            Effect.due_on >= today,
            BankAccount.company_id == unit.company_id,
            BankAccount.bank_account_id == EffectBatch.bank_account_id,
        )
        .group_by(BankAccount.bank_account_id, BankAccount.name, BankAccount.credit_line_amount)
        .order_by(sa.func.sum(Effect.amount).desc())
    )
    return tuple(BankSum(row.bank_account_id, row.name, row.amount, row.count, row.credit_line_amount) for row in rows)
