"""Charts. Axes by pyqtgraph; ageing bars, rankings and the bridge are painted (a dozen rectangles need no plot library).

Every bar, band and point is a way to its rows: it can be clicked, reached with Tab and the arrows, and opened with Enter.
"""

from .ageing import AgeingBar, AgeingList, AgeingRow
from .bars import MonthlyBars
from .bridge import Bridge
from .lines import LineChart
from .ranking import HorizontalBars

__all__ = ["AgeingBar", "AgeingList", "AgeingRow", "Bridge", "HorizontalBars", "LineChart", "MonthlyBars"]
