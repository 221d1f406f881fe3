"""Reads a RiBa file by its layout table, field by field, knowing nothing of the writer."""

import csv
import datetime
import pathlib
from collections import defaultdict

LAYOUT = defaultdict(list)
with (pathlib.Path(__file__).parent / "riba_layout.csv").open(encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file):
        LAYOUT[row["record"]].append((int(row["from"]), int(row["to"]), row["kind"], row["field"]))


def read_riba(content: bytes) -> list[dict[str, object]]:
    """The records in order; positions outside the layout must be blank."""
    assert content.endswith(b"\r\n") and content.count(b"\n") == content.count(b"\r\n")
    return [read_line(line) for line in content.decode("ascii").split("\r\n")[:-1]]


def read_line(line: str) -> dict[str, object]:
    assert len(line) == 120 and line[0] == " " and line == line.upper()
    record: dict[str, object] = {"record": line[1:3]}
    rest = list(line[3:])
    for start, end, kind, field in LAYOUT[line[1:3]]:
        text = line[start - 1 : end]
        rest[start - 4 : end - 3] = " " * (end - start + 1)
        record[field] = value_of(text, kind)
    assert not "".join(rest).strip(), f"signs outside the layout in {line}"
    return record


def value_of(text: str, kind: str) -> object:
    if kind == "text":
        assert not text.startswith(" ") or not text.strip(), f"not at the left: {text!r}"
        return text.rstrip()
    assert text.isdigit(), f"not digits: {text!r}"
    if kind == "date":
        return datetime.datetime.strptime(text, "%d%m%y").date()
    return int(text) if kind == "number" else text
