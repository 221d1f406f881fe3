"""What letters may say of a customer: the values of `{cliente.…}` and the address."""

from __future__ import annotations

import sqlalchemy as sa

from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.listing import ListQuery
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base import letters
from cms_desktop.modules.base.tables import PaymentTerm
from cms_desktop.modules.customers import queries
from cms_desktop.modules.customers.tables import Customer
from cms_desktop.modules.registry.tables import Party


def search_customers(unit: UnitOfWork, text: str) -> list[tuple[int, str]]:
    """A few customers whose name or code fits."""
    return [(one.customer_id, one.name) for one in queries.list_customers(unit, ListQuery(search=text), limit=12).rows]


def find_customer_values(unit: UnitOfWork, customer_id: int) -> dict[str, letters.Value]:
    """The placeholders of a customer. Raises InvalidInput when it is not there."""
    party, customer, term = _found(unit, customer_id)
    town = f"{party.postal_code} {party.town}".strip() + (f" ({party.province_code})" if party.province_code else "")
    return {
        "cliente.nome": party.name,
        "cliente.saluto": _salutation(party.kind, party.name),
        "cliente.codice": customer.code,
        "cliente.indirizzo": ", ".join(part for part in (f"{party.street} {party.street_number}".strip(), town) if part),
        "cliente.piva": party.vat_number or "",
        "cliente.cf": party.tax_code or "",
        "cliente.pec": party.pec,
        "cliente.pagamento": term or "",
    }


def find_recipient(unit: UnitOfWork, customer_id: int) -> tuple[str, ...]:
    """The lines of the address."""
    party, _customer, _term = _found(unit, customer_id)
    town = f"{party.postal_code} {party.town}".strip() + (f" ({party.province_code})" if party.province_code else "")
    country = "" if party.country == "IT" else party.country
    return tuple(line for line in (party.name, f"{party.street} {party.street_number}".strip(), town, country) if line)


def _salutation(kind: str, name: str) -> str:
    return f"Gentile {name}" if kind in ("person", "sole_trader") else f"Spettabile {name}"


def _found(unit: UnitOfWork, customer_id: int) -> tuple[Party, Customer, str | None]:
    rows = unit.rows(
        sa.select(Party, Customer, PaymentTerm.description)
        .join(Customer, sa.and_(Customer.company_id == Party.company_id, Customer.customer_id == Party.party_id))
        .outerjoin(
            PaymentTerm,
            sa.and_(PaymentTerm.company_id == Customer.company_id, PaymentTerm.payment_term_id == Customer.payment_term_id),
        )
        .where(Customer.company_id == unit.company_id, Customer.customer_id == customer_id)
    )
    if not rows:
        raise InvalidInput("Il cliente non c'è più o non è visibile per te.")
    party, customer, term = rows[0]
    return party, customer, term


def register() -> None:
    """Make customers choosable where letters are previewed."""
    letters.register_provider(letters.Provider("cliente", "Cliente", search_customers, find_customer_values, find_recipient))
