"""Checks of fields that several forms share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cms_desktop.core.fiscal import Problem
from cms_desktop.ui.form import FieldProblem
from cms_desktop.ui.translation import translator

Check = Callable[[Any, Mapping[str, Any]], FieldProblem | None]


def fiscal(check: Callable[[str], Problem | None]) -> Check:
    """A check of core.fiscal as a form wants it, with its repair."""

    def checked(value: Any, _values: Mapping[str, Any]) -> FieldProblem | None:
        problem = check(str(value))
        if problem is None:
            return None
        tr_errors = translator("errors")
        fix = tr_errors("Usa {fix}", fix=problem.fix) if problem.fix else ""
        return FieldProblem(tr_errors(problem.text, **problem.values), problem.fix or None, fix)

    return checked
