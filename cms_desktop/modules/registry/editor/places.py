"""CAP ⇄ comune ⇄ provincia in a form: typed in any order, each fills the others where there is no doubt, else the list opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject

from cms_desktop.core import formats
from cms_desktop.modules.registry import queries
from cms_desktop.modules.registry.records import Town
from cms_desktop.modules.registry.rules import read_place
from cms_desktop.ui.background import Background
from cms_desktop.ui.fields import LookupChoice, LookupField
from cms_desktop.ui.form import RecordForm
from cms_desktop.ui.translation import translator

tr = translator("registry")
Show = Callable[[Sequence[LookupChoice]], None]


class PlaceCompletion(QObject):
    """Attach to a form that has street, postal_code, town, istat_code, province_code. The box of the town takes it all: «10121 torino»,
    «torino to», «via Roma 12, 10121 torino»; so does the box of the street. What is typed of the street is kept."""

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background = background
        self._form: RecordForm | None = None
        self._typed = ""

    def attach(self, form: RecordForm) -> None:
        self._form = form
        town, cap = form.fields["town"], form.fields["postal_code"]
        assert isinstance(town, LookupField) and isinstance(cap, LookupField)
        town.chosen.connect(lambda choice: self._take_town(choice.record, self._typed))
        cap.chosen.connect(lambda _choice: form.set_value("postal_code", cap.text()))
        form.field_left.connect(self._on_left)
        form.edited.connect(self._on_edited)

    def find_town(self, text: str, show: Show) -> None:
        """Towns by whatever of CAP, name and province is typed; with nothing typed, those of the CAP."""
        cap = str(self._form.value("postal_code")) if self._form else ""
        self._typed = text

        def work(unit: Any) -> list[Town]:
            if text.strip():
                return queries.find_places(unit, text)
            return queries.towns_of_postal_code(unit, cap) if len(cap) == 5 else queries.find_towns(unit, "")

        self._background.run(self, work, then=lambda towns: show([_choice(town) for town in towns]), key="towns")

    def find_cap(self, text: str, show: Show) -> None:
        """The CAP of the town."""
        istat = str(self._form.value("istat_code") or "") if self._form else ""
        if not istat:
            show([])
            return
        self._background.run(
            self,
            lambda unit: queries.postal_codes_of_town(unit, istat),
            then=lambda codes: show([LookupChoice(code, code) for code in codes if code.startswith(text) or text in codes]),
            key="caps",
        )

    def _on_edited(self, key: str) -> None:
        if key == "town" and self._form is not None and not isinstance(self._form.fields["town"].value(), LookupChoice):
            self._form.set_value("istat_code", "")

    def _on_left(self, key: str) -> None:
        form = self._form
        if (
            form is None
            or key not in ("postal_code", "town", "street")
            or key not in form.changes()
            or form.value("country") not in ("IT", "")
        ):
            return
        typed = str(form.value(key))
        if key == "street":
            words = read_place(typed)
            if words.street and words.postal_code:
                self._look_up(typed)
        elif key == "postal_code" and len(typed) == 5 and not form.value("istat_code"):
            self._background.run(self, lambda unit: queries.towns_of_postal_code(unit, typed), then=self._from_cap, key="place")
        elif key == "town" and typed and not form.value("istat_code"):
            self._look_up(typed)

    def _look_up(self, typed: str) -> None:
        self._background.run(
            self, lambda unit: queries.find_places(unit, typed), then=lambda towns: self._from_words(typed, towns), key="place"
        )

    def _from_cap(self, towns: Sequence[Town]) -> None:
        form = self._form
        if form is None or not towns:
            return
        written = str(form.value("town")).casefold()
        fitting = [town for town in towns if town.name.casefold() == written] or list(towns)
        if len(fitting) == 1:
            self._take_town(fitting[0], "")
            return
        form.set_value("province_code", fitting[0].province_code if len({town.province_code for town in fitting}) == 1 else "")
        form.fields["town"].set_note(tr("{n} comuni: F4", n=len(fitting)))

    def _from_words(self, typed: str, towns: Sequence[Town]) -> None:
        """Take the only town that fits; of several, the one whose whole name was typed."""
        words = read_place(typed)
        living = [town for town in towns if town.abolished_on is None] or list(towns)
        name = " ".join(words.words)
        same = [
            town
            for town in living
            if read_place(town.name).words == words.words or name.startswith(" ".join(read_place(town.name).words) + " ")
        ]
        for found in (same, living):
            if len(found) == 1:
                self._take_town(found[0], typed)
                return

    def _take_town(self, town: Town, typed: str) -> None:
        form = self._form
        if form is None:
            return
        words = read_place(typed)
        if words.street and (words.postal_code or not form.value("street")) and words.street != form.value("street"):
            self._take_street(words.street)
        form.set_value("town", town.name)
        form.set_value("istat_code", town.istat_code)
        form.set_value("province_code", town.province_code)
        gone = town.abolished_on
        form.fields["town"].set_note(tr("soppresso il {date}", date=formats.date(gone)) if gone is not None else "")
        several = len(town.postal_codes) > 1
        if words.postal_code in town.postal_codes:
            form.set_value("postal_code", words.postal_code)
        elif len(town.postal_codes) == 1:
            form.set_value("postal_code", town.postal_codes[0])
        elif several and str(form.value("postal_code")) not in town.postal_codes:
            form.set_value("postal_code", "")
        form.fields["postal_code"].set_note(tr("{n} CAP: F4", n=len(town.postal_codes)) if several else "")

    def _take_street(self, street: str) -> None:
        """«Via Roma 12» into street and number, when the form has both and the number is empty."""
        form = self._form
        assert form is not None
        head, _, last = street.rpartition(" ")
        if head and last[:1].isdigit() and "street_number" in form.fields and not form.value("street_number"):
            form.set_value("street", head.rstrip(","))
            form.set_value("street_number", last)
        else:
            form.set_value("street", street)


def _choice(town: Town) -> LookupChoice:
    caps = town.postal_codes
    words = caps[0] if len(caps) == 1 else f"{caps[0]}…{caps[-1]}" if caps else ""
    if town.abolished_on is not None:
        words = tr("soppresso {year}", year=town.abolished_on.year)
    return LookupChoice(town.istat_code, town.name, f"{town.province_code} {words}", town)
