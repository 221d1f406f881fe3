"""Printed pages on the screen, one below the other, as wide as the place allows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from cms_desktop.documents.pages import PagePicture
from cms_desktop.ui import theme

GAP, MOST_WIDTH = 10, 900


class _Sheets(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._images: list[QImage] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_pages(self, pages: Sequence[PagePicture]) -> None:
        self._images = [QImage(one.pixels, one.width, one.height, one.width * 3, QImage.Format.Format_RGB888).copy() for one in pages]
        self.fit()

    def count(self) -> int:
        return len(self._images)

    def fit(self) -> None:
        self.setFixedHeight(max(40, round(sum(box.height() + GAP for box in self._boxes()))))
        self.update()

    def _boxes(self) -> list[QRectF]:
        boxes, top, width = [], 0.0, min(self.width() - 2, MOST_WIDTH)
        for image in self._images:
            height = width * image.height() / image.width()
            boxes.append(QRectF((self.width() - width) / 2, top, width, height))
            top += height + GAP
        return boxes

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, t = QPainter(self), theme.current()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for image, box in zip(self._images, self._boxes(), strict=True):
            if box.intersects(QRectF(event.rect())):
                painter.drawImage(box, image)
                painter.setPen(QPen(QColor(t.border), 1))
                painter.drawRect(box)


class PaperView(QScrollArea):
    """`show_pages(pictures)`; paper is white in the dark theme, too."""

    def __init__(self) -> None:
        super().__init__()
        self._sheets = _Sheets()
        self.setWidget(self._sheets)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_pages(self, pages: Sequence[PagePicture]) -> None:
        self._sheets.show_pages(pages)
        self.verticalScrollBar().setValue(0)

    def page_count(self) -> int:
        return self._sheets.count()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._sheets.fit()
