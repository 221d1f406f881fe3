"""Documents put in place by SQL as their own functions would leave them: numbered, posted, with amounts signed."""

from __future__ import annotations

import datetime
from decimal import Decimal

from tests.modules.billing.world import World

D = Decimal


def issue(world: World, kind: str, customer: int, day: datetime.date, rows: dict[str, str], *, series: str = "V", stamp: str = "0") -> int:
    """An issued document of `kind`; `rows`: VAT code → net amount. Self-invoices owe nothing and post purchases against sales."""
    is_self = kind in ("TD16", "TD17", "TD18", "TD19", "TD20")
    with world.owner.transaction():
        world.owner.execute("set local role cms_bookkeeper")
        number = world.value("select base.take_document_numbers(1, %s, %s, 1)", world.series(series), day)
        codes = {
            code: world.owner.execute(
                "select vat_code_id, rate, nature, exigibility from base.vat_code where company_id = 1 and code = %s", (code,)
            ).fetchone()
            for code in rows
        }
        vat = {code: round(D(net) * codes[code][1] / 100, 2) for code, net in rows.items()}  # type: ignore[index]
        net_sum, vat_sum = sum(map(D, rows.values()), D(0)), sum(vat.values(), D(0))
        split = sum((vat[code] for code in rows if codes[code][3] == "S"), D(0))  # type: ignore[index]
        later = sum((vat[code] for code in rows if codes[code][3] == "D"), D(0))  # type: ignore[index]
        payable = D(0) if is_self else net_sum + vat_sum - split
        invoice = world.value(
            "insert into billing.invoice (company_id, document_type, state, document_series_id, year, number, document_number, document_on, "
            "customer_id, supplier_id, supplier, payment_term_id, buyer, net_amount, vat_amount, total_amount, payable_amount, stamp_amount, issued_at) "
            "select 1, %s, 'issued', document_series_id, %s, %s, code || ' ' || %s || '/' || %s, %s, %s, %s, "
            "(select to_jsonb(p) from registry.party as p where p.company_id = 1 and p.party_id = %s), %s, "
            "(select to_jsonb(p) || jsonb_build_object('code', k.code, 'recipient_code', k.recipient_code, 'iban', k.iban, 'bank_name', k.bank_name) "
            "from registry.party as p join customers.customer as k on k.company_id = 1 and k.customer_id = p.party_id where p.company_id = 1 and "
            "p.party_id = %s), %s, %s, %s, %s, %s, now() from base.document_series where company_id = 1 and code = %s returning invoice_id",
            kind, day.year, number, day.year, number, day, None if is_self else customer, customer if is_self else None,
            customer if is_self else None, None if is_self else world.term("BB30"), customer, net_sum, vat_sum, net_sum + vat_sum, payable, stamp, series,
        )  # fmt: skip
        for place, (code, net) in enumerate(rows.items(), 1):
            world.owner.execute(
                "insert into billing.invoice_line (company_id, invoice_id, line_no, description, quantity, unit_price, line_amount, vat_code_id) "
                "values (1, %s, %s, 'Voce', 1, %s, %s, %s)",
                (invoice, place, abs(D(net)) if kind == "TD04" else net, net, codes[code][0]),  # type: ignore[index]
            )
            world.owner.execute(
                "insert into billing.invoice_vat (company_id, invoice_id, vat_code_id, rate, nature, exigibility, net_amount, vat_amount) "
                "values (1, %s, %s, %s, %s, %s, %s, %s)",
                (invoice, *codes[code], net, vat[code]),  # type: ignore[misc]
            )
        if kind == "TD04":
            world.owner.execute(
                "insert into billing.invoice_reference (company_id, invoice_id, position, kind, number) values (1, %s, 1, 'invoice', 'V 1')",
                (invoice,),
            )
        wanted = (
            {"vat_purchases": vat_sum, "vat_sales": -vat_sum}
            if is_self
            else {"receivable": payable, "vat_split": split, "revenue": -net_sum, "vat_sales": later - vat_sum, "vat_suspended": -later}
        )
        _post(world, invoice, day, wanted)
        if payable:
            world.owner.execute(
                "insert into ledger.open_item (company_id, customer_id, source, source_id, installment, document_number, document_on, due_on, "
                "method, amount) values (1, %s, 'invoice', %s, 1, 'x', %s, %s, 'MP05', %s)",
                (customer, invoice, day, day, payable),
            )
    return invoice


def _post(world: World, invoice: int, day: datetime.date, wanted: dict[str, Decimal]) -> None:
    """Debits positive, credits negative, all lines in one statement: it must balance."""
    entry = world.value(
        "insert into ledger.journal_entry (company_id, on_date, description, source, source_id) values (1, %s, 'Documento', 'invoice', %s) "
        "returning journal_entry_id", day, invoice,
    )  # fmt: skip
    lines = [(place, role, amount) for place, (role, amount) in enumerate(wanted.items(), 1) if amount]
    world.owner.execute(
        "insert into ledger.journal_line (company_id, journal_entry_id, line_no, account_id, debit_amount, credit_amount) "
        "select 1, %s, n, account_id, greatest(amount, 0), greatest(-amount, 0) from unnest(%s::int[], %s::text[], %s::numeric[]) "
        "as t(n, role, amount) join ledger.account using (role) where company_id = 1",
        (entry, *map(list, zip(*lines, strict=True))),
    )
