"""The list widget of every module: RecordTable and what describes it."""

from .columns import TICK, Column, Density, Kind, Noun, cell_text, clipboard_text
from .model import RecordTableModel, Ticks
from .table import RecordTable

__all__ = ["TICK", "Column", "Density", "Kind", "Noun", "RecordTable", "RecordTableModel", "Ticks", "cell_text", "clipboard_text"]
