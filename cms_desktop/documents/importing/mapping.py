"""Which column fills which field; proposed from the titles, kept by the person who imports."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cms_desktop.core.errors import InvalidInput
from cms_desktop.documents.importing.target import ImportTarget


@dataclass(frozen=True)
class ImportMapping:
    """Field → place of its column (0 is the first), and the choices about rows. Nothing that is not in the list is made up.

    `offered` are values an option would take if the person wants it ("Comune di" before each name of a list of towns).
    """

    columns: Mapping[str, int]
    options: Mapping[str, str] = field(default_factory=dict)
    offered: Mapping[str, str] = field(default_factory=dict)
    leftover: tuple[str, ...] = ()

    def option(self, key: str) -> str:
        return self.options.get(key, "")

    def with_options(self, **options: str) -> ImportMapping:
        return replace(self, options={**self.options, **options})

    def to_json(self) -> dict[str, Any]:
        return {"columns": dict(self.columns), "options": dict(self.options), "offered": dict(self.offered)}

    @classmethod
    def from_json(cls, target: ImportTarget, stored: Mapping[str, Any]) -> ImportMapping:
        """A mapping as it was kept; fields and options that the target has no more are dropped."""
        fields, options = {one.key for one in target.fields}, {one.key for one in target.options}
        kept = stored.get("options") or {
            key: value for key, value in stored.items() if key in options
        }  # the second: as older programs kept it
        return cls(
            {str(key): int(place) for key, place in stored["columns"].items() if key in fields},
            {str(key): str(value) for key, value in kept.items() if key in options},
            {str(key): str(value) for key, value in stored.get("offered", {}).items() if key in options},
        )


def plain_title(title: str) -> str:
    """A title without accents, capitals and signs: "P.IVA" → "p iva"."""
    letters = "".join(sign for sign in unicodedata.normalize("NFKD", title) if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters.lower()).split())


def signature(headers: Sequence[str]) -> str:
    """The same titles in the same order are the same kind of list: its mapping is used again."""
    return "|".join(plain_title(title) for title in headers)


def propose_mapping(target: ImportTarget, headers: Sequence[str]) -> ImportMapping:
    """A mapping by the usual titles. Titles nobody knows are left over, never guessed."""
    titles = [plain_title(title) for title in headers]
    columns: dict[str, int] = {}
    for one in target.fields:
        names = dict.fromkeys((*one.synonyms, plain_title(one.title)))
        place = next((titles.index(name) for name in names if name in titles and titles.index(name) not in columns.values()), None)
        if place is not None:
            columns[one.key] = place
    mapping = ImportMapping(columns, {option.key: option.usual for option in target.options if not option.tick})
    if target.propose is not None:
        mapping = target.propose(mapping, titles)
    used = set(mapping.columns.values())
    return replace(mapping, leftover=tuple(title for place, title in enumerate(headers) if place not in used))


def check_mapping(target: ImportTarget, mapping: ImportMapping, headers: Sequence[str]) -> None:
    """Raise InvalidInput when rows could not become records."""
    for one in target.fields:
        if one.is_required and one.key not in mapping.columns:
            raise InvalidInput("Scegli la colonna di «{title}».", field=one.key, title=one.title)
    if any(not 0 <= place < len(headers) for place in mapping.columns.values()):
        raise InvalidInput("Le colonne scelte non sono quelle del file: rifai l'abbinamento.")
