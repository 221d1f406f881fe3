"""CAP ⇄ comune ⇄ provincia in a form: each fills the others where there is no doubt, else the list opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject

from cms_desktop.modules.registry import queries
from cms_desktop.modules.registry.records import Town
from cms_desktop.ui.background import Background
from cms_desktop.ui.fields import LookupChoice, LookupField
from cms_desktop.ui.form import RecordForm
from cms_desktop.ui.translation import translator

tr = translator("customers")
Show = Callable[[Sequence[LookupChoice]], None]


class PlaceCompletion(QObject):
    """Attach to a form that has postal_code, town, istat_code, province_code."""

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background = background
        self._form: RecordForm | None = None

    def attach(self, form: RecordForm) -> None:
        self._form = form
        town, cap = form.fields["town"], form.fields["postal_code"]
        assert isinstance(town, LookupField) and isinstance(cap, LookupField)
        town.chosen.connect(lambda choice: self._take_town(choice.record))
        cap.chosen.connect(lambda _choice: form.set_value("postal_code", cap.text()))
        form.field_left.connect(self._on_left)
        form.edited.connect(self._on_edited)

    def find_town(self, text: str, show: Show) -> None:
        """Towns by the beginning of their name; with nothing typed, those of the CAP."""
        cap = str(self._form.value("postal_code")) if self._form else ""

        def work(unit: Any) -> list[Town]:
            return queries.find_towns(unit, text) if text or len(cap) != 5 else queries.towns_of_postal_code(unit, cap)

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
        if form is None or key not in ("postal_code", "town") or key not in form.changes() or form.value("country") not in ("IT", ""):
            return
        cap, town = str(form.value("postal_code")), str(form.value("town"))
        if key == "postal_code" and len(cap) == 5 and not form.value("istat_code"):
            self._background.run(
                self, lambda unit: queries.towns_of_postal_code(unit, cap), then=lambda towns: self._from_cap(towns), key="place"
            )
        elif key == "town" and town and not form.value("istat_code"):
            self._background.run(
                self, lambda unit: queries.find_towns(unit, town), then=lambda towns: self._from_name(town, towns), key="place"
            )

    def _from_cap(self, towns: Sequence[Town]) -> None:
        form = self._form
        if form is None or not towns:
            return
        written = str(form.value("town")).casefold()
        fitting = [town for town in towns if town.name.casefold() == written] or list(towns)
        if len(fitting) == 1:
            self._take_town(fitting[0])
            return
        form.set_value("province_code", fitting[0].province_code if len({town.province_code for town in fitting}) == 1 else "")
        form.fields["town"].set_note(tr("{n} comuni: F4", n=len(fitting)))

    def _from_name(self, typed: str, towns: Sequence[Town]) -> None:
        same = [town for town in towns if town.name.casefold() == typed.casefold()]
        if len(same) == 1:
            self._take_town(same[0])

    def _take_town(self, town: Town) -> None:
        form = self._form
        if form is None:
            return
        form.set_value("town", town.name)
        form.set_value("istat_code", town.istat_code)
        form.set_value("province_code", town.province_code)
        form.fields["town"].set_note("")
        several = len(town.postal_codes) > 1
        if len(town.postal_codes) == 1:
            form.set_value("postal_code", town.postal_codes[0])
        elif several and str(form.value("postal_code")) not in town.postal_codes:
            form.set_value("postal_code", "")
        form.fields["postal_code"].set_note(tr("{n} CAP: F4", n=len(town.postal_codes)) if several else "")


def _choice(town: Town) -> LookupChoice:
    caps = town.postal_codes
    words = caps[0] if len(caps) == 1 else f"{caps[0]}…{caps[-1]}" if caps else ""
    return LookupChoice(town.istat_code, town.name, f"{town.province_code} {words}", town)
