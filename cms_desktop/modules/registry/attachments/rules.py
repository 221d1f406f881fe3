"""Names, kinds and sizes of documents: pure."""

from __future__ import annotations

import mimetypes
import pathlib
import re
from typing import Literal

from cms_desktop.core import formats

LONGEST_NAME = 255
PREVIEW_MOST = 50 * 1024 * 1024  # bytes; a larger document is opened, not previewed
TEXT_MOST = 256 * 1024  # bytes of a text that a preview shows
Preview = Literal["pdf", "image", "text", ""]
PDF = frozenset({".pdf"})
IMAGES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".svg", ".ico"})
TEXTS = frozenset({".txt", ".csv", ".log", ".md", ".xml", ".json", ".eml", ".ini", ".sql", ".htm", ".html"})
PROGRAMS = frozenset({  # would run something when opened
    ".exe", ".com", ".bat", ".cmd", ".msi", ".msp", ".scr", ".pif", ".ps1", ".psm1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".wsh", ".hta",
    ".cpl", ".jar", ".lnk", ".reg", ".sh", ".bash", ".run", ".desktop", ".app", ".command", ".dll", ".appimage", ".url", ".inf",
})  # fmt: skip
_FORBIDDEN = re.compile(r"[/\\\x00-\x1f\x7f-\x9f]")
_FORBIDDEN_ON_DISK = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def stored_name(name: str) -> str:
    """A file name as the database takes it: no path, no control characters, not too long, its ending kept."""
    bare = _FORBIDDEN.sub("_", name).strip(" .") or "documento"
    if len(bare) <= LONGEST_NAME:
        return bare
    suffix = pathlib.PurePath(bare).suffix[:20]
    return bare[: LONGEST_NAME - len(suffix)] + suffix


def name_on_disk(name: str) -> str:
    """A stored name as every file system takes it; its ending, which says what opens it, is kept."""
    safe = _FORBIDDEN_ON_DISK.sub("_", stored_name(name))
    safe = f"_{safe}" if _RESERVED.match(safe) else safe
    suffix = pathlib.PurePath(safe).suffix
    while len(safe.encode()) > 200:
        safe = safe[: -len(suffix) - 1] + suffix if len(safe) > len(suffix) + 1 else safe[:50]
    return safe


def media_type_of(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def preview_of(suffix: str, byte_count: int) -> Preview:
    """How a document can be looked at inside the program."""
    if byte_count > PREVIEW_MOST:
        return ""
    for kind, suffixes in (("pdf", PDF), ("image", IMAGES), ("text", TEXTS)):
        if suffix in suffixes:
            return kind  # type: ignore[return-value]
    return ""


def is_program(suffix: str) -> bool:
    """Opening it would run it: it is only saved, by somebody who knows what they do."""
    return suffix in PROGRAMS


def size_text(byte_count: int) -> str:
    """12 kB, 3,4 MB."""
    if byte_count < 1024:
        return f"{byte_count}{formats.NBSP}B"
    if byte_count < 1024 * 1024:
        return f"{formats.number(round(byte_count / 1024))}{formats.NBSP}kB"
    return f"{byte_count / 1048576:.1f}".replace(".", ",") + f"{formats.NBSP}MB"


def decoded(content: bytes) -> str:
    """A text whatever wrote it: UTF-8 or UTF-16 by their marks, else UTF-8, else the Western Windows page."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start > len(content) - 4:  # cut in the middle of a letter
            return content[: error.start].decode("utf-8-sig")
        return content.decode("cp1252", errors="replace")
