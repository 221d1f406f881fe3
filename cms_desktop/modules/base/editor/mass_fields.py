"""What the fiscal tables offer to change for many records at once, in words."""

from __future__ import annotations

from cms_desktop.modules.base import mass_lists
from cms_desktop.ui.form import FieldSpec
from cms_desktop.ui.translation import translator

tr = translator("base")


def mass_fields(key: str) -> list[FieldSpec]:
    """The fields of a table that may be changed together."""
    exigibility = [("I", tr("Immediata")), ("D", tr("Differita")), ("S", tr("Scissione dei pagamenti"))]
    specs = {
        "is_active": FieldSpec("is_active", tr("In uso"), "check"),
        "exigibility": FieldSpec("exigibility", tr("Esigibilità"), "choice", choices=exigibility, required=True),
        "legal_reference": FieldSpec("legal_reference", tr("Riferimento normativo")),
        "branch": FieldSpec("branch", tr("Filiale")),
    }
    return [specs[one] for one in mass_lists.LISTS[key].fields]


def mass_words(reason: str) -> str:
    """Why a record stays as it is, in the language of the screen."""
    return {mass_lists.IS_DEFAULT: tr("È il conto predefinito: prima scegline un altro.")}.get(reason, reason)
