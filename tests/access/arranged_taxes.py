"""Withholding, fund, reference and letter of intent of a draft of company 1, made by the functions that tax drafts."""

from __future__ import annotations

from tests.house import House

MAKE = """
do $$
declare
  draft bigint := (select max(invoice_id) from billing.invoice where company_id = 1 and state = 'draft');
begin
  insert into billing.invoice_withholding (company_id, invoice_id, position, kind, reason, rate) values (1, draft, 1, 'RT02', 'W', 4);
  insert into billing.invoice_fund (company_id, invoice_id, position, kind, rate, vat_code_id)
  select 1, draft, 1, 'TC22', 4, min(vat_code_id) from base.vat_code where company_id = 1 and rate = 22;
  insert into billing.invoice_reference (company_id, invoice_id, position, kind, number) values (1, draft, 1, 'order', 'ODA 1');
  perform billing.tax_drafts(1, array[draft]);
end $$
"""


def arrange_taxes(house: House) -> None:
    with house.owner() as owner, owner.transaction():
        owner.execute("set local role cms_bookkeeper")
        owner.execute(MAKE)
