"""Tiles of differences from the period before: each is a filter of the rows below."""

from __future__ import annotations

from cms_desktop.core import formats
from cms_desktop.modules.billing.records import Difference, RunDifferences
from cms_desktop.ui.filter_tiles import FilterTile, FilterTiles
from cms_desktop.ui.translation import translator

tr = translator("billing")


class DifferenceTiles(FilterTiles):
    """The tiles of a run; the mark is the key of the list column that is true in its rows."""

    def __init__(self) -> None:
        super().__init__(
            (
                FilterTile("is_new", tr("Nuovi"), "plus", "positive"),
                FilterTile("is_first", tr("Mai fatturati"), "sparkles", "positive"),
                FilterTile("is_ended", tr("Cessati"), "minus", "negative"),
                FilterTile("is_price_changed", tr("Prezzo cambiato"), "percent", "neutral"),
                FilterTile("is_beyond", tr("Fuori soglia"), "triangle-alert", "warning"),
                FilterTile("is_caught_up", tr("Recuperi"), "history", "warning"),
                FilterTile("is_blocked", tr("Bloccati"), "ban", "negative"),
            )
        )

    def set_differences(self, found: RunDifferences) -> None:
        def show(mark: str, difference: Difference, effect: str) -> None:
            self.tiles[mark].set_figures(formats.number(difference.count), effect if difference.count else "")

        for mark, difference in (
            ("is_first", found.first),
            ("is_caught_up", found.caught_up),
            ("is_new", found.new),
            ("is_ended", found.ended),
            ("is_price_changed", found.price),
        ):
            show(mark, difference, formats.signed(difference.effect, unit="€"))
        show("is_beyond", found.beyond, tr("da guardare"))
        self.tiles["is_caught_up"].setVisible(bool(found.caught_up.count))
        show("is_blocked", found.blocked, tr("esclusi dal lancio"))
