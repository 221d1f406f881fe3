"""Create, present and cancel batches. The rules are kept by functions of the database (server_schema/code/bank_effects)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from cms_desktop.core.errors import Conflict
from cms_desktop.core.money import ZERO
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.bank_effects import queries, rules
from cms_desktop.modules.bank_effects.records import BankFile, CreatedBatch
from cms_desktop.modules.bank_effects.riba.write import riba_file


def create_batch(
    unit: UnitOfWork,
    bank_account_id: int,
    *,
    due_from: datetime.date,
    due_to: datetime.date,
    minimum_amount: Decimal = ZERO,
    left_out: Iterable[int] = (),
    expected_total: Decimal | None = None,
) -> CreatedBatch:
    """A batch of what is due in the range; customers with wrong check digits and those in `left_out` stay out.

    `expected_total` is what the person saw and confirmed, in euro: Conflict when what is due has changed meanwhile.
    """
    preview = queries.items_due(unit, due_from, due_to, minimum_amount=minimum_amount)
    wrong = {effect.customer_id for effect in preview.left_out if effect.obstacle in ("iban_wrong", "tax_code_wrong")}
    customers = sa.cast(sorted(wrong | set(left_out)), ARRAY(sa.BigInteger))
    made = unit.call("bank_effects.create_batch", bank_account_id, due_from, due_to, minimum_amount, customers)
    stored = queries.find_batch(unit, made["batch"])
    if expected_total is not None and (stored is None or stored.total_amount != expected_total):
        raise Conflict("Nel frattempo le scadenze sono cambiate: controlla l'anteprima e conferma di nuovo.")
    return CreatedBatch(made["batch"], made["number"], made["count"], made["without_bank"] + len(wrong))


def make_file(unit: UnitOfWork, effect_batch_id: int) -> BankFile:
    """Write the RiBa file of an open batch and keep it; the batch is then presented. Raises InvalidInput for data the bank refuses."""
    riba = queries.find_riba_batch(unit, effect_batch_id)
    content = riba_file(riba)
    unit.call("bank_effects.present_batch", effect_batch_id, rules.file_name(riba.support_name), content)
    unit.session.expire_all()
    return queries.find_file(unit, effect_batch_id)


def present(
    unit: UnitOfWork,
    bank_account_id: int,
    *,
    due_from: datetime.date,
    due_to: datetime.date,
    minimum_amount: Decimal = ZERO,
    left_out: Iterable[int] = (),
    expected_total: Decimal | None = None,
) -> BankFile:
    """Create a batch and its file in one go: either both are there afterwards or neither."""
    batch = create_batch(
        unit,
        bank_account_id,
        due_from=due_from,
        due_to=due_to,
        minimum_amount=minimum_amount,
        left_out=left_out,
        expected_total=expected_total,
    )
    return make_file(unit, batch.effect_batch_id)


def cancel_batch(unit: UnitOfWork, effect_batch_id: int) -> None:
    """Drop an open batch; its items can be presented again."""
    unit.call("bank_effects.cancel_batch", effect_batch_id)
