"""Documents on the screen: attach by key, paste, drop; look at; open; versions; who may not."""

from __future__ import annotations

import io
import pathlib
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow
from reportlab.pdfgen.canvas import Canvas

from cms_desktop.modules.registry.attachments import copies, work
from cms_desktop.modules.registry.attachments.panel import AttachmentsPanel
from tests.house import House
from tests.modules.customers.workplaces import opened_workplace, until

pytestmark = pytest.mark.usefixtures("light")
Key, Modifier = Qt.Key, Qt.KeyboardModifier


@pytest.fixture(autouse=True)
def own_copies(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "copies").mkdir()
    monkeypatch.setattr(work, "COPIES", copies.TemporaryCopies(tmp_path / "copies"))


def shown(qtbot: Any, workplace: Any, table: str = "customers.customer") -> AttachmentsPanel:
    panel = AttachmentsPanel(workplace, table, 1)
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setCentralWidget(panel)
    window.resize(760, 800)
    panel.held_window = window  # type: ignore[attr-defined]
    with qtbot.waitSignal(panel.loaded, timeout=20000):
        window.show()
    window.activateWindow()
    return panel


def names(panel: AttachmentsPanel) -> list[str]:
    return [row.name for row in panel.table.rows()]


def pdf(pages: int) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for number in range(pages):
        canvas.drawString(100, 700, f"Pagina {number + 1}")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def press(panel: AttachmentsPanel, key: Key, modifier: Modifier = Modifier.NoModifier) -> None:
    QTest.keyClick(panel.table.view, key, modifier)


def test_a_pdf_is_attached_by_keys_looked_at_page_by_page_and_opened(qtbot: Any, ranked: House, tmp_path: pathlib.Path) -> None:
    with opened_workplace(ranked, "marta.bellini") as marta:
        panel = shown(qtbot, marta)
        (tmp_path / "contratto.pdf").write_bytes(pdf(3))
        marta.files.path = tmp_path / "contratto.pdf"  # type: ignore[attr-defined]
        opened: list[pathlib.Path] = []
        marta.files.show = opened.append  # type: ignore[method-assign]
        panel.attach_button.setFocus()
        QTest.keyClick(panel.attach_button, Key.Key_Insert)
        until(qtbot, lambda: names(panel) == ["contratto.pdf"], 20000)
        until(qtbot, lambda: panel.preview.place.text() == "Pagina 1 di 3", 20000)
        assert not panel.preview.picture.image().isNull()
        press(panel, Key.Key_PageDown)
        until(qtbot, lambda: panel.preview.place.text() == "Pagina 2 di 3", 20000)
        press(panel, Key.Key_Return)
        until(qtbot, lambda: opened, 20000)
        assert opened[0].name == "contratto.pdf" and opened[0].read_bytes() == pdf_bytes(tmp_path)
        assert opened[0].stat().st_mode & 0o222 == 0


def pdf_bytes(folder: pathlib.Path) -> bytes:
    return (folder / "contratto.pdf").read_bytes()


def test_an_image_is_pasted_and_shown(qtbot: Any, ranked: House) -> None:
    with opened_workplace(ranked, "marta.bellini") as marta:
        panel = shown(qtbot, marta)
        image = QImage(40, 30, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.red)
        QGuiApplication.clipboard().setImage(image)
        panel.attach_button.setFocus()
        QTest.keyClick(panel.attach_button, Key.Key_V, Modifier.ControlModifier)
        until(qtbot, lambda: len(names(panel)) == 1, 20000)
        assert names(panel)[0].startswith("Immagine ") and names(panel)[0].endswith(".png")
        until(qtbot, lambda: panel.preview.picture.image().width() == 40, 20000)


def test_files_are_dropped_in_folders_are_not_and_a_row_is_dragged_out_as_a_file(qtbot: Any, ranked: House, tmp_path: pathlib.Path) -> None:
    with opened_workplace(ranked, "marta.bellini") as marta:
        panel = shown(qtbot, marta)
        for name in ("uno.txt", "due.txt"):
            (tmp_path / name).write_text(f"testo di {name}")
        (tmp_path / "cartella").mkdir()
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("uno.txt", "due.txt", "cartella")])
        event = QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Modifier.NoModifier)
        panel.dropEvent(event)
        until(qtbot, lambda: sorted(names(panel)) == ["due.txt", "uno.txt"], 20000)
        assert "cartelle" in panel.error.text()
        until(qtbot, lambda: panel.preview.text.toPlainText().startswith("testo di"), 20000)
        out: list[pathlib.Path] = []
        until(qtbot, lambda: not panel.work.is_busy(), 20000)
        panel.work.fetch(panel.chosen(), out.append)  # type: ignore[arg-type]
        until(qtbot, lambda: out, 20000)
        assert panel.mime_of(out[0]).urls()[0].toLocalFile() == str(out[0]) and out[0].exists()


