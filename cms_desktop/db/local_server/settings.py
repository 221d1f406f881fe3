"""What the server is told: tuned for one computer that also runs the client."""

from __future__ import annotations

from pathlib import Path

import psutil

MEGABYTE = 1024 * 1024
FILE_NAME = "cms.conf"
AUTH_DELAY = "auth_delay"

ACCESS = """\
# Everyone gives a password, the owner included; nobody comes from outside this computer.
host all all 127.0.0.1/32 scram-sha-256
"""


def settings_text(port: int, log_folder: Path, *, throw_away: bool = False, modules: frozenset[str] = frozenset()) -> str:
    """The text of `cms.conf`. `throw_away` gives up durability for speed: for tests only. `modules`: the server's own that are there."""
    settings = {
        "listen_addresses": "'127.0.0.1'",
        "port": str(port),
        "unix_socket_directories": "''",
        "max_connections": "100",
        "password_encryption": "'scram-sha-256'",
        "jit": "off",
        "random_page_cost": "1.1",
        "max_locks_per_transaction": "256",
        "default_statistics_target": "200",
        "timezone": "'Europe/Rome'",
        "datestyle": "'iso, dmy'",
        "default_text_search_config": "'pg_catalog.italian'",
        **_memory(psutil.virtual_memory().total),
        **_writing(throw_away),
        **_logging(log_folder),
        **(_slow_door() if AUTH_DELAY in modules and not throw_away else {}),
    }
    return "".join(f"{name} = {value}\n" for name, value in settings.items())


def _slow_door() -> dict[str, str]:
    """After a wrong password the server waits before it answers: guessing becomes slow, a typing error is hardly noticed."""
    return {"shared_preload_libraries": f"'{AUTH_DELAY}'", "auth_delay.milliseconds": "500"}


def _memory(total_bytes: int) -> dict[str, str]:
    total = total_bytes // MEGABYTE
    return {
        "shared_buffers": f"{max(64, min(total // 4, 2048))}MB",
        "effective_cache_size": f"{max(128, total // 2)}MB",
        "work_mem": f"{max(8, min(total // 256, 64))}MB",
        "maintenance_work_mem": f"{max(64, min(total // 16, 512))}MB",
    }


def _writing(throw_away: bool) -> dict[str, str]:
    common = {"max_wal_size": "2GB", "checkpoint_timeout": "15min", "checkpoint_completion_target": "0.9"}
    if not throw_away:
        return common | {"min_wal_size": "256MB", "wal_compression": "on", "wal_buffers": "16MB"}
    return common | {
        "shared_buffers": "256MB",
        "max_wal_size": "1GB",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "autovacuum_naptime": "5min",
    }


def _logging(folder: Path) -> dict[str, str]:
    """A file per weekday, overwritten after a week; parameters of statements (personal data) are not written."""
    return {
        "logging_collector": "on",
        "log_destination": "'stderr,jsonlog'",  # refused passwords are read from the latter: see server_schema/code/base/60_refusals.sql
        "log_hostname": "off",
        "log_directory": quoted(folder.as_posix()),
        "log_filename": "'postgresql-%a.log'",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": "50MB",
        "log_line_prefix": "'%m [%p] %q%u@%d '",
        "log_timezone": "'Europe/Rome'",
        "log_min_duration_statement": "'2s'",
        "log_parameter_max_length": "0",
        "log_checkpoints": "off",
        "lc_messages": "'C'",
    }


def quoted(text: str) -> str:
    """A text as postgresql.conf writes it."""
    return "'" + text.replace("'", "''") + "'"
