"""Values of parameters on the screen: how they read and with what fields they are typed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from cms_desktop.core import formats
from cms_desktop.modules.base.records import ParameterTitle
from cms_desktop.ui.form import FieldSpec, FormSection
from cms_desktop.ui.translation import one_or_many, translator

tr = translator("masters")


def value_text(title: ParameterTitle, value: Any) -> str:
    """A stored value in words: "22%", "5.000,00 €", "12 giorni"."""
    if value is None:
        return "–"
    match title.value_kind:
        case "percent":
            return formats.number(Decimal(str(value)), _decimals(value)) + "%"
        case "amount":
            return formats.money(Decimal(str(value)))
        case "days":
            return one_or_many(value, tr("1 giorno"), tr("{n} giorni", n=formats.number(value)))
        case "whole":
            return formats.number(value)
        case "flag":
            return tr("sì") if value else tr("no")
        case "stamp_duty":
            amount, over = (formats.money(Decimal(str(value[key]))) for key in ("amount", "over"))
            return tr("{amount} oltre {over}, nature {natures}", amount=amount, over=over, natures=", ".join(value["natures"]))
    return str(value)


def _decimals(value: Any) -> int:
    return 0 if Decimal(str(value)) == int(value) else 2


def value_fields(title: ParameterTitle) -> list[FormSection]:
    """The form of a new value: from when, how much, why."""
    lines: list[list[tuple[FieldSpec, int]]] = [
        [(FieldSpec("valid_from", tr("Vale dal"), "date", required=True), 5), *[(one, 7) for one in _value_specs(title)[:1]]],
        *[[(one, 12)] for one in _value_specs(title)[1:]],
        [(FieldSpec("note", tr("Fonte o motivo"), note=tr("per esempio la Gazzetta Ufficiale")), 12)],
    ]
    return [FormSection(tr("Nuovo valore"), lines)]


def _value_specs(title: ParameterTitle) -> list[FieldSpec]:
    limits = {key: limit for key, limit in (("lowest", title.lowest), ("highest", title.highest)) if limit is not None}
    match title.value_kind:
        case "percent":
            return [FieldSpec("value", tr("Valore %"), "amount", required=True, options=limits)]
        case "amount":
            return [FieldSpec("value", tr("Valore €"), "amount", required=True, options=limits)]
        case "days" | "whole":
            return [FieldSpec("value", tr("Valore"), "int", required=True, options=limits)]
        case "flag":
            return [FieldSpec("value", tr("Attivo"), "check")]
        case "choice":
            return [FieldSpec("value", tr("Valore"), "choice", required=True, choices=[(one, one) for one in title.choices])]
        case "stamp_duty":
            return [
                FieldSpec("amount", tr("Imposta €"), "amount", required=True),
                FieldSpec("over", tr("Oltre €"), "amount", required=True),
                FieldSpec("natures", tr("Nature che la fanno sorgere"), required=True, note=tr("separate da virgola: N2.1, N2.2, N4")),
            ]
    return [FieldSpec("value", tr("Valore"), required=True)]


def stored_value(title: ParameterTitle, values: Mapping[str, Any]) -> Any:
    """What is typed, as it is stored (JSON)."""
    if title.value_kind == "stamp_duty":
        natures = [one.strip().upper() for one in str(values["natures"]).split(",") if one.strip()]
        return {"natures": natures, "over": float(values["over"]), "amount": float(values["amount"])}
    value = values["value"]
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value


def typed_values(title: ParameterTitle, value: Any) -> dict[str, Any]:
    """A stored value as the form shows it."""
    if title.value_kind == "stamp_duty":
        amounts = {key: Decimal(str(value[key])) for key in ("amount", "over")} if value else {}
        return {**amounts, "natures": ", ".join(value["natures"]) if value else ""}
    is_number = title.value_kind in ("percent", "amount", "days", "whole") and value is not None
    return {"value": Decimal(str(value)) if is_number else value}