def test_a_document_over_the_limit_says_so_and_how_large_it_may_be(qtbot: Any, ranked: House, tmp_path: pathlib.Path) -> None:
    with ranked.owner() as owner:
        owner.execute("insert into base.parameter (company_id, key, value) values (1, 'attachments.most_megabytes', '1')")
    with opened_workplace(ranked, "marta.bellini") as marta:
        panel = shown(qtbot, marta)
        (tmp_path / "grande.bin").write_bytes(b"x" * 2_000_000)
        panel.attach_files([tmp_path / "grande.bin"])
        until(qtbot, lambda: "1 MB" in panel.error.text(), 20000)
        assert "1,9 MB" in panel.error.text() or "2,0 MB" in panel.error.text()
        assert names(panel) == [] and not panel.strip.isVisible()


def test_a_transfer_is_cancelled_from_the_strip(qtbot: Any, ranked: House, tmp_path: pathlib.Path) -> None:
    with opened_workplace(ranked, "marta.bellini") as marta:
        panel = shown(qtbot, marta)
        with (tmp_path / "grande.bin").open("wb") as file:
            file.truncate(90 * 1024 * 1024)
        panel.attach_files([tmp_path / "grande.bin", tmp_path / "grande.bin"])
        until(qtbot, lambda: panel.strip.bar.value() > 0, 20000)
        panel.strip.cancel_button.click()
        assert not panel.work.is_busy() and not panel.strip.isVisible()
        until(qtbot, lambda: not marta.background.is_busy(), 20000)
        with ranked.owner() as owner:
            assert owner.execute("select count(*) from registry.content").fetchone() == (0,)


def test_a_program_is_saved_but_not_run(qtbot: Any, ranked: House, tmp_path: pathlib.Path) -> None:
    with opened_workplace(ranked, "marta.bellini") as marta:
        panel = shown(qtbot, marta)
        (tmp_path / "fattura.pdf.exe").write_bytes(b"MZ")
        panel.attach_files([tmp_path / "fattura.pdf.exe"])
        until(qtbot, lambda: len(names(panel)) == 1 and panel.chosen() is not None, 20000)
        marta.files.show = lambda _path: pytest.fail("a program was opened")  # type: ignore[method-assign]
        press(panel, Key.Key_Return)
        until(qtbot, lambda: "programma" in panel.error.text(), 20000)
        marta.files.path = tmp_path / "copia.bin"  # type: ignore[attr-defined]
        press(panel, Key.Key_S, Modifier.ControlModifier)
        until(qtbot, lambda: (tmp_path / "copia.bin").exists(), 20000)
        assert (tmp_path / "copia.bin").read_bytes() == b"MZ"


def test_an_older_version_is_opened_from_the_menu(qtbot: Any, ranked: House, tmp_path: pathlib.Path) -> None:
    with opened_workplace(ranked, "marta.bellini") as marta:
        panel = shown(qtbot, marta)
        opened: list[pathlib.Path] = []
        marta.files.show = opened.append  # type: ignore[method-assign]
        for content in ("prima", "seconda"):
            (tmp_path / "nota.txt").write_text(content)
            marta.files.path = tmp_path / "nota.txt"  # type: ignore[attr-defined]
            (panel.choose_files if content == "prima" else panel.choose_version)()
            until(qtbot, lambda: not panel.work.is_busy() and panel.chosen() is not None, 20000)
            until(qtbot, lambda: not marta.background.is_busy(), 20000)
        assert [(row.version, row.versions) for row in panel.table.rows()] == [(2, 2)]
        menus: list[Any] = []
        panel._show_versions = lambda versions: menus.append(panel.versions_menu(versions))  # type: ignore[method-assign]
        panel.list_versions()
        until(qtbot, lambda: menus, 20000)
        menus[0].actions()[1].trigger()
        until(qtbot, lambda: opened, 20000)
        assert opened[0].read_text() == "prima"


def test_a_reader_sees_and_opens_but_has_no_way_to_attach(qtbot: Any, ranked: House, tmp_path: pathlib.Path) -> None:
    with opened_workplace(ranked, "rita.revisore") as rita:
        panel = shown(qtbot, rita)
        assert not panel.attach_button.isVisible() and not panel.acceptDrops()
        rita.files.path = tmp_path / "x.txt"  # type: ignore[attr-defined]
        (tmp_path / "x.txt").write_text("x")
        panel.choose_files()
        QApplication.clipboard().setText("x")
        panel.paste()
        assert not panel.work.is_busy()
