"""The sentence of an error in the language of the screen."""

from __future__ import annotations

from cms_desktop.core.errors import AppError

from .translation import translator


def error_text(error: AppError) -> str:
    return translator("errors")(error.text, **error.values)
