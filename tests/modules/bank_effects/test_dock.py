"""The dock of bank effects, by keys, over a real database."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from cms_desktop.modules.bank_effects.commands import commands
from cms_desktop.modules.bank_effects.dock import BankEffectsDock
from cms_desktop.ui.feedback.confirmation import Confirmation
from tests.house import House
from tests.modules.bank_effects.arrange import Debtor, add_debtors
from tests.modules.bank_effects.riba_reader import read_riba
from tests.modules.base.screens import Desk, picture, show_dock

NAMES = (
    "Pelletterie Arno S.r.l.",
    "Hotel Belvedere S.p.A.",
    "Immobiliare Ponte Nuovo",
    "Logistica Padana S.r.l.",
    "Officine Meccaniche Valli",
)


@pytest.fixture
def desk(house: House, qtbot: QtBot, tmp_path: pathlib.Path) -> Iterator[Desk]:
    add_debtors(
        house,
        *(
            Debtor(name, tuple((place * 9 + step * 7, f"{640 + place * 311 + step * 97}.50") for step in range(4)))
            for place, name in enumerate(NAMES)
        ),
        Debtor("Liceo Galilei", ((10, "300"),), iban=""),
        Debtor("Studio senza via", ((10, "40"),), street=""),
    )
    with house.owner() as connection:
        connection.execute("update base.bank_account set credit_line_amount = 50000, row_version = row_version + 1 where company_id = 1")
    session = house.log_in("carlo.conti")
    made = Desk(session, tmp_path)
    yield made
    qtbot.waitUntil(lambda: not made.background.is_busy(), timeout=8000)
    made.background.close()
    session.close()


@pytest.fixture
def shown(desk: Desk, qtbot: QtBot) -> tuple[BankEffectsDock, QMainWindow]:
    dock = BankEffectsDock(desk.workplace)
    window = show_dock(qtbot, dock, desk.registry, commands(dock))
    qtbot.waitUntil(lambda: dock.dashboard.figures is not None, timeout=5000)
    return dock, window


def press_in_question(key: Qt.Key, qtbot: QtBot) -> None:
    """Answers the next question with a key, as soon as it is there."""

    def answer() -> None:
        question = next((one for one in QApplication.allWidgets() if isinstance(one, Confirmation) and one.isVisible()), None)
        if question is None:
            QTimer.singleShot(20, answer)
            return
        target: QWidget = question.confirm_button if key == Qt.Key.Key_Return else question
        qtbot.keyClick(target, key)

    QTimer.singleShot(20, answer)


def shown_count(dock: BankEffectsDock, page: str) -> str:
    return dock.head.tabs._tab(page).count


def _present(dock: BankEffectsDock, qtbot: QtBot) -> None:
    qtbot.keyClick(dock, Qt.Key.Key_F2)
    qtbot.waitUntil(dock.presentation.confirm_button.isEnabled, timeout=5000)
    press_in_question(Qt.Key.Key_Return, qtbot)
    with qtbot.waitSignal(dock.presentation.presented, timeout=8000):
        qtbot.keyClick(dock.presentation, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_a_clerk_presents_by_keys_and_finds_the_file_on_disk(shown: tuple[BankEffectsDock, QMainWindow], desk: Desk, qtbot: QtBot) -> None:
    dock, window = shown
    qtbot.keyClick(dock, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: len(dock.presentation.preview.effects) > 0, timeout=5000)
    total = dock.presentation.preview.total
    picture(window, "effects-presentation")
    _present(dock, qtbot)
    picture(window, "effects-result")
    saved = list(desk.files.saved_to.glob("RIBA-*.txt"))
    assert len(saved) == 1
    records = read_riba(saved[0].read_bytes())
    assert Decimal(sum(record["cents"] for record in records if record["record"] == "14")) / 100 == total  # type: ignore[misc]
    assert dock.presentation.result.facts["records"].text().startswith(str(len(records)))
    assert desk.errors == []


def test_the_file_saved_again_from_the_batch_is_identical(shown: tuple[BankEffectsDock, QMainWindow], desk: Desk, qtbot: QtBot) -> None:
    dock, window = shown
    _present(dock, qtbot)
    first = next(desk.files.saved_to.glob("RIBA-*.txt"))
    content = first.read_bytes()
    first.unlink()
    dock.show_page_for("batches", record=dock.presentation.result.file.number)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: dock.batches.batch is not None and len(dock.batches.effects.rows()) > 0, timeout=5000)
    picture(window, "effects-batches")
    qtbot.keyClick(dock.batches, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(first.exists, timeout=5000)
    assert first.read_bytes() == content


def test_a_draft_can_be_cancelled_and_its_effects_come_back(shown: tuple[BankEffectsDock, QMainWindow], qtbot: QtBot) -> None:
    dock, _ = shown
    qtbot.keyClick(dock, Qt.Key.Key_F2)
    qtbot.waitUntil(dock.presentation.draft_button.isEnabled, timeout=5000)
    before = len(dock.presentation.preview.presentable)
    with qtbot.waitSignal(dock.presentation.drafted, timeout=5000):
        dock.presentation.draft_button.click()
    qtbot.waitUntil(lambda: not dock.presentation.preview.presentable, timeout=5000)
    dock.show_page("batches")
    qtbot.waitUntil(lambda: dock.batches.batch is not None and dock.batches.batch.state == "open", timeout=5000)
    press_in_question(Qt.Key.Key_Return, qtbot)
    dock.batches.cancel_batch()
    qtbot.waitUntil(lambda: dock.batches.batch is not None and dock.batches.batch.state == "cancelled", timeout=5000)
    dock.presentation.reload()
    qtbot.waitUntil(lambda: len(dock.presentation.preview.presentable) == before, timeout=5000)


def test_the_count_beside_presentation_goes_when_everything_is_presented(shown: tuple[BankEffectsDock, QMainWindow], qtbot: QtBot) -> None:
    dock, window = shown
    figures = dock.dashboard.figures
    assert figures is not None and figures.presentable.count
    assert shown_count(dock, "presentation") == str(figures.presentable.count)
    _present(dock, qtbot)
    dock.mark_changed({"bank_effects.effect"})
    assert dock.current_page() == "presentation"
    qtbot.waitUntil(lambda: shown_count(dock, "presentation") == "", timeout=5000)
    picture(window, "effects-counts")


def test_the_tile_of_what_can_be_presented_opens_the_same_preview(shown: tuple[BankEffectsDock, QMainWindow], qtbot: QtBot) -> None:
    dock, _ = shown
    figures = dock.dashboard.figures
    assert figures is not None and figures.presentable.count > 0
    dock.dashboard.presentable.click()
    assert dock.current_page() == "presentation"
    qtbot.waitUntil(lambda: dock.presentation.preview.total == figures.presentable.amount, timeout=5000)


@pytest.mark.parametrize("tile", ["presented", "line_used", "unpaid"])
def test_a_tile_opens_the_effects_behind_it(shown: tuple[BankEffectsDock, QMainWindow], qtbot: QtBot, tile: str) -> None:
    dock, _ = shown
    _present(dock, qtbot)
    dock.show_page("dashboard")
    dock.dashboard.reload()
    qtbot.waitUntil(lambda: dock.dashboard.figures is not None and dock.dashboard.figures.line_used.count > 0, timeout=5000)
    figures = dock.dashboard.figures
    assert figures is not None
    with qtbot.waitSignal(dock.effects.loaded, timeout=5000):
        getattr(dock.dashboard, tile).click()
    expected = {"presented": figures.presented_in_month, "line_used": figures.line_used, "unpaid": figures.unpaid}[tile]
    assert dock.current_page() == "effects"
    assert len(dock.effects.table.rows()) == expected.count
    assert sum(row.amount for row in dock.effects.table.rows()) == expected.amount


def test_a_bar_of_the_weeks_opens_the_effects_of_that_week(shown: tuple[BankEffectsDock, QMainWindow], qtbot: QtBot) -> None:
    dock, window = shown
    _present(dock, qtbot)
    dock.show_page("dashboard")
    dock.dashboard.reload()
    qtbot.waitUntil(lambda: dock.dashboard.figures is not None and dock.dashboard.figures.line_used.count > 0, timeout=5000)
    picture(window, "effects-dashboard")
    assert dock.dashboard.figures is not None
    place, week = next((place, week) for place, week in enumerate(dock.dashboard.figures.weeks) if week.count)
    with qtbot.waitSignal(dock.effects.loaded, timeout=5000):
        dock.dashboard.weeks.bar_clicked.emit(place)
    assert sum(row.amount for row in dock.effects.table.rows()) == week.amount
    picture(window, "effects-effects")


def test_customers_left_out_are_one_click_away(shown: tuple[BankEffectsDock, QMainWindow], desk: Desk, qtbot: QtBot) -> None:
    dock, window = shown
    dock.dashboard.checks[0].click()
    qtbot.waitUntil(lambda: len(dock.presentation.left_out.rows()) == 2, timeout=5000)
    assert dock.presentation.tables_stack.currentWidget() is dock.presentation.left_out
    picture(window, "effects-left-out")
    dock.presentation.left_out.row_opened.emit(dock.presentation.left_out.rows()[0])
    assert desk.went[0][:2] == ("customers", "customers")


def test_a_place_that_cannot_be_written_says_so_and_loses_nothing(
    shown: tuple[BankEffectsDock, QMainWindow], desk: Desk, qtbot: QtBot
) -> None:
    dock, _ = shown
    good, desk.files.saved_to = desk.files.saved_to, desk.files.saved_to / "missing"
    _present(dock, qtbot)
    assert dock.presentation.result.problem.isVisibleTo(dock.presentation.result)
    desk.files.saved_to = good
    dock.presentation.result.save_button.click()
    assert len(list(good.glob("RIBA-*.txt"))) == 1
