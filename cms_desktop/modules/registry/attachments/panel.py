"""AttachmentsPanel: the documents of a record, for any form: attach, look at, open, save, versions; drag in and out; paste."""

from __future__ import annotations

import datetime
import pathlib
from functools import partial
from typing import Any

from PySide6.QtCore import QBuffer, QEvent, QIODevice, QMimeData, QObject, QPoint, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDrag, QDragEnterEvent, QDropEvent, QKeySequence, QMouseEvent, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QMenu, QSplitter, QStackedWidget, QWidget

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError, Cancelled
from cms_desktop.modules.registry.attachments import actions, queries, rules
from cms_desktop.modules.registry.attachments.columns import ATTACHMENT_TABLES, attachment_columns
from cms_desktop.modules.registry.attachments.preview import PreviewPane
from cms_desktop.modules.registry.attachments.records import Attachment, Outgoing
from cms_desktop.modules.registry.attachments.work import AttachmentWork, TransferStrip
from cms_desktop.modules.registry.notes.records import Subject
from cms_desktop.ui.basics import boxed, button, column, label, row, rule
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage, ask
from cms_desktop.ui.record_table import Noun, RecordTable
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("notes")
PREVIEW_AT_ONCE = 5 * 1024 * 1024  # bytes; a larger document is looked at when asked for
PREVIEW_PAUSE_MS = 200
HINT_FROM = 620  # pixels; narrower, the tools need the room


