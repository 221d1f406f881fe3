"""One list page in the place of another: its columns have become others."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QSplitter

from .page import ListPage


def change_list(split: QSplitter, old: ListPage, fresh: ListPage) -> ListPage:
    """Put `fresh` where `old` was, with its query and the focus; returns it. The old one goes."""
    query, focus = old.query(), QApplication.focusWidget()
    fresh.table.set_query(query, tell=False)
    split.replaceWidget(split.indexOf(old), fresh)
    if focus is not None and (focus is old or old.isAncestorOf(focus)):
        fresh.setFocus()
    old.deleteLater()
    fresh.set_query(query)
    fresh.reload()
    return fresh
