"""Logo and signature: seen, chosen from a file or dropped, taken away."""

from __future__ import annotations

import pathlib

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from cms_desktop.core.errors import AppError, InvalidInput
from cms_desktop.modules.base import actions, queries
from cms_desktop.ui import theme
from cms_desktop.ui.basics import button, column, label, row
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("masters")
KINDS = ("logo", "signature")


class ImageBox(QWidget):
    """The picture on paper; a file dropped on it is `dropped(path)`."""

    dropped = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.content, self._picture = b"", QPixmap()
        self.setFixedSize(150, 62)
        self.setAcceptDrops(True)
        self.setAccessibleName(name)

    def show_content(self, content: bytes) -> None:
        self.content, self._picture = content, QPixmap()
        if content:
            self._picture.loadFromData(content)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, t = QPainter(self), theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        empty = self._picture.isNull()
        painter.setPen(QPen(QColor(t.border), 1, Qt.PenStyle.DashLine if empty else Qt.PenStyle.SolidLine))
        painter.setBrush(QColor(t.surface_alt if empty else "#FFFFFF"))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, 4, 4)
        if empty:
            painter.setPen(QColor(t.text_3))
            painter.setFont(theme.font("caption"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, tr("Trascina qui un PNG o un JPEG"))
            return
        scale = min((box.width() - 12) / self._picture.width(), (box.height() - 12) / self._picture.height())
        width, height = self._picture.width() * scale, self._picture.height() * scale
        target = QRectF(box.center().x() - width / 2, box.center().y() - height / 2, width, height)
        painter.drawPixmap(target, self._picture, QRectF(self._picture.rect()))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = event.mimeData().urls()
        if urls:
            self.dropped.emit(pathlib.Path(urls[0].toLocalFile()))


class CompanyImages(QWidget):
    """`logo_changed(bytes)` when the logo was read or stored."""

    logo_changed = Signal(object)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.problem = InlineMessage("negative", "")
        self.problem.hide()
        names = {"logo": tr("Logo"), "signature": tr("Firma sulle lettere")}
        self.boxes = {kind: ImageBox(names[kind]) for kind in KINDS}
        self.choose = {kind: button(tr("Scegli…"), "", "upload") for kind in KINDS}
        self.remove = {kind: button(tr("Togli"), "quiet", "trash-2") for kind in KINDS}
        lines = []
        for kind in KINDS:
            self.boxes[kind].dropped.connect(lambda path, kind=kind: self.store(kind, path))
            self.choose[kind].clicked.connect(lambda _checked=False, kind=kind: self._choose(kind))
            self.remove[kind].clicked.connect(lambda _checked=False, kind=kind: self._remove(kind))
            buttons = column(label(names[kind], "small-medium"), self.choose[kind], self.remove[kind], None, spacing=4)
            lines.append(row(self.boxes[kind], buttons, None, spacing=12))
        self.setLayout(column(self.problem, *lines, spacing=10, margins=(16, 4, 16, 14)))

    def reload(self) -> None:
        self._workplace.background.run(
            self,
            lambda unit: {kind: queries.find_image(unit, kind) for kind in KINDS},
            then=self._show,
            failed=self._on_failed,
            key="images",
        )

    def _show(self, found: dict[str, bytes]) -> None:
        self.problem.hide()
        may = self._workplace.may("base.administer")
        for kind, content in found.items():
            self.boxes[kind].show_content(content)
            self.choose[kind].setEnabled(may)
            self.remove[kind].setVisible(bool(content) and may)
        self.logo_changed.emit(found["logo"])

    def _choose(self, kind: str) -> None:
        path = self._workplace.files.open_file(tr("Scegli un'immagine"), tr("Immagini (*.png *.jpg *.jpeg)"))
        if path is not None:
            self.store(kind, path)

    def store(self, kind: str, path: pathlib.Path) -> None:
        """Read the file and keep it as the company's logo or signature."""
        self._workplace.background.run(
            self,
            lambda unit: actions.save_image(unit, kind, _content(path)),
            then=lambda _none: self._on_stored(),
            failed=self._on_failed,
            key="store",
        )

    def _on_stored(self) -> None:
        self._workplace.say("positive", tr("Immagine salvata"))
        self.reload()

    def _remove(self, kind: str) -> None:
        self._workplace.background.run(
            self, lambda unit: actions.remove_image(unit, kind), then=lambda _none: self.reload(), failed=self._on_failed, key="store"
        )

    def _on_failed(self, error: AppError) -> None:
        self.problem.set_message("negative", error_text(error))


def _content(path: pathlib.Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInput("Non riesco a leggere «{file}»: {why}", file=path.name, why=error.strerror or str(error)) from error
