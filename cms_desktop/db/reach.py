"""Does a server answer at all? Asked before anybody types a password, so that the login window can say it."""

from __future__ import annotations

import socket
import time

from cms_desktop.core.errors import ServerUnreachable
from cms_desktop.db.profile import ConnectionProfile

SECONDS = 3.0


def answer_time(profile: ConnectionProfile) -> float:
    """Seconds until the first host of the profile that answers took a connection. Raises ServerUnreachable when none does."""
    hosts, ports = profile.host_list()
    for host, port in zip(hosts.split(","), ports.split(","), strict=True):
        began = time.perf_counter()
        try:
            with socket.create_connection((host, int(port)), timeout=SECONDS):
                return time.perf_counter() - began
        except OSError:
            continue
    raise ServerUnreachable("Il server «{hosts}» non risponde: controlla la rete o scegli un altro profilo.", hosts=profile.hosts)
