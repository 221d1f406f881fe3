"""The form of a party, declared: nothing but a name is compulsory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cms_desktop.core import fiscal
from cms_desktop.core.fiscal import Problem
from cms_desktop.modules.registry.columns import kind_names, language_names
from cms_desktop.modules.registry.records import ClassField
from cms_desktop.modules.registry.rules import CLASS_KEYS, check_tax_code_of
from cms_desktop.ui.fields import ChoiceField, Find
from cms_desktop.ui.form import FieldProblem, FieldSpec, FormSection, RecordForm, Values
from cms_desktop.ui.translation import translator

tr = translator("registry")
Check = Callable[[Any, Values], FieldProblem | None]
PERSONS = ("person", "sole_trader")


def shown(problem: Problem | None) -> FieldProblem | None:
    """A fiscal problem as the form says it, with its repair."""
    if problem is None:
        return None
    text = translator("fiscal")(problem.text, **problem.values)
    return FieldProblem(text, problem.fix, tr("Usa {fix}", fix=problem.fix)) if problem.fix else FieldProblem(text)


def simple(check: Callable[[str], Problem | None]) -> Check:
    return lambda value, _values: shown(check(value))


def _check_vat(value: Any, values: Values) -> FieldProblem | None:
    return shown(fiscal.check_vat_number(value, values.get("vat_country") or "IT"))


def _check_tax(value: Any, values: Values) -> FieldProblem | None:
    return shown(check_tax_code_of(values["kind"], value)) if (values.get("country") or "IT") == "IT" else None


def _check_cap(value: Any, values: Values) -> FieldProblem | None:
    return shown(fiscal.check_postcode(value, values.get("country") or "IT"))


def _vat_number(value: str) -> str:
    code = fiscal.compact(value)
    return code[2:] if code.startswith("IT") else code


def sections(find_town: Find, find_cap: Find) -> Sequence[FormSection]:
    return [_subject(), _seat(find_town, find_cap), _reach(), _classes(), _notes()]


def _subject() -> FormSection:
    def persons(values: Values) -> bool:
        return values["kind"] in PERSONS

    vat = FieldSpec("vat_number", tr("Partita IVA"), "code", check=_check_vat, normalise=_vat_number, ok_text=tr("Partita IVA corretta"))
    tax = FieldSpec(
        "tax_code", tr("Codice fiscale"), "code", check=_check_tax, normalise=fiscal.compact, ok_text=tr("Codice fiscale corretto")
    )
    return FormSection(
        tr("Soggetto"),
        [
            [
                (FieldSpec("name", tr("Denominazione"), required=True, options={"longest": 200}), 8),
                (FieldSpec("kind", tr("Tipo di soggetto"), "choice", choices=tuple(kind_names().items())), 4),
            ],
            [(FieldSpec("last_name", tr("Cognome"), visible=persons), 6), (FieldSpec("first_name", tr("Nome"), visible=persons), 6)],
            [(FieldSpec("vat_country", tr("Paese"), "code", options={"longest": 2}), 2), (vat, 5), (tax, 5)],
            [
                (FieldSpec("is_supplier", tr("Fornitore"), "check"), 4),
                (FieldSpec("is_prospect", tr("Prospect"), "check"), 4),
            ],
        ],
    )


def _seat(find_town: Find, find_cap: Find) -> FormSection:
    cap = FieldSpec("postal_code", tr("CAP"), "lookup", find=find_cap, check=_check_cap, options={"free_text": True})
    town = FieldSpec("town", tr("Comune"), "lookup", find=find_town, options={"free_text": True})
    hidden = FieldSpec("istat_code", tr("Codice ISTAT"), "code", visible=lambda _values: False)
    return FormSection(
        tr("Indirizzo"),
        [
            [
                (FieldSpec("street", tr("Indirizzo"), options={"longest": 100}), 9),
                (FieldSpec("street_number", tr("Civico"), options={"longest": 8}), 3),
            ],
            [
                (cap, 3),
                (town, 5),
                (FieldSpec("province_code", tr("Prov."), "code", options={"longest": 2}), 2),
                (FieldSpec("country", tr("Nazione"), "code", options={"longest": 2}), 2),
            ],
            [(hidden, 12)],
        ],
        detail=tr("nel comune scrivi come viene: «10121 torino», «torino to»"),
    )


def _reach() -> FormSection:
    mail = simple(fiscal.check_email)
    return FormSection(
        tr("Contatti"),
        [
            [(FieldSpec("phone", tr("Telefono")), 4), (FieldSpec("mobile", tr("Cellulare")), 4), (FieldSpec("fax", tr("Fax")), 4)],
            [(FieldSpec("email", tr("E-mail"), check=mail), 6), (FieldSpec("pec", tr("PEC"), check=mail), 6)],
            [
                (FieldSpec("website", tr("Sito web")), 8),
                (FieldSpec("language", tr("Lingua"), "choice", choices=list(language_names().items()), note=tr("di lettere e copie")), 4),
            ],
        ],
    )


def _classes() -> FormSection:
    def field(key: str) -> tuple[FieldSpec, int]:
        return FieldSpec(key, key, "choice", options={"empty": tr("Nessuna")}), 4

    lines = [[field(key) for key in CLASS_KEYS[start : start + 3]] for start in (0, 3, 6)]
    return FormSection(tr("Classificazione"), lines)


def _notes() -> FormSection:
    return FormSection(tr("Annotazioni"), [[(FieldSpec("notes", tr("Annotazioni"), "multiline", options={"lines": 3}), 12)]])


class PartyForm(RecordForm):
    """The declared form; the fields of classification take the names and lists of the company."""

    def __init__(self, find_town: Find, find_cap: Find) -> None:
        super().__init__(sections(find_town, find_cap))
        self.show_classes([])
        self.field_left.connect(self._on_name_left)

    def _on_name_left(self, key: str) -> None:
        """A natural person's name is surname and first name, unless another is written."""
        if key in ("last_name", "first_name") and not self.value("name"):
            self.set_value("name", f"{self.value('last_name')} {self.value('first_name')}".strip())

    def show_classes(self, fields: Sequence[ClassField]) -> None:
        """Name the fields that the company uses and hide the others. Values that are no longer offered are still shown where they stand."""
        by_key = {f"class_{one.position}": one for one in fields if one.is_active}
        for key in CLASS_KEYS:
            field = self.fields[key]
            assert isinstance(field, ChoiceField)
            one = by_key.get(key)
            field.setVisible(one is not None)
            if one is not None:
                field.set_title(one.name)
                field.set_choices([(value.value_id, value.name) for value in one.values])
