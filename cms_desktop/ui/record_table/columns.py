"""What a column of a list is, and how its values read as text (on the screen, in the clipboard, for a screen reader)."""

from __future__ import annotations

import datetime
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from cms_desktop.core import formats
from cms_desktop.core.filter_text import FilterKind
from cms_desktop.core.listing import Value

from ..tokens import ROW, ROW_COMFORT, ROW_COMPACT

Kind = Literal[
    "text", "strong", "code", "date", "datetime", "int", "money", "delta", "percent", "chip", "flags", "check", "icon", "two-line", "tick"
]
Density = Literal["compact", "normal", "ample"]
Choices = Sequence[tuple[Value, str]]

RIGHT = frozenset({"int", "money", "delta", "percent"})
PAD = 12
TICK = "_tick"
ROW_HEIGHTS: dict[Density, int] = {"compact": ROW_COMPACT, "normal": ROW, "ample": ROW_COMFORT}
TWO_LINES_MORE = 12  # pixels a row with two lines is taller


class Noun(NamedTuple):
    """What the rows are called: Noun("fattura", "fatture", feminine=True)."""

    singular: str
    plural: str
    feminine: bool = False

    def counted(self, count: int) -> str:
        return f"{formats.number(count)}{formats.NBSP}{self.singular if count == 1 else self.plural}"


@dataclass(frozen=True)
class Column:
    """One column. `value` reads the cell from a record (default: the attribute named `key`).

    Cell values by kind: plain values; chip (text, tone) or (text, tone, icon); flags a list of chips; icon (name, tone) or
    (name, tone, spoken text); two-line (first, second); check a bool. `tone` colours the text: second, muted, negative,
    warning, positive, accent. `total` asks for the sum in the totals row. A `locked` column cannot be hidden. In too narrow
    a list the columns with the greatest `gives_way` go out of sight first; 0 never does.
    """

    key: str
    title: str
    value: Callable[[Any], Any] | None = None
    kind: Kind = "text"
    width: int = 100
    stretch: bool = False
    filter: FilterKind = "text"
    choices: Choices = ()
    filter_hint: str = ""
    sortable: bool = True
    tone: Callable[[Any], str] | None = None
    total: bool = False
    total_tone: str = ""
    hidden: bool = False
    gives_way: int = 0
    locked: bool = False

    def reader(self) -> Callable[[Any], Any]:
        return self.value or operator.attrgetter(self.key)


def left_pad(is_first: bool, kind: str) -> int:
    """The first column lines up with the card's title, 16 px in."""
    return PAD + 4 if is_first and kind != "tick" else PAD


def cell_text(value: Any, kind: str) -> str:
    """The cell as text, Italian formats."""
    if value is None or value == "":
        return ""
    match kind:
        case "money":
            return formats.amount(value)
        case "delta":
            return formats.signed(value)
        case "percent":
            return formats.signed(value, 1, "%")
        case "int":
            return formats.number(value)
        case "chip":
            return str(value[0])
        case "flags":
            return ", ".join(flag[0] for flag in value)
        case "two-line":
            return " · ".join(part for part in value if part)
        case "icon":
            return str(value[2]) if len(value) > 2 else ""
        case "check" | "tick":
            return "✓" if value else ""
    if isinstance(value, datetime.datetime):
        local = value.astimezone() if value.tzinfo else value
        return f"{formats.date(local)} {local:%H:%M}" if kind == "datetime" else formats.date(local)
    if isinstance(value, datetime.date):
        return formats.date(value)
    return str(value)


def clipboard_text(value: Any, kind: str) -> str:
    """The cell for a spreadsheet: a plain minus, no no-break spaces, nothing that would break the line."""
    text = cell_text(value, kind).replace(formats.MINUS, "-").replace(formats.NBSP, " ")
    return " ".join(text.split())
