"""Which fields of parties may be changed for many at once, and what refuses it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.mass_change import ChangePreview, MassChangeRow, Target, Undone
from cms_desktop.db import mass_change
from cms_desktop.db.mass_change import MassField
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.registry.queries.parties import ids_of_parties
from cms_desktop.modules.registry.rules import CLASS_KEYS
from cms_desktop.modules.registry.tables import ClassificationValue, Party

LIST = "registry.party"
TEXTS = ("website", "notes")
FIELDS = (*CLASS_KEYS, *TEXTS)
ERASED = "I dati di questa persona sono stati cancellati."
_party, _value = Party.__table__.c, ClassificationValue.__table__.c


def _field(unit: UnitOfWork, key: str, value: Any) -> MassField:
    if key not in FIELDS:
        raise InvalidInput("Questo campo non si cambia per molte anagrafiche insieme.", field=key)
    if key in CLASS_KEYS and value is not None and not _is_offered(unit, key, value):
        raise InvalidInput("Scegli un valore dall'elenco.", field=key)
    return MassField(
        table=Party.__table__, key=_party.party_id, column=_party[key], name=_party.name, source=Party.__table__, company=_party.company_id,
        refusals=((_party.erased_on.is_not(None), ERASED),),
    )  # fmt: skip


def _is_offered(unit: UnitOfWork, key: str, value: Any) -> bool:
    """Whether the value is one of this field's that are in use."""
    found = sa.select(sa.literal(1)).where(
        _value.company_id == unit.company_id, _value.classification_value_id == value, _value.position == CLASS_KEYS.index(key) + 1,
        _value.is_active,
    )  # fmt: skip
    return unit.value(found) is not None


def _ids(unit: UnitOfWork, target: Target) -> sa.Select[Any]:
    if target.query is not None:
        return ids_of_parties(unit, target.query)
    return sa.select(sa.func.unnest(sa.literal(list(target.ids), sa.ARRAY(sa.BigInteger))))


def _stored(key: str, value: Any) -> Any:
    return (value or "").strip() if key in TEXTS else value or None


def preview(unit: UnitOfWork, target: Target, key: str, value: Any) -> ChangePreview:
    """What the change would do; writes nothing."""
    value = _stored(key, value)
    return mass_change.preview_change(unit, _field(unit, key, value), _ids(unit, target), value)


def apply(unit: UnitOfWork, target: Target, key: str, value: Any, title: str = "") -> MassChangeRow:
    """One statement for all; who may not write parties changes none. `title` is how the change is called in the list of changes."""
    value = _stored(key, value)
    unit.value(sa.text("select sec.require(:company, 'registry.write')"))
    number, _count = mass_change.apply_change(unit, _field(unit, key, value), _ids(unit, target), value, list_name=LIST, title=title or key)
    return next(one for one in mass_change.list_changes(unit, LIST) if one.mass_change_id == number)


def undo(unit: UnitOfWork, mass_change_id: int) -> Undone:
    """Take one back; what somebody changed since stays."""
    return mass_change.undo(unit, mass_change_id, [(Party.__table__, "party_id")])


def recent(unit: UnitOfWork) -> list[MassChangeRow]:
    """My newest ones."""
    return mass_change.list_changes(unit, LIST)
