"""The set-based statements of the import. Rows come as one JSON parameter `:rows`; the company as `:company`."""

from __future__ import annotations

FIND_KNOWN = """
with wanted as (
  select * from jsonb_to_recordset(cast(:rows as jsonb)) as r(n int, name text, vat_number text, tax_code text, town text, code text)
), known as (
  select w.n, 1 as place, p.party_id from wanted as w join registry.party as p
    on p.company_id = :company and p.vat_number = w.vat_number where w.vat_number <> ''
  union all
  select w.n, 2, p.party_id from wanted as w join registry.party as p
    on p.company_id = :company and p.tax_code = w.tax_code where w.tax_code <> ''
  union all
  select w.n, 3, p.party_id from wanted as w join registry.party as p
    on p.company_id = :company and p.search_key = base.fold(w.name) and base.fold(p.town) = base.fold(w.town)
    where (w.vat_number = '' and w.tax_code = '') or (p.vat_number is null and p.tax_code is null)
), same as (
  select k.n, k.place, 'same' as reason, c.customer_id, c.code, p.name
  from known as k
  join customers.customer as c on c.company_id = :company and c.customer_id = k.party_id
  join registry.party as p on p.company_id = :company and p.party_id = k.party_id
  union all
  select w.n, 4, 'code', c.customer_id, c.code, p.name
  from wanted as w
  join customers.customer as c on c.company_id = :company and c.code = w.code
  join registry.party as p on p.company_id = :company and p.party_id = c.customer_id
  where w.code <> ''
)
select distinct on (n) n, reason, customer_id, code, name from same order by n, place, customer_id
"""

_PARTY = (
    "kind, name, vat_country, vat_number, tax_code, street, street_number, postal_code, town, istat_code, province_code, country, "
    "phone, email, pec, website, notes"
)
_RECORD = (
    "r(n int, code text, customer_id bigint, since_on date, kind text, name text, vat_country text, vat_number text, tax_code text, "
    "street text, street_number text, postal_code text, town text, istat_code text, province_code text, country text, phone text, "
    "email text, pec text, website text, notes text, recipient_code text, iban text, bank_name text)"
)

# Ids are given in the order of the rows, so the n-th new party is that of the n-th row.
ADD_CUSTOMERS = f"""
with wanted as (
  select * from jsonb_to_recordset(cast(:rows as jsonb)) as {_RECORD}
), added as (
  insert into registry.party (company_id, {_PARTY}) select :company, {_PARTY} from wanted order by n returning party_id
), parties as (
  select party_id, row_number() over (order by party_id) as place from added
), rows as (
  select *, row_number() over (order by n) as place from wanted
)
insert into customers.customer (company_id, customer_id, code, since_on, recipient_code, iban, bank_name)
select :company, parties.party_id, code, coalesce(since_on, current_date), recipient_code, iban, bank_name
from rows join parties using (place)
returning customer_id, code
"""  # noqa: S608 - the parts are constants above


def _gains(texts: tuple[str, ...], nullable: tuple[str, ...]) -> str:
    """Where the stored record has none of something that the file has."""
    return " or ".join(
        [f"(t.{name} = '' and r.{name} <> '')" for name in texts] + [f"(t.{name} is null and r.{name} is not null)" for name in nullable]
    )


def _fill(table: str, key: str, texts: tuple[str, ...], nullable: tuple[str, ...]) -> str:
    """Put the file's values only where the stored record has none."""
    sets = [f"{name} = case when t.{name} = '' then r.{name} else t.{name} end" for name in texts]
    sets += [f"{name} = coalesce(t.{name}, r.{name})" for name in nullable]
    return (
        f"update {table} as t set {', '.join(sets)}, row_version = t.row_version + 1 "  # noqa: S608 - names of columns
        f"from jsonb_to_recordset(cast(:rows as jsonb)) as {_RECORD} "
        f"where t.company_id = :company and t.{key} = r.customer_id and ({_gains(texts, nullable)}) returning t.{key} as customer_id"
    )


def _gaining(table: str, key: str, texts: tuple[str, ...], nullable: tuple[str, ...]) -> str:
    """The records that `_fill` would change."""
    return (
        f"select t.{key} as customer_id from jsonb_to_recordset(cast(:rows as jsonb)) as {_RECORD} "  # noqa: S608 - names of columns
        f"join {table} as t on t.company_id = :company and t.{key} = r.customer_id where {_gains(texts, nullable)}"
    )


_PARTY_TEXTS = ("street", "street_number", "postal_code", "town", "province_code", "phone", "email", "pec", "website", "notes")
_PARTY_CODES = ("vat_number", "tax_code", "istat_code")
_CUSTOMER_TEXTS = ("recipient_code", "iban", "bank_name")
FILL_PARTIES = _fill("registry.party", "party_id", _PARTY_TEXTS, _PARTY_CODES)
GAINING_PARTIES = _gaining("registry.party", "party_id", _PARTY_TEXTS, _PARTY_CODES)
FILL_CUSTOMERS = _fill("customers.customer", "customer_id", _CUSTOMER_TEXTS, ())
GAINING_CUSTOMERS = _gaining("customers.customer", "customer_id", _CUSTOMER_TEXTS, ())
