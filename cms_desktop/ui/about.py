"""About: version, and whose work the program stands on."""

from __future__ import annotations

import platform

import PySide6
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from .basics import Elevated, boxed, button, column, label, pair, row, rule
from .rail import Logo
from .translation import translator

tr = translator("ui")


def parts() -> list[tuple[str, str, str]]:
    """(what, licence, address) of what the screen is made with."""
    return [
        (f"Qt for Python {PySide6.__version__}", "LGPL 3", "https://www.qt.io/qt-for-python"),
        ("Inter", "SIL Open Font License 1.1", "https://rsms.me/inter"),
        ("Lucide", "ISC", "https://lucide.dev"),
        ("pyqtgraph", "MIT", "https://www.pyqtgraph.org"),
        ("PostgreSQL", "PostgreSQL License", "https://www.postgresql.org"),
        ("psycopg", "LGPL 3", "https://www.psycopg.org"),
        ("SQLAlchemy", "MIT", "https://www.sqlalchemy.org"),
        ("ReportLab", "BSD", "https://www.reportlab.com"),
    ]


class AboutDialog(Elevated):
    """Put it on an Overlay."""

    done = Signal()

    def __init__(self, version: str) -> None:
        super().__init__(radius=12)
        system = f"Python {platform.python_version()} · {platform.system()}"
        titles = pair(label("CMS Desktop", "title"), label(tr("Versione {version}", version=version) + f" · {system}", "small", "3"), 2)
        head = row(Logo(40), titles, None, spacing=14, margins=(24, 22, 24, 16))
        grid = QGridLayout()
        grid.setContentsMargins(24, 16, 24, 12)
        grid.setVerticalSpacing(8)
        grid.setHorizontalSpacing(24)
        for line, (name, licence, address) in enumerate(parts()):
            link = label(f'<a href="{address}">{address.removeprefix("https://")}</a>', "small")
            link.setOpenExternalLinks(True)
            link.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard)
            cells: tuple[QWidget, ...] = (label(name, "medium"), label(licence, "small", "2"), link)
            for place, cell in enumerate(cells):
                grid.addWidget(cell, line, place)
        grid.setColumnStretch(2, 1)
        note = label(tr("Le librerie Qt e psycopg sono usate secondo la LGPL: puoi sostituirle con versioni tue."), "small", "3", wrap=True)
        close = button(tr("Chiudi"), "primary", tip=tr("Chiudi (Esc)"))
        close.setObjectName("first-focus")
        close.clicked.connect(self.done)
        last = row(note, close, spacing=16, margins=(24, 12, 24, 14))
        last.setStretchFactor(note, 1)
        foot = boxed(last)
        self.body.addLayout(column(head, rule(), boxed(grid), rule(), foot, spacing=0))
        self.setFixedWidth(560 + 2 * self.MARGIN)
        self.setAccessibleName(tr("Informazioni su CMS Desktop"))
