"""The first amount the contract shows is what the first invoice of the service asks for."""

from __future__ import annotations

import datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cms_desktop.modules.billing import rules as billing
from cms_desktop.modules.customers import rules as customers
from cms_desktop.modules.customers.records import Service

DAYS = st.dates(datetime.date(2019, 1, 1), datetime.date(2031, 12, 31))
LONGEST = 366  # days of the longest period


@st.composite
def services(draw: st.DrawFn) -> Service:
    starts_on = draw(DAYS)
    length = draw(st.none() | st.integers(0, 2 * LONGEST))
    return Service(
        service_id=0,
        description="Vigilanza",
        vat_code_id=1,
        quantity=draw(st.decimals("0.001", "999", places=3)),
        monthly_price=draw(st.decimals(0, "99999.99", places=2)),
        frequency_months=draw(st.sampled_from(customers.FREQUENCIES)),
        anchor_month=draw(st.integers(1, 12)),
        is_in_advance=draw(st.booleans()),
        starts_on=starts_on,
        ends_on=None if length is None else starts_on + datetime.timedelta(days=length),
    )


@given(services())
def test_the_first_amount_is_the_amount_of_the_first_invoice(service: Service) -> None:
    window_end = service.starts_on + datetime.timedelta(days=2 * LONGEST)
    first = billing.billing_periods(service, service.starts_on, window_end)[0]
    amount = billing.period_amount(service.monthly_price, service.quantity, first.period, first.covered)
    assert customers.first_amount(service) == amount
    assert customers.first_period(service) == (first.period.start, first.period.end)
    assert isinstance(amount, Decimal)
