"""Declared forms: sections of fields on twelve columns, validation, changes, drafts, the foot with its counts."""

from .foot import FormFoot
from .layout import form_grid, section_title
from .merging import changed_fields, merge_if_apart, resolve_conflict, settle_conflict
from .record_form import RecordForm
from .specs import FieldKind, FieldProblem, FieldSpec, FormSection, Values

__all__ = [
    "FieldKind",
    "FieldProblem",
    "FieldSpec",
    "FormFoot",
    "FormSection",
    "RecordForm",
    "Values",
    "changed_fields",
    "form_grid",
    "merge_if_apart",
    "resolve_conflict",
    "section_title",
    "settle_conflict",
]
