"""Form pieces: a labelled field with its state, section titles, inline messages."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLineEdit, QSizePolicy, QWidget

from . import theme
from .icons import icon
from .basics import Dot, boxed, button, column, icon_label, label, row


def line_edit(text: str = "", *, code: bool = False, hint: str = "", trailing: str = "", right: bool = False) -> QLineEdit:
    t = theme.current()
    result = QLineEdit(text)
    result.setFont(theme.font("body", code=code))
    result.setPlaceholderText(hint)
    result.setCursorPosition(0)
    if trailing:
        result.addAction(icon(trailing, t.text_3, 16), QLineEdit.ActionPosition.TrailingPosition)
    if right:
        result.setAlignment(Qt.AlignmentFlag.AlignRight)
    return result


def combo(text: str) -> QComboBox:
    result = QComboBox()
    result.addItem(text)
    result.setFont(theme.font("body"))
    result.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return result


class Field(QWidget):
    """Label above the editor. States: plain, changed (amber dot, old value below), error (red edge, icon and what to do), ok."""

    def __init__(
        self,
        title: str,
        editor: QWidget,
        *,
        required: bool = False,
        state: str = "",
        message: str = "",
        beside: QWidget | None = None,
        note: str = "",
        fix: str = "",
    ):
        super().__init__()
        t = theme.current()
        self.editor = editor
        editor.setAccessibleName(title)
        head = [label(title, "small-medium", "negative" if state == "error" else "2")]
        if required:
            head.append(label("*", "small-medium", "3"))
        if state == "changed":
            head.append(Dot(t.warning_fill, 6))
        if note:
            head += [None, label(note, "small", "3")]
        else:
            head.append(None)
        parts: list = [row(*head, spacing=4), row(editor, *([beside] if beside else []), spacing=8)]
        if state == "error":
            editor.setProperty("state", "error")
        if message:
            tone = {"error": "negative", "ok": "positive"}.get(state, "3")
            mark = {"error": ("circle-alert", t.negative_fill), "ok": ("circle-check", t.positive_fill)}.get(state)
            text = label(message, "small", tone, wrap=True)
            text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            parts.append(row(*([icon_label(mark[0], 14, mark[1], 2)] if mark else []), text, spacing=6))
        if fix:  # a proposal that one key accepts
            proposal = button(fix, "link", tip=f"{fix} (Alt+Invio)")
            proposal.setFont(theme.font("small-medium"))
            parts.append(row(20, proposal, None, spacing=0))
        self.setLayout(column(*parts, None, spacing=4))


def section(title: str, detail: str = "") -> QWidget:
    return boxed(row(label(title, "heading"), *([label(detail, "small", "3")] if detail else []), None, spacing=8))


def form_grid(*lines: list[tuple[QWidget, int]], spacing: int = 12, columns: int = 12) -> QGridLayout:
    """Lines of (widget, span) on twelve columns, so fields of different lines share edges."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(spacing)
    grid.setVerticalSpacing(spacing)
    for number in range(columns):
        grid.setColumnStretch(number, 1)
        grid.setColumnMinimumWidth(number, 1)
    for line_number, line in enumerate(lines):
        place = 0
        for widget, span in line:
            grid.addWidget(widget, line_number, place, 1, span, Qt.AlignmentFlag.AlignTop)
            place += span
    return grid


class InlineMessage(QFrame):
    """A strip that says what happened and what can be done, inside the page it concerns."""

    def __init__(self, tone: str, icon_name: str, text: str, *actions: QWidget):
        super().__init__()
        t = theme.current()
        fill, edge, colour = {
            "negative": (t.negative_soft, t.negative_line, t.negative),
            "warning": (t.warning_soft, t.warning_line, t.warning),
            "info": (t.accent_soft, t.accent_line, t.accent),
            "positive": (t.positive_soft, t.positive_line, t.positive),
            "neutral": (t.surface_alt, t.border, t.text_2),
        }[tone]
        self.setObjectName("message")
        self.setStyleSheet(f"#message {{ background: {fill}; border: 1px solid {edge}; border-radius: 6px; }}")
        body = label(text, "small", "", wrap=False)
        body.setTextFormat(Qt.TextFormat.RichText)
        self.setLayout(row(icon_label(icon_name, 16, colour, 2), body, None, *actions, spacing=8, margins=(10, 6, 10, 6)))
