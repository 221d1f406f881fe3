"""Which fields of contracts, sites and plants may be changed for many at once, and what refuses it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from cms_desktop.core.errors import InvalidInput
from cms_desktop.db.mass_change import MassList
from cms_desktop.modules.customers import listings
from cms_desktop.modules.customers.listings import sites as places
from cms_desktop.modules.customers.rules.master import CODES, PLANT_KINDS, refuse_codes
from cms_desktop.modules.customers.tables import Contract, Plant, Site

_contract, _site, _plant = Contract.__table__.c, Site.__table__.c, Plant.__table__.c
IS_OVER = "Il contratto è terminato."
HAS_SERVICES = "Ha servizi in corso: prima vanno terminati."
CHANNELS, PROFILES = ("registered", "pec", "any"), ("business", "consumer")


def _contract_value(key: str, value: Any) -> Any:
    if key in CODES:
        refuse_codes({key: value})
        return value.upper()
    if (key == "notice_channel" and value not in CHANNELS) or (key == "profile" and value not in PROFILES):
        raise InvalidInput("Scegli un valore dall'elenco.", field=key)
    return bool(value) if key == "is_indexed" else value


def _plant_value(key: str, value: Any) -> Any:
    if key == "kind" and value not in PLANT_KINDS:
        raise InvalidInput("Scegli un valore dall'elenco.", field=key)
    return value


CONTRACTS = MassList(
    "customers.contract", Contract.__table__, "contract_id", _contract.number, Contract.__table__,
    ("payment_term_id", "order_reference", "cig_code", "cup_code", "profile", "notice_channel", "is_indexed"), "customers.write",
    lambda unit, query: listings.CONTRACTS.ids(unit, query), lambda _key, _value: ((_contract.state == "terminated", IS_OVER),), _contract_value,
)  # fmt: skip
SITES = MassList(
    "customers.site", Site.__table__, "site_id", sa.func.btrim(_site.code + " " + _site.name), Site.__table__,
    ("is_active", "phone", "instructions"), "customers.write", lambda unit, query: places.SITES.ids(unit, query),
    stored=lambda key, value: bool(value) if key == "is_active" else value,
)  # fmt: skip
PLANTS = MassList(
    "customers.plant", Plant.__table__, "plant_id", _plant.code, Plant.__table__, ("kind", "maker", "description", "notes"), "customers.write",
    lambda unit, query: places.PLANTS.ids(unit, query), stored=_plant_value,
)  # fmt: skip