class AttachmentsPanel(QWidget):
    """`show_subject(table, id)`; None shows nothing. `counted` tells how many documents there are, for the tab."""

    counted = Signal(int)
    loaded = Signal()
    tables = ATTACHMENT_TABLES

    def __init__(self, workplace: Workplace, subject_table: str = "registry.party", subject_id: int | None = None) -> None:
        super().__init__()
        self._workplace, self._background = workplace, workplace.background
        self._subject = None if subject_id is None else Subject(subject_table, subject_id)
        self._is_stale, self._press, self._wanted = True, QPoint(), 0
        self._may_attach = workplace.may("registry.attach")
        self.table = RecordTable(
            attachment_columns(),
            record_key=lambda one: one.attachment_id,
            noun=Noun(tr("documento"), tr("documenti")),
            filters=False,
            totals=False,
        )
        self.preview, self.strip = PreviewPane(workplace.background), TransferStrip()
        self.work = AttachmentWork(self, workplace.background, self.strip)
        self.error = InlineMessage("negative", "", closable=True)
        self.error.hide()
        self._pause = QTimer(self, singleShot=True, interval=PREVIEW_PAUSE_MS)
        self._make_buttons()
        self._arrange()
        self._connect()
        self.setAcceptDrops(self._may_attach)
        self._on_selection([])

    def _make_buttons(self) -> None:
        self.attach_button = button(tr("Allega"), "primary", "paperclip", tip=tr("Allega documenti (Ins)"))
        self.open_button = button(tr("Apri"), icon_name="square-arrow-out-up-right", tip=tr("Apri con il programma del sistema (Invio)"))
        self.save_button = button("", "icon", "download", tip=tr("Salva una copia (Ctrl+S)"))
        self.version_button = button("", "icon", "file-plus", tip=tr("Nuova versione (Ctrl+U)"))
        self.versions_button = button("", "icon", "history", tip=tr("Versioni precedenti (Ctrl+Y)"))
        self.remove_button = button("", "icon", "trash-2", tip=tr("Togli il documento (Canc)"))
        if not self._may_attach:
            for one in (self.attach_button, self.version_button, self.remove_button):
                one.hide()

    def _arrange(self) -> None:
        first = button(tr("Allega"), "primary", "paperclip", tip=tr("Allega documenti (Ins)"))
        first.clicked.connect(self.choose_files)
        if not self._may_attach:
            first.hide()
        text = tr("Trascina qui un documento, incolla un'immagine con Ctrl+V, oppure premi Ins. Lo vede ogni posto di lavoro.")
        self._hint = label(tr("Trascina qui i documenti, o incollali con Ctrl+V"), "small", "3")
        tools = (self.open_button, self.save_button, self.version_button, self.versions_button, self.remove_button)
        bar = row(self.attach_button, 8, self._hint, None, *tools, spacing=6, margins=(16, 8, 12, 8))
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.addWidget(self.table)
        self.split.addWidget(self.preview)
        self.split.setChildrenCollapsible(False)
        self.split.setSizes([260, 320])
        self._stack = QStackedWidget()
        self._stack.addWidget(self.split)
        self._stack.addWidget(EmptyState("paperclip", tr("Nessun documento"), text, first))
        layout = column(boxed(bar), rule(), self.strip, self.error, self._stack, spacing=0)
        layout.setStretchFactor(self._stack, 1)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.attach_button.clicked.connect(self.choose_files)
        self.open_button.clicked.connect(self.open_chosen)
        self.save_button.clicked.connect(self.save_chosen)
        self.version_button.clicked.connect(self.choose_version)
        self.versions_button.clicked.connect(self.list_versions)
        self.remove_button.clicked.connect(self.remove_chosen)
        self.table.row_opened.connect(lambda _row: self.open_chosen())
        self.table.selection_changed.connect(self._on_selection)
        self._pause.timeout.connect(self._preview_chosen)
        self.work.attached.connect(self._on_attached)
        self.work.settled.connect(self.reload)
        self.work.failed.connect(self._show_error)
        self.table.view.viewport().installEventFilter(self)
        self.preview.page_keys(self)
        keys = (("Ins", self.choose_files), ("Ctrl+S", self.save_chosen), ("Ctrl+U", self.choose_version), ("Ctrl+Y", self.list_versions),
                ("Ctrl+V", self.paste), ("Del", self.remove_chosen))  # fmt: skip
        for text, slot in keys:
            shortcut = QShortcut(QKeySequence(text), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    # which record
    def show_subject(self, subject_table: str, subject_id: int | None) -> None:
        wanted = None if subject_id is None else Subject(subject_table, subject_id)
        if wanted == self._subject:
            return
        self._subject = wanted
        self.work.cancel()
        self.table.set_rows([])
        self.preview.clear()
        self.error.hide()
        self.mark_changed()

    def chosen(self) -> Attachment | None:
        rows = self.table.selected()
        return rows[0] if len(rows) == 1 else None

    def focus_first(self) -> None:
        """The list, or the way to the first document."""
        (self.table if self.table.rows() or not self._may_attach else self.attach_button).setFocus()

    # loading
    def mark_changed(self) -> None:
        """Stale: reloads now, or when it is shown."""
        self._is_stale = True
        if self.isVisible():
            self.reload()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hint.setVisible(self._may_attach and self.width() >= HINT_FROM)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.reload()

    def reload(self) -> None:
        subject = self._subject
        self._is_stale = False
        if subject is None:
            self._take([], subject)
            return
        self._background.run(
            self, lambda unit: queries.list_attachments(unit, subject), then=lambda rows: self._take(rows, subject), failed=self._show_error, key="load"
        )  # fmt: skip

    def _take(self, rows: list[Attachment], subject: Subject | None) -> None:
        if subject != self._subject:
            return
        self.table.set_rows(rows)
        self._stack.setCurrentIndex(0 if rows else 1)
        if rows and (self._wanted or not self.table.selected()):
            self.table.select(self._wanted if any(one.attachment_id == self._wanted for one in rows) else rows[0].attachment_id)
        self._wanted = 0
        self._on_selection(self.table.selected())
        self.counted.emit(len(rows))
        self.loaded.emit()

    def _on_selection(self, rows: list[Attachment]) -> None:
        one = rows[0] if len(rows) == 1 else None
        for tool in (self.open_button, self.save_button, self.version_button, self.remove_button):
            tool.setEnabled(one is not None)
        self.versions_button.setEnabled(one is not None and one.versions > 1)
        self._pause.start()

    def _preview_chosen(self) -> None:
        one = self.chosen()
        if one is None:
            self.preview.clear()
        elif not rules.preview_of(one.suffix, one.byte_count):
            self.preview.clear(tr("Di questo tipo di documento non c'è anteprima: aprilo con Invio."))
        elif one.byte_count > PREVIEW_AT_ONCE:
            self.preview.clear(tr("Documento grande ({size}): aprilo con Invio.", size=rules.size_text(one.byte_count)))
        elif not self.work.is_busy():
            self.work.fetch(one, lambda path: self._show_preview(one, path))

    def _show_preview(self, one: Attachment, path: pathlib.Path) -> None:
        chosen = self.chosen()
        if chosen is not None and chosen.attachment_id == one.attachment_id:
            self.preview.show_file(path, one.name, one.byte_count)

    # in
    def choose_files(self) -> None:
        if self._may_attach and self._subject is not None:
            path = self._workplace.files.open_file(tr("Allega un documento"))
            if path is not None:
                self.attach_files([path])

    def attach_files(self, paths: list[pathlib.Path]) -> None:
        """Folders are left out, and said."""
        files = [path for path in paths if path.is_file()]
        if len(files) < len(paths):
            self.error.set_message("warning", tr("Le cartelle non si allegano: scegli i documenti al loro interno."))
        self._send([Outgoing(path.name, path) for path in files])

    def _send(self, documents: list[Outgoing]) -> None:
        if self._subject is not None and documents and self._may_attach:
            self.work.send(self._subject, documents)

    def paste(self) -> None:
        """An image, or files copied in the file manager."""
        mime = QApplication.clipboard().mimeData()
        if self._may_attach and mime is not None:
            self._take_mime(mime)

    def _take_mime(self, mime: QMimeData) -> bool:
        paths = [pathlib.Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        if paths:
            self.attach_files(paths)
        elif mime.hasImage():
            moment = datetime.datetime.now().astimezone()
            self._send([Outgoing(tr("Immagine {moment}.png", moment=f"{moment:%Y-%m-%d %H.%M.%S}"), content=_png(mime.imageData()))])
        return bool(paths) or mime.hasImage()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        mime, source = event.mimeData(), event.source()
        own = isinstance(source, QWidget) and self.isAncestorOf(source)
        if not own and self._subject is not None and (mime.hasImage() or any(url.isLocalFile() for url in mime.urls())):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        if self._take_mime(event.mimeData()):
            event.acceptProposedAction()

    def choose_version(self) -> None:
        one = self.chosen()
        if one is None or not self._may_attach:
            return
        path = self._workplace.files.open_file(tr("Nuova versione di {name}", name=one.name))
        if path is not None:
            self.work.send_version(one.attachment_id, Outgoing(path.name, path))

    def _on_attached(self, attachment_id: int) -> None:
        self._wanted = attachment_id
        self._workplace.say("positive", tr("Documento allegato"))

    # out
    def open_chosen(self) -> None:
        one = self.chosen()
        if one is not None:
            self._open(one)

    def _open(self, one: Attachment, _checked: bool = False) -> None:
        if rules.is_program(one.suffix):
            self.error.set_message("warning", tr("«{name}» è un programma: da qui si salva soltanto (Ctrl+S).", name=one.name))
            return
        self.work.fetch(one, self._workplace.files.show)

    def save_chosen(self) -> None:
        one = self.chosen()
        if one is None:
            return
        target = self._workplace.files.save_as(tr("Salva una copia"), rules.name_on_disk(one.name))
        if target is not None:
            self.work.fetch(one, lambda path: self._workplace.say("positive", tr("Copia salvata"), str(path)), target)

    def list_versions(self) -> None:
        one = self.chosen()
        if one is not None and one.versions > 1:
            self._background.run(
                self, lambda unit: queries.list_versions(unit, one.document_id), then=self._show_versions, failed=self._show_error, key="versions"
            )  # fmt: skip

    def _show_versions(self, versions: list[Attachment]) -> None:
        menu = self.versions_menu(versions)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.versions_button.mapToGlobal(QPoint(0, self.versions_button.height() + 2)))

    def versions_menu(self, versions: list[Attachment]) -> QMenu:
        """Each opens; one that was removed says by whom."""
        menu = QMenu(self)
        for one in versions:
            words = tr(
                "Versione {n} · {date} · {author}", n=one.version, date=formats.date(one.created_at.astimezone().date()), author=one.author
            )
            if one.removed_at is not None:
                words += " · " + tr("tolta da {person}", person=one.remover)
            action = menu.addAction(words)
            action.triggered.connect(partial(self._open, one))
            action.setEnabled(one.removed_at is None)
        return menu

    def mime_of(self, path: pathlib.Path) -> QMimeData:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        return mime

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A document dragged out of the list is a copy of it."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            self._press = event.position().toPoint()
        elif isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove and event.buttons() & Qt.MouseButton.LeftButton:
            one = self.chosen()
            far = (event.position().toPoint() - self._press).manhattanLength() >= QApplication.startDragDistance()
            if one is not None and far and not self.work.is_busy():
                self.work.fetch(one, self._drag)
                return True
        return False

    def _drag(self, path: pathlib.Path) -> None:
        if QApplication.mouseButtons() & Qt.MouseButton.LeftButton:  # fetching may have taken longer than the hand
            drag = QDrag(self)
            drag.setMimeData(self.mime_of(path))
            drag.exec(Qt.DropAction.CopyAction)

    # away
    def remove_chosen(self) -> None:
        one = self.chosen()
        if one is None or not self._may_attach:
            return
        text = tr("«{name}», versione {n}. Chi e quando resta nella storia, il contenuto si cancella.", name=one.name, n=one.version)
        if ask(self, tr("Togliere il documento?"), text, tr("Togli il documento"), "negative"):
            self._background.run(
                self, lambda unit: actions.remove_attachment(unit, one.attachment_id), then=lambda _done: self.reload(),
                failed=self._show_error, key="remove",
            )  # fmt: skip

    def _show_error(self, error: AppError) -> None:
        if not isinstance(error, Cancelled):
            self.error.set_message("negative", error_text(error))


def _png(image: Any) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())
