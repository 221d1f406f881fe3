"""What a form is made of, declared by the module."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from PySide6.QtWidgets import QWidget

from cms_desktop.core.filter_text import Choices

from ..fields import (
    AmountField,
    CheckField,
    ChoiceField,
    CodeField,
    DateField,
    Field,
    Find,
    IntField,
    LookupField,
    MultilineField,
    TextField,
)

FieldKind = Literal["text", "code", "amount", "int", "date", "choice", "check", "multiline", "lookup"]
Values = Mapping[str, Any]


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong and what to do; `fix_text` is the button that puts `fix_value` in place ('Usa 01849250483')."""

    text: str
    fix_value: Any = None
    fix_text: str = ""


@dataclass(frozen=True)
class FieldSpec:
    """One field. `check(value, values)` runs on leaving the field and before saving; `normalise(value)` gives the stored form.

    `ok_text` is said when a value passes its check; `visible(values)` shows the field only when it applies; `options` go to the
    field's constructor (decimals, longest, lowest, highest, lines, upper, hint, empty, free_text); `make` builds a field of one's own.
    """

    key: str
    label: str
    kind: FieldKind = "text"
    required: bool = False
    check: Callable[[Any, Values], FieldProblem | None] | None = None
    normalise: Callable[[Any], Any] | None = None
    note: str = ""
    choices: Choices = ()
    find: Find | None = None
    read_only: bool = False
    repeats: bool = True  # may be copied from the record before (F7 always does; Maiusc+F7 fills only what repeats)
    ok_text: str = ""
    visible: Callable[[Values], bool] | None = None
    beside: Callable[[], QWidget] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    make: Callable[[FieldSpec], Field] | None = None

    def build(self) -> Field:
        if self.make is not None:
            return self.make(self)
        more: dict[str, Any] = {"required": self.required, "note": self.note, **self.options}
        if self.kind == "choice":
            return ChoiceField(self.label, self.choices, **more)
        if self.kind == "check":
            return CheckField(self.label, **more)
        if self.kind == "multiline":
            return MultilineField(self.label, **more)
        if self.beside is not None:
            more["beside"] = self.beside()
        if self.kind == "lookup":
            assert self.find is not None, f"{self.key}: a lookup needs find"
            return LookupField(self.label, self.find, **more)
        return _LINES[self.kind](self.label, **more)


_LINES: dict[str, Callable[..., Field]] = {"text": TextField, "code": CodeField, "amount": AmountField, "int": IntField, "date": DateField}


@dataclass(frozen=True)
class FormSection:
    """A title and lines of (field, span) on twelve columns. `aside` builds a widget at the right of the title."""

    title: str
    lines: Sequence[Sequence[tuple[FieldSpec, int]]]
    detail: str = ""
    aside: Callable[[], QWidget] | None = None
