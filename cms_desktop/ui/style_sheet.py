"""The application style sheet, generated from the tokens: borders, radii, paddings and states of Qt's own widgets."""

from __future__ import annotations

import pathlib
import tempfile

from . import icons
from .tokens import Theme

_svg_folder = pathlib.Path(tempfile.mkdtemp(prefix="cms-icons-"))


def _svg_file(name: str, colour: str) -> str:
    """QSS can only name files, so coloured copies of a few icons are written to a temporary folder."""
    target = _svg_folder / f"{name}-{colour.strip('#')}.svg"
    if not target.exists():
        target.write_text(icons.svg(name).replace("currentColor", colour), encoding="utf-8")
    return target.as_posix()


def style_sheet(t: Theme) -> str:
    chevron, check, dash = _svg_file("chevron-down", t.text_2), _svg_file("check", "#FFFFFF"), _svg_file("minus", "#FFFFFF")
    return f"""
* {{ outline: 0; }}
QMainWindow, QDialog {{ background: {t.canvas}; }}
QMainWindow::separator {{ background: {t.canvas}; width: 8px; height: 8px; }}
QMainWindow::separator:hover {{ background: {t.accent_line}; }}
QToolTip {{ background: {t.text if not t.is_dark else t.popover}; color: {t.surface if not t.is_dark else t.text}; border: 1px solid {t.border}; padding: 4px 8px; }}

/* text roles ---------------------------------------------------------------------------------- */
QLabel {{ color: {t.text}; background: transparent; }}
QLabel[tone="2"] {{ color: {t.text_2}; }}   QLabel[tone="3"] {{ color: {t.text_3}; }}   QLabel[tone="off"] {{ color: {t.text_off}; }}
QLabel[tone="accent"] {{ color: {t.accent}; }}   QLabel[tone="negative"] {{ color: {t.negative}; }}
QLabel[tone="warning"] {{ color: {t.warning}; }} QLabel[tone="positive"] {{ color: {t.positive}; }}

/* containers ---------------------------------------------------------------------------------- */
QFrame[card="true"] {{ background: {t.surface}; border: 1px solid {t.border}; border-radius: 8px; }}
QFrame[panel="true"] {{ background: {t.surface}; border: 0; }}
QFrame[strip="true"] {{ background: {t.surface_alt}; border: 0; }}
QFrame[strip="foot"] {{ background: {t.surface_alt}; border: 0; border-top: 1px solid {t.line}; border-bottom-left-radius: 7px; border-bottom-right-radius: 7px; }}
QWidget[canvas="true"] {{ background: {t.canvas}; }}
QFrame[rule="h"] {{ background: {t.line}; max-height: 1px; min-height: 1px; border: 0; }}
QFrame[rule="v"] {{ background: {t.border}; max-width: 1px; min-width: 1px; border: 0; }}
QScrollArea, QScrollArea > QWidget > QWidget[scroll="true"] {{ background: transparent; border: 0; }}

/* fields -------------------------------------------------------------------------------------- */
QLineEdit, QComboBox, QDateEdit, QSpinBox, QPlainTextEdit, QTextEdit {{
  background: {t.sunken}; color: {t.text}; border: 1px solid {t.border_field}; border-radius: 6px;
  padding: 0 8px; min-height: 30px; selection-background-color: {t.accent_fill}; selection-color: {t.on_accent}; }}
QPlainTextEdit, QTextEdit {{ padding: 6px 4px; }}
QLineEdit:hover, QComboBox:hover, QDateEdit:hover {{ border-color: {t.text_3}; }}
QLineEdit:focus, QComboBox:focus, QDateEdit:focus, QPlainTextEdit:focus, QLineEdit[showfocus="true"], QComboBox[showfocus="true"] {{
  border: 2px solid {t.accent_fill}; padding: 0 7px; min-height: 28px; background: {t.surface}; }}     /* one pixel more of edge, one less of room: nothing moves */
QLineEdit[state="error"] {{ border: 2px solid {t.negative_fill}; padding: 0 7px; min-height: 28px; background: {t.negative_soft}; }}
QLineEdit[state="changed"], QComboBox[state="changed"] {{ background: {t.warning_soft}; border-color: {t.warning_fill}; }}
QLineEdit:read-only {{ background: transparent; border-color: {t.line}; color: {t.text_2}; }}
QLineEdit:disabled, QComboBox:disabled {{ color: {t.text_off}; border-color: {t.line}; }}
QLineEdit[fit="filter"], QComboBox[fit="filter"] {{ min-height: 22px; max-height: 22px; border: 1px solid {t.border}; border-radius: 4px; padding: 0 6px; background: {t.surface}; font-size: 12px; }}
QLineEdit[fit="filter"]:focus, QComboBox[fit="filter"]:focus {{ border: 1px solid {t.accent_fill}; padding: 0 6px; min-height: 22px; }}
QLineEdit[fit="filter"][state="active"], QComboBox[fit="filter"][state="active"] {{ border: 1px solid {t.accent_fill}; background: {t.accent_soft}; color: {t.accent}; font-weight: 500; }}
QLineEdit[fit="large"], QComboBox[fit="large"] {{ min-height: 38px; font-size: 14px; }}
QLineEdit[fit="large"]:focus, QComboBox[fit="large"]:focus {{ min-height: 36px; }}
QComboBox::drop-down {{ border: 0; width: 24px; }}
QComboBox::down-arrow {{ image: url({chevron}); width: 14px; height: 14px; }}
QComboBox[fit="filter"]::drop-down {{ width: 18px; }} QComboBox[fit="filter"]::down-arrow {{ width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{ background: {t.popover}; border: 1px solid {t.border}; selection-background-color: {t.accent_soft}; selection-color: {t.text}; }}
QCheckBox {{ spacing: 8px; color: {t.text}; background: transparent; }}
QCheckBox::indicator {{ width: 16px; height: 16px; border: 1px solid {t.border_field}; border-radius: 4px; background: {t.sunken}; }}
QCheckBox::indicator:checked {{ background: {t.accent_fill}; border-color: {t.accent_fill}; image: url({check}); }}
QCheckBox:disabled {{ color: {t.text_2}; }}
QCheckBox::indicator:checked:disabled {{ background: {t.text_off}; border-color: {t.text_off}; }}
QCheckBox::indicator:indeterminate {{ background: {t.accent_fill}; border-color: {t.accent_fill}; image: url({dash}); }}
QRadioButton {{ spacing: 8px; background: transparent; }}

/* buttons ------------------------------------------------------------------------------------- */
QPushButton, QToolButton {{ border-radius: 6px; padding: 0 12px; min-height: 30px; font-weight: 500; color: {t.text}; background: {t.surface}; border: 1px solid {t.border}; }}
QPushButton:hover, QToolButton:hover {{ background: {t.hover}; }}
QPushButton:pressed {{ background: {t.line}; }}
QPushButton:focus {{ border: 2px solid {t.accent_fill}; padding: 0 11px; min-height: 28px; }}
QPushButton:disabled {{ color: {t.text_off}; background: {t.surface}; border-color: {t.line}; }}
QPushButton[kind="primary"] {{ background: {t.accent_fill}; color: {t.on_accent}; border: 1px solid {t.accent_fill}; font-weight: 600; }}
QPushButton[kind="primary"]:hover {{ background: {t.accent_fill_hover}; border-color: {t.accent_fill_hover}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {t.text}; padding: 0 11px; min-height: 28px; }}
QPushButton[kind="primary"]:disabled {{ background: {t.neutral_soft}; color: {t.text_off}; border-color: {t.neutral_line}; }}
QPushButton[kind="danger"] {{ color: {t.negative}; border-color: {t.negative_line}; background: {t.surface}; }}
QPushButton[kind="danger"]:hover {{ background: {t.negative_soft}; }}
QPushButton[kind="danger"]:disabled {{ color: {t.text_off}; border-color: {t.border}; background: {t.surface}; }}
QPushButton[kind="quiet"], QToolButton[kind="quiet"] {{ background: transparent; border: 1px solid transparent; color: {t.text_2}; padding: 0 8px; }}
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover {{ background: {t.hover}; color: {t.text}; }}
QPushButton[kind="link"] {{ background: transparent; border: 0; color: {t.accent}; padding: 0; min-height: 20px; text-align: left; }}
QPushButton[kind="link"]:hover {{ text-decoration: underline; }}
QPushButton[fit="small"], QToolButton[fit="small"] {{ min-height: 26px; padding: 0 8px; font-size: 12px; }}
QPushButton[fit="large"] {{ min-height: 38px; padding: 0 16px; font-size: 14px; }}
QPushButton[fit="large"]:focus {{ min-height: 36px; padding: 0 15px; }}
QPushButton[fit="small"]:focus {{ min-height: 24px; padding: 0 7px; }}
QPushButton[kind="link"]:focus {{ border: 0; padding: 0; min-height: 20px; text-decoration: underline; }}
QPushButton[kind="icon"]:focus {{ border: 2px solid {t.accent_fill}; padding: 0; min-width: 28px; max-width: 28px; min-height: 28px; max-height: 28px; }}
QCheckBox:focus {{ color: {t.accent}; }}
QCheckBox::indicator:focus {{ border: 2px solid {t.accent_fill}; }}
QToolButton::menu-indicator {{ image: none; width: 0; }}
QToolButton[kind="icon"], QPushButton[kind="icon"] {{ padding: 0; min-width: 30px; max-width: 30px; min-height: 30px; max-height: 30px; background: transparent; border: 1px solid transparent; }}
QToolButton[kind="icon"]:hover, QPushButton[kind="icon"]:hover {{ background: {t.hover}; }}
QPushButton[kind="icon"]:checked {{ background: {t.accent_soft}; border-color: {t.accent_line}; }}

QLineEdit QToolButton {{ min-height: 0; padding: 0; border: 0; background: transparent; }}     /* the icon buttons inside a field */

/* docks, tabs, menus, bars ---------------------------------------------------------------------- */
QDockWidget {{ color: {t.text}; }}
QMainWindow > QTabBar {{ background: {t.canvas}; font-weight: 500; }}
QMainWindow > QTabBar::close-button {{ margin: 0; }}
QMainWindow > QTabBar::tab {{ background: transparent; color: {t.text_2}; height: 36px; padding: 0 12px 0 12px; margin: 0; border: 0; border-top: 2px solid transparent; border-right: 1px solid {t.border}; border-bottom: 1px solid {t.border}; }}
QMainWindow > QTabBar::tab:selected {{ background: {t.surface}; color: {t.text}; border-top: 2px solid {t.accent_fill}; border-bottom: 1px solid {t.surface}; }}
QMainWindow > QTabBar::tab:hover:!selected {{ background: {t.hover}; }}
QStatusBar {{ background: {t.surface}; border-top: 1px solid {t.border}; color: {t.text_2}; }}
QStatusBar::item {{ border: 0; }}
QToolBar {{ background: {t.surface}; border: 0; spacing: 0; padding: 0; }}
QMenu {{ background: {t.popover}; border: 1px solid {t.border}; border-radius: 8px; padding: 4px; }}
QMenu::item {{ padding: 6px 28px 6px 12px; border-radius: 4px; color: {t.text}; }}
QMenu::item:selected {{ background: {t.accent_soft}; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 8px; }}
QHeaderView {{ background: {t.surface_alt}; border: 0; }}
QTableView {{ background: {t.surface}; border: 0; gridline-color: {t.line}; selection-background-color: {t.accent_soft}; selection-color: {t.text}; }}
QTableCornerButton::section {{ background: {t.surface_alt}; border: 0; }}

/* scroll bars: thin, no arrows -------------------------------------------------------------------- */
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {t.neutral_line}; border-radius: 4px; margin: 2px; }}
QScrollBar::handle:hover {{ background: {t.text_off}; }}
QScrollBar::handle:vertical {{ min-height: 32px; }} QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; width: 0; height: 0; border: 0; }}

QProgressBar {{ background: {t.neutral_soft}; border: 0; border-radius: 4px; min-height: 8px; max-height: 8px; text-align: center; }}
QProgressBar::chunk {{ background: {t.accent_fill}; border-radius: 4px; }}
"""
