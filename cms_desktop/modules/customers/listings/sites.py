"""The lists of sites and plants of the whole company."""

from __future__ import annotations

import sqlalchemy as sa

from cms_desktop.core.listing import Sort
from cms_desktop.db.listing import Expression, ListColumn, Listing
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.customers.tables import Customer, HeldKey, Plant, Site
from cms_desktop.modules.registry.queries import contains_words
from cms_desktop.modules.registry.tables import Party

_site, _plant, _key = Site.__table__.c, Plant.__table__.c, HeldKey.__table__.c
_party, _customer = Party.__table__.c, Customer.__table__.c
SHORT = 3  # letters below which no index helps


def _exact(expression: Expression) -> ListColumn:
    return ListColumn(expression, is_nullable=False)


def find_sites(unit: UnitOfWork, words: str) -> list[int] | None:
    """Ids of the sites that words of site, customer or the beginning of a plant's code mean; None when they are very many."""
    found = unit.call("customers.find_sites", words)
    return None if found is None else list(found)


def _search(unit: UnitOfWork, words: str) -> Expression:
    found = find_sites(unit, words)
    if found is not None:
        return _site.site_id == sa.any_(sa.cast(sa.literal(found, sa.ARRAY(sa.BigInteger)), sa.ARRAY(sa.BigInteger)))
    every = [sa.func.base.fold(word) for word in words.split()]
    named = sa.and_(*(sa.func.strpos(_site.search_text, word) > 0 for word in every))
    return sa.or_(named, sa.and_(*(sa.func.strpos(_party.search_text, word) > 0 for word in every)), _has_plant(words))


def _has_plant(code: str) -> Expression:
    own = sa.and_(_plant.company_id == _site.company_id, _plant.site_id == _site.site_id)
    return sa.exists(sa.select(sa.literal(1)).select_from(Plant.__table__).where(own, _begins(_plant.code, code)).correlate(Site.__table__))


def _begins(column: Expression, text: str) -> Expression:
    low = text.strip().upper()
    return sa.and_(column >= low, column < low + "\U0010ffff")


def _customer_contains(unit: UnitOfWork, words: str) -> Expression:
    return sa.and_(contains_words(unit, words), sa.func.strpos(_party.search_key, sa.func.base.fold(words)) > 0)


def _count(table: type[Plant] | type[HeldKey], ended: Expression) -> Expression:
    columns = table.__table__.c
    own = sa.and_(columns.company_id == _site.company_id, columns.site_id == _site.site_id, ended.is_(None))
    return sa.select(sa.func.count()).select_from(table.__table__).where(own).correlate(Site.__table__).scalar_subquery()


_SITES = sa.join(Site.__table__, Party.__table__, sa.and_(_party.company_id == _site.company_id, _party.party_id == _site.customer_id))
_ADDRESS = sa.func.btrim(_site.street + " " + _site.street_number)

SITES = Listing(
    source=_SITES,
    company=_site.company_id,
    columns={
        "code": _exact(_site.code),
        "name": ListColumn(_site.name, folded=_site.search_key),
        "customer_id": _exact(_site.customer_id),
        "customer_name": ListColumn(_party.name, folded=_party.search_key, contains=_customer_contains),
        "street": _exact(_ADDRESS),
        "town": _exact(_site.town),
        "province_code": _exact(_site.province_code),
        "plant_count": _exact(_count(Plant, _plant.removed_on)),
        "key_count": _exact(_count(HeldKey, _key.returned_on)),
        "is_active": _exact(_site.is_active),
    },
    row_id=_site.site_id,
    default=Sort("name"),
    search=_search,
)

_PLANTS = sa.join(Plant.__table__, Site.__table__, sa.and_(_site.company_id == _plant.company_id, _site.site_id == _plant.site_id)).join(
    Party.__table__, sa.and_(_party.company_id == _site.company_id, _party.party_id == _site.customer_id)
)


def _search_plants(unit: UnitOfWork, words: str) -> Expression:
    found = find_sites(unit, words)
    code = _begins(_plant.code, words)
    if found is not None and len(words.split()) == 1 and any(sign.isdigit() for sign in words):
        named = _site.site_id == sa.any_(sa.cast(sa.literal(found, sa.ARRAY(sa.BigInteger)), sa.ARRAY(sa.BigInteger)))
        exact = unit.value(sa.select(_plant.plant_id).where(_plant.company_id == unit.company_id, code).limit(1))
        return code if exact is not None else named
    return sa.or_(code, _search(unit, words))


PLANTS = Listing(
    source=_PLANTS,
    company=_plant.company_id,
    columns={
        "code": ListColumn(_plant.code, is_nullable=False, contains=lambda _unit, text: _begins(_plant.code, text)),
        "kind": _exact(_plant.kind),
        "description": _exact(_plant.description),
        "site_id": _exact(_plant.site_id),
        "site_name": ListColumn(_site.name, folded=_site.search_key),
        "customer_id": _exact(_site.customer_id),
        "customer_name": ListColumn(_party.name, folded=_party.search_key, contains=_customer_contains),
        "town": _exact(_site.town),
        "installed_on": ListColumn(_plant.installed_on),
        "removed_on": ListColumn(_plant.removed_on),
        "is_in_use": _exact(_plant.removed_on.is_(None)),
    },
    row_id=_plant.plant_id,
    default=Sort("code"),
    search=_search_plants,
)
