"""Connection profiles: which server, how to reach it. Kept in a file of the post; never with a password."""

from __future__ import annotations

import json
import pathlib
from dataclasses import asdict, dataclass, field

import platformdirs

from cms_desktop.core.errors import InvalidInput

APP = "cms-desktop"


@dataclass(frozen=True)
class ConnectionProfile:
    """A server by name. `hosts` is one host or several, ``db1.lan:5432,db2.lan``: the first that accepts writing is used.

    A remote profile always speaks TLS with a verified certificate (`verify-full`); there is no fall-back to plain.
    """

    name: str
    hosts: str
    database: str = "cms"
    root_certificate: str = ""
    is_local: bool = False
    last_login: str = ""
    role_prefix: str = ""  # of the login roles, when it is not the database's name (a copy of a database)

    def role_of(self, login: str) -> str:
        """Name of a person's login role on the server."""
        return f"{self.role_prefix or self.database}_{login}"

    def host_list(self) -> tuple[str, str]:
        """(hosts, ports) as libpq wants them. Raises InvalidInput for a malformed port."""
        hosts, ports = [], []
        for part in self.hosts.split(","):
            host, _, port = part.strip().rpartition(":") if ":" in part else (part.strip(), "", "5432")
            if not host or not (port.isascii() and port.isdigit()) or not 0 < int(port) < 65536:
                raise InvalidInput(
                    "Il server «{part}» non è scritto bene: usa nome:porta, per esempio cms.lan:5432", field="hosts", part=part
                )
            hosts.append(host)
            ports.append(port)
        return ",".join(hosts), ",".join(ports)

    def connection_words(self) -> dict[str, object]:
        """Keywords of psycopg.connect without user and password."""
        hosts, ports = self.host_list()
        words: dict[str, object] = {
            "host": hosts, "port": ports, "dbname": self.database, "connect_timeout": 6, "target_session_attrs": "read-write",
            "keepalives_idle": 20, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30_000,
        }  # fmt: skip
        if self.is_local:
            words |= {"sslmode": "disable", "require_auth": "scram-sha-256"}
        else:
            words |= {
                "sslmode": "verify-full", "sslrootcert": self.root_certificate or "system",
                "channel_binding": "require", "require_auth": "scram-sha-256",
            }  # fmt: skip
        return words


LOCAL = ConnectionProfile("Questa postazione", "127.0.0.1", is_local=True)


@dataclass
class ProfileStore:
    """The profiles of this post, most recently used first; the local server is always among them."""

    file: pathlib.Path = field(default_factory=lambda: platformdirs.user_config_path(APP) / "profiles.json")

    def load(self) -> list[ConnectionProfile]:
        try:
            stored = [ConnectionProfile(**entry) for entry in json.loads(self.file.read_text(encoding="utf-8"))]
        except (OSError, ValueError, TypeError):
            stored = []
        return stored if any(profile.is_local for profile in stored) else [*stored, LOCAL]

    def save(self, profiles: list[ConnectionProfile]) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.file.with_suffix(".new")
        fresh.write_text(json.dumps([asdict(profile) for profile in profiles], indent=1, ensure_ascii=False), encoding="utf-8")
        fresh.replace(self.file)

    def remember(self, profile: ConnectionProfile) -> None:
        """Put the profile first, replacing one of the same name."""
        self.save([profile, *(other for other in self.load() if other.name != profile.name)])
