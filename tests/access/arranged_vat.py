"""VAT books of company 1: an invoice whose VAT is due when it is collected, a settled month, a register printed for good."""

from __future__ import annotations

import datetime

from tests.house import House
from tests.modules.billing.vat.papers import issue
from tests.modules.billing.world import World

DAY = datetime.date


class _Owner(World):
    """Leaves the company as it is."""

    def __init__(self, house: House) -> None:
        self.house, self.company, self._made = house, 1, 0
        self.owner = house.owner()
        self.owner.autocommit = True


def arrange_vat(house: House) -> None:
    owner = _Owner(house)
    owner.owner.execute(
        "insert into base.vat_code (company_id, code, description, rate, exigibility) values (1, '22D', 'Esigibilità differita', 22, 'D')"
    )
    customer = owner.value("select min(customer_id) from customers.customer where company_id = 1")
    invoice = issue(owner, "TD01", customer, DAY(2025, 1, 15), {"22D": "100.00"}, series="PA")
    with house.person("carlo.conti") as carlo:
        carlo.execute(
            "select ledger.collect(1, %s, '2025-02-10', 'MP05', 61, null, '', 'Bonifico', (select array_agg(open_item_id) from ledger.open_item "
            "where company_id = 1 and source = 'invoice' and source_id = %s), array[61]::numeric[])",
            (customer, invoice),
        )
        carlo.execute("select billing.confirm_vat(1, '2024-01-01', 0)")
        carlo.execute("select billing.print_register(1, 'purchases', null, '2024-01-01', 1, 2, 0, 0, 0, sha256('x'))")
    owner.close()
