"""Declared forms: sections of fields on twelve columns, validation, changes, drafts, the foot with its counts."""

from .foot import FormFoot
from .layout import form_grid, section_title
from .record_form import RecordForm
from .specs import FieldKind, FieldProblem, FieldSpec, FormSection, Values

__all__ = ["FieldKind", "FieldProblem", "FieldSpec", "FormFoot", "FormSection", "RecordForm", "Values", "form_grid", "section_title"]
