"""Runs the tour: `python -m cms_desktop.day_tour --folder DIR [--readme]`."""

from __future__ import annotations

import argparse
import os
import pathlib
import sys
import tempfile
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from cms_desktop.app import Program, make_app
from cms_desktop.core.errors import AppError
from cms_desktop.day_tour.copied import copied_demo
from cms_desktop.day_tour.day import Day
from cms_desktop.day_tour.hands import Hands, TourFiles, TourStopped
from cms_desktop.db.profile import ProfileStore
from cms_desktop.ui.post import Post

ROOT = pathlib.Path(__file__).parents[2]
LIST_TO_IMPORT = ROOT / "resources" / "demo" / "elenco_clienti.csv"
README_PICTURES = (
    "dashboard-billing-light", "dashboard-billing-dark", "run-preview-light", "customers-light", "riba-preview-light", "palette-dark",
)  # fmt: skip
README_WIDTH, README_BYTES = 1120, 300_000


def main() -> int:
    parser = argparse.ArgumentParser(prog="day_tour", description="A day's work of the program, as pictures and documents.")
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    parser.add_argument("--readme", action="store_true", help="also write the pictures of the README into docs/pictures")
    options = parser.parse_args()
    folder: pathlib.Path = options.folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    began = time.monotonic()
    try:
        hands = tour(folder)
        if options.readme:
            write_readme_pictures(hands.pictures)
    except (TourStopped, AppError) as error:
        print(f"The tour stopped: {error}", file=sys.stderr, flush=True)
        return 1
    print(f"{len(hands.pictures)} pictures and the documents are in {folder} ({time.monotonic() - began:.0f} s)", flush=True)
    return 0


def tour(folder: pathlib.Path) -> Hands:
    """Drive a program of its own, with its own small files, over a copy of the demo database."""
    app = make_app([sys.argv[0]])
    hands = Hands(app, folder)
    with tempfile.TemporaryDirectory(prefix="cms-tour-") as place, copied_demo() as profile:
        store = ProfileStore(pathlib.Path(place) / "profiles.json")
        store.save([profile])
        files = TourFiles(folder, LIST_TO_IMPORT)
        program = Program(app, Post("giro", pathlib.Path(place) / "post.json"), files, profiles=store)
        Day(program, hands, files).work()
    return hands


def write_readme_pictures(pictures: list[pathlib.Path]) -> None:
    """Smaller copies of a few, under 300 kB each."""
    target = ROOT / "docs" / "pictures"
    target.mkdir(parents=True, exist_ok=True)
    found = {path.stem.split("-", 1)[1]: path for path in pictures}
    for name in README_PICTURES:
        image = QImage(str(found[name])).scaledToWidth(README_WIDTH, Qt.TransformationMode.SmoothTransformation)
        copy = target / f"{name}.png"
        image.convertToFormat(QImage.Format.Format_RGB888).save(str(copy))
        if copy.stat().st_size > README_BYTES:
            raise TourStopped(f"expected: {copy.name} under {README_BYTES} bytes, has {copy.stat().st_size}")


if __name__ == "__main__":
    sys.exit(main())
