"""A sender in a process of its own, to be killed: host and port of the server, database, certificate."""

from __future__ import annotations

import ssl
import sys

from cms_desktop.db.login import log_in
from cms_desktop.db.profile import ConnectionProfile
from cms_desktop.modules.base.mail import sender
from tests.house import PASSWORD

if __name__ == "__main__":
    place, database, certificate = sys.argv[1:]
    session = log_in(ConnectionProfile("prova", place, database, is_local=True, role_prefix="house"), "marta.bellini", PASSWORD)
    print("ready", flush=True)
    sender.send_due(lambda: session.database.unit_of_work(1), context=ssl.create_default_context(cafile=certificate), pause=lambda _s: None)
