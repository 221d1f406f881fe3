"""Every screen of Base, Registry and Customers at 100 and at 150 %: no word is cut off, no button lies beyond the edge."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from cms_desktop.db.profile import ProfileStore
from tests.house import PASSWORD, House
from tests.modules.everywhere.draw_pages import cut_words
from tests.modules.everywhere.forms import CASES

LEAST_DRAWN = 40


def test_a_word_that_does_not_fit_is_found(qtbot: Any) -> None:
    top = QWidget()
    qtbot.addWidget(top)
    top.resize(300, 100)
    short, long, press, beyond = (
        QLabel("va bene", top),
        QLabel("una parola troppo lunga", top),
        QPushButton("Salva tutto", top),
        QLabel("oltre", top),
    )
    for place, (one, width) in enumerate(((short, 90), (long, 40), (press, 20), (beyond, 80))):
        one.setGeometry(260 if one is beyond else 4, 24 * place, width, 20)
    top.show()
    found = cut_words(top)
    assert len(found) == 3 and not any("va bene" in one for one in found)


@pytest.mark.parametrize(("factor", "size"), [("1", ("1600", "1000")), ("1", ("1280", "800")), ("1.5", ("1280", "720"))])
def test_nothing_is_cut_off(factor: str, size: tuple[str, str], house: House, tmp_path: pathlib.Path) -> None:
    session = house.log_in("anna.admin")
    with session.database.unit_of_work(1) as unit:
        for case in CASES:
            if case.name in ("contract", "contact person", "type of service"):
                case.arrange(unit)
    session.close()
    ProfileStore(tmp_path / "client.json").save([house.profile])
    pictures = os.environ.get("CMS_PICTURES")
    if pictures:
        folder = pathlib.Path(pictures) / f"{factor}-{size[0]}x{size[1]}"
        folder.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": factor}
    command = [sys.executable, "-m", "tests.modules.everywhere.draw_pages", str(tmp_path), "anna.admin", PASSWORD, *size]
    done = subprocess.run(
        [*command, *([str(folder)] if pictures else [])], env=environment, stdout=subprocess.PIPE, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.returncode
    found = json.loads(done.stdout.strip().splitlines()[-1])
    assert found["drawn"] >= LEAST_DRAWN
    assert sorted(set(found["cut"])) == []
