"""Order, width and visibility of the columns by key: how the user arranged a list, and back."""

from __future__ import annotations

from typing import Any

from .columns import TICK, Column
from .header import FilterHeader

LEAST_TEXT, LEAST_SHARE = 90, 0.55  # how far a text column may be narrowed


class ColumnLayout:
    """Widths the user gave; a stretching column takes what is left but never less than its own width."""

    def __init__(self, columns: tuple[Column, ...], header: FilterHeader) -> None:
        self._columns, self._header = columns, header
        self._widths = {column.key: column.width for column in columns}
        self._hidden = {column.key for column in columns if column.hidden}
        self._fitting = False

    def reset(self) -> None:
        """As the module defined it."""
        self._widths = {column.key: column.width for column in self._columns}
        self.set_order([column.key for column in self._columns])
        self._hidden = {column.key for column in self._columns if column.hidden}
        self._apply_hidden(self._hidden)

    def note_width(self, index: int, width: int) -> bool:
        """A section was resized; true when the user did it."""
        if self._fitting or width == 0 or self._header.isSectionHidden(index):
            return False
        self._widths[self._columns[index].key] = width
        return True

    def fit(self, room: int) -> None:
        """Give every section its width; what is left of `room` pixels goes to the stretching ones.

        When there is too little room, columns that may give way go out of sight, those with the greatest `gives_way` first.
        """
        self._apply_hidden(self._hidden | self._giving_way(room))
        shown = [(index, self._columns[index]) for index in self._header.visual_order()]
        stretching = [index for index, column in shown if column.stretch]
        widths = self._narrowed([column for _, column in shown], room)
        spare = max(0, room - sum(widths.values()))
        self._fitting = True
        for index, column in shown:
            more = spare // len(stretching) if index in stretching else 0
            width = widths[column.key] + more
            if self._header.sectionSize(index) != width:
                self._header.resizeSection(index, width)
        self._fitting = False

    def _narrowed(self, shown: list[Column], room: int) -> dict[str, int]:
        """The widths, those of texts smaller where that brings every column into sight; what the user widened stays."""
        widths = {column.key: self._widths[column.key] for column in shown}
        over = sum(widths.values()) - room
        texts = [one for one in shown if one.kind in ("text", "strong", "two-line") and widths[one.key] == one.width]
        spare = {one.key: max(0, one.width - max(LEAST_TEXT, round(one.width * LEAST_SHARE))) for one in texts}
        if 0 < over <= sum(spare.values()):
            for stretches in (False, True):  # what stretches is what the list is about: it gives last
                group = {one.key: spare[one.key] for one in texts if one.stretch == stretches}
                taken = min(over, sum(group.values()))
                over -= _take(widths, group, taken)
        return widths

    def _giving_way(self, room: int) -> set[str]:
        wanted = [column for column in self._columns if column.key not in self._hidden]
        over = sum(self._widths[column.key] for column in wanted) - room
        gone: set[str] = set()
        for column in sorted((column for column in wanted if column.gives_way), key=lambda column: -column.gives_way):
            if over <= 0:
                break
            gone.add(column.key)
            over -= self._widths[column.key]
        return gone

    def _apply_hidden(self, keys: set[str]) -> None:
        for index, column in enumerate(self._columns):
            if self._header.isSectionHidden(index) != (column.key in keys):
                self._header.setSectionHidden(index, column.key in keys)

    def order(self) -> list[str]:
        return [self._columns[self._header.logicalIndex(place)].key for place in range(self._header.count())]

    def set_order(self, keys: list[str]) -> None:
        """Unknown keys are passed over; columns not named keep their place at the end. The tick column stays first."""
        known = {column.key: index for index, column in enumerate(self._columns)}
        named = [key for key in keys if key in known and key != TICK]
        wanted = [key for key in known if key == TICK] + named + [key for key in known if key not in named and key != TICK]
        for place, key in enumerate(wanted):
            self._header.moveSection(self._header.visualIndex(known[key]), place)

    def set_hidden(self, key: str, hidden: bool) -> None:
        """As the user wants it, whatever gives way at the moment."""
        for index, column in enumerate(self._columns):
            if column.key == key and not column.locked and key != TICK:
                (self._hidden.add if hidden else self._hidden.discard)(key)
                self._header.setSectionHidden(index, hidden)

    def hidden(self) -> list[str]:
        return [column.key for column in self._columns if column.key in self._hidden]

    def state(self) -> dict[str, Any]:
        return {"order": self.order(), "widths": dict(self._widths), "hidden": self.hidden()}

    def restore(self, state: dict[str, Any]) -> None:
        self.set_order(list(state.get("order", [])))
        self._widths |= {key: int(width) for key, width in state.get("widths", {}).items() if key in self._widths and int(width) > 0}
        if "hidden" in state:
            for column in self._columns:
                self.set_hidden(column.key, column.key in state["hidden"])


def _take(widths: dict[str, int], spare: dict[str, int], wanted: int) -> int:
    """Narrow by `wanted` pixels in all, each by its share of what it has to spare; returns what was taken."""
    left, whole = wanted, sum(spare.values())
    for key, less in spare.items():
        share = min(left, -(-wanted * less // whole)) if whole else 0
        widths[key] -= share
        left -= share
    return wanted - left
