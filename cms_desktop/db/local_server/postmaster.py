"""Is the server of a data directory alive? Looked up in the file PostgreSQL leaves there, never believed without a process."""

from __future__ import annotations

import contextlib
import random
import socket
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

PORTS = range(15432, 15932)
CLOCK_SECONDS = 60


@dataclass(frozen=True)
class Postmaster:
    """A living server process. `is_ready`: it takes connections."""

    process_id: int
    port: int
    is_ready: bool


def living_postmaster(data: Path) -> Postmaster | None:
    """The server of this data directory; None when there is none, even if a dead one left its file behind."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        process_id, started = int(lines[0]), int(lines[2])
    except (OSError, ValueError, IndexError):
        return None
    if not _is_server(process_id, started, data):
        return None
    port = int(lines[3]) if len(lines) > 3 and lines[3].strip().isdigit() else 0
    return Postmaster(process_id, port, len(lines) > 7 and lines[7].strip() == "ready")


def answers(port: int) -> bool:
    """Whether a PostgreSQL server speaks there: asked whether it offers TLS (protocol 3.0, SSLRequest), it says yes or no."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            line.sendall(struct.pack("!ii", 8, 80877103))
            return line.recv(1) in (b"S", b"N")
    except OSError:
        return False


def remove_stale_file(data: Path) -> None:
    """A dead server's file names a process number that another program may have by now: PostgreSQL would then refuse to start."""
    if living_postmaster(data) is None:
        (data / "postmaster.pid").unlink(missing_ok=True)


def end_orphans(data: Path) -> None:
    """End the processes that outlived a killed server of this data directory: they still hold its shared memory."""
    orphans = [process for process in psutil.process_iter(["name"]) if _is_orphan(process, data)]
    for process in orphans:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(orphans, timeout=5)


def free_port(preferred: int | None) -> int:
    """`preferred` if nobody listens there, else a free one of our range, else any. By chance: two servers may be choosing now."""
    for port in (*([preferred] if preferred else []), *random.sample(PORTS, len(PORTS))):
        if _is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        if sys.platform == "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _is_server(process_id: int, started: int, data: Path) -> bool:
    """The same process, not another one that got its number: it works in the directory, or began when the file says."""
    try:
        process = psutil.Process(process_id)
        if process.status() == psutil.STATUS_ZOMBIE or not process.name().lower().startswith("postgres"):
            return False
        return _works_in(process, data) or abs(process.create_time() - started) < CLOCK_SECONDS
    except psutil.Error:
        return False


def _is_orphan(process: psutil.Process, data: Path) -> bool:
    return (process.info["name"] or "").lower().startswith("postgres") and _works_in(process, data)


def _works_in(process: psutil.Process, data: Path) -> bool:
    """Whether the process works in the data directory, as every process of a server does."""
    with contextlib.suppress(psutil.Error, OSError):
        return Path(process.cwd()) == data.resolve()
    return False
