"""The local server's life: made once, started by the first client, joined by the next ones, stopped by the last that leaves."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from cms_desktop.core.errors import ServerUnreachable
from cms_desktop.db.secret_store import forget_secret, keep_secret, read_secret

from .account import service_account
from .binaries import Binaries, find_binaries
from .failures import explain
from .locks import Clients, exclusive
from .postmaster import Postmaster, answers, end_orphans, free_port, living_postmaster, remove_stale_file
from .settings import ACCESS, FILE_NAME, settings_text

HOST = "127.0.0.1"
SUPERUSER = "postgres"
FOLDER_VARIABLE = "CMS_LOCAL_FOLDER"
FOLDER_FOR_ROOT = Path("/var/lib/cms-desktop")
START_SECONDS = 180
ATTEMPTS = 4


@dataclass(frozen=True)
class ServerAddress:
    """Where the local server answers, and its owner."""

    host: str
    port: int
    superuser: str
    password: str = field(repr=False)


def default_folder() -> Path:
    """Where this person's local server lives: `CMS_LOCAL_FOLDER`, or the usual place for programs' files."""
    if chosen := os.environ.get(FOLDER_VARIABLE):
        return Path(chosen)
    usual = Path(platformdirs.user_data_dir("CMS Desktop", appauthor=False)) / "server"
    return usual if service_account().may_enter(usual) else FOLDER_FOR_ROOT / "server"


class LocalServer:
    """One cluster in `folder`, shared by all clients of this computer that name the same folder.

    `throw_away`: fast and unsafe, for tests. `use_keyring` False keeps the owner's secret in a file beside the data.
    """

    def __init__(self, folder: Path, *, throw_away: bool = False, use_keyring: bool = True) -> None:
        self.folder = folder.absolute()
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self._throw_away = throw_away
        self._use_keyring = use_keyring and not throw_away
        self._account = service_account()
        self._clients = Clients(self.folder / "clients")

    def __enter__(self) -> ServerAddress:
        return self.ensure_running()

    def __exit__(self, *_: object) -> None:
        self.release()

    def ensure_running(self) -> ServerAddress:
        """Make the cluster if there is none, start it if it does not run, join it; every call may be repeated.

        Raises ServerUnreachable, whose text says what to do.
        """
        try:
            self._prepare_folder()
            with exclusive(self.folder / "server.lock"):
                if not self.data.is_dir():
                    self._create()
                running = self._settled()
                secret = self._secret()
                if secret is None:
                    secret = self._renew_secret(running)
                if running is None:
                    running = self._start()
                self._clients.join()
        except OSError as error:
            raise explain(str(error), self.folder) from error
        return ServerAddress(HOST, running.port, SUPERUSER, secret)

    def release(self) -> None:
        """Leave. The server stops when no other client of this computer uses it."""
        if not self._clients.has_joined:
            return
        with exclusive(self.folder / "server.lock"):
            self._clients.leave()
            if self._clients.count() == 0:
                self._stop()

    def remove(self) -> bool:
        """Remove everything, data included, if nobody uses it; whether that was done."""
        if not self.folder.is_dir():
            return False
        with exclusive(self.folder / "server.lock"):
            if self._clients.count() > 0:
                return False
            self._stop()
            forget_secret(self._secret_name(), fallback=self.folder / "secret")
            shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)  # Windows keeps a file that is open: the lock
        return True

    def stop(self) -> None:
        """Stop the server whoever uses it."""
        if self.folder.is_dir():
            with exclusive(self.folder / "server.lock"):
                self._clients.leave()
                self._stop()

    @property
    def is_running(self) -> bool:
        return living_postmaster(self.data) is not None

    @property
    def client_count(self) -> int:
        """How many clients use the server now."""
        return self._clients.count()

    # ── the cluster ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _prepare_folder(self) -> None:
        if not self._account.may_enter(self.folder):
            raise explain("Permission denied", self.folder)
        if not self.folder.is_dir():
            self.folder.mkdir(parents=True, mode=0o711 if self._account.is_another else 0o700)
        if not self._account.may_enter(self.folder):
            raise explain("Permission denied", self.folder)
        if not self.log.is_dir():
            self.log.mkdir(mode=0o700)
            self._account.own(self.log)

    def _create(self) -> None:
        """Made under another name and renamed at the end: a cluster is there whole or not at all."""
        draft = self.folder / "data.new"
        if draft.exists():
            shutil.rmtree(draft)
        draft.mkdir(mode=0o700)
        self._account.own(draft)
        secret = secrets.token_urlsafe(32)
        password_file = self._private_file("password", secret)
        try:
            answer = self._binaries().run("initdb", self._initdb_arguments(draft, password_file), workplace=self.folder)
        finally:
            password_file.unlink(missing_ok=True)
        if answer.exit_code != 0:
            raise explain(answer.output, self.folder, exit_code=answer.exit_code)
        (draft / "pg_hba.conf").write_text(ACCESS, encoding="utf-8")
        with (draft / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(f"\ninclude '{FILE_NAME}'\n")
        self._keep(secret)
        draft.rename(self.data)

    def _initdb_arguments(self, draft: Path, password_file: Path) -> list[str]:
        # UTF-8 with PostgreSQL's own rules, the same on every system: a backup made on one opens on any other
        arguments = ["-D", str(draft), "-U", SUPERUSER, "--auth=scram-sha-256", f"--pwfile={password_file}", "--encoding=UTF8"]
        arguments += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
        return arguments + (["--no-sync", "--no-data-checksums"] if self._throw_away else ["--data-checksums"])

    def _private_file(self, name: str, text: str) -> Path:
        handle, path = tempfile.mkstemp(prefix=f"{name}-", dir=self.folder)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text + "\n")
        self._account.own(Path(path))
        return Path(path)

    def _binaries(self) -> Binaries:
        return find_binaries(self.folder, self._account)

    # ── running ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _settled(self) -> Postmaster | None:
        """The server once it answers; None once it is gone. It may be recovering, or dying this very moment."""
        end = time.monotonic() + START_SECONDS
        while running := living_postmaster(self.data):
            if running.is_ready and answers(running.port):
                return running
            if time.monotonic() > end:
                raise explain("server did not start in time", self.folder)
            time.sleep(0.02)
        return None

    def _start(self) -> Postmaster:
        """Tried again when a port was taken meanwhile, or the processes of a killed server still hold on."""
        output = ""
        for attempt in range(ATTEMPTS):
            remove_stale_file(self.data)
            if attempt:
                end_orphans(self.data)
            output = self._start_once()
            if running := self._settled():
                return running
            if not any(sign in output for sign in ("could not bind", "pre-existing shared memory", "postmaster.pid")):
                break
            time.sleep(0.2 * (attempt + 1))
        raise explain(output, self.folder)

    def _start_once(self) -> str:
        """What was written while it started; empty when nothing went wrong."""
        self._write_settings()
        first_words = self.log / "start.log"
        first_words.unlink(missing_ok=True)
        arguments = ["start", "-D", str(self.data), "-l", str(first_words), "-w", "-s", "-t", str(START_SECONDS)]
        answer = self._binaries().run("pg_ctl", arguments, workplace=self.folder, seconds=START_SECONDS + 30)
        if answer.exit_code == 0:
            return ""
        return answer.output + "".join(_end_of(file) for file in (self._newest_log(), first_words) if file is not None)

    def _write_settings(self) -> None:
        port = free_port(self._kept_port())
        (self.folder / "server.json").write_text(json.dumps({"port": port}), encoding="utf-8")
        file = self.data / FILE_NAME
        file.write_text(settings_text(port, self.log, throw_away=self._throw_away, modules=self._binaries().modules()), encoding="utf-8")
        self._account.own(file)

    def _kept_port(self) -> int | None:
        with contextlib.suppress(OSError, ValueError, KeyError):
            return int(json.loads((self.folder / "server.json").read_text(encoding="utf-8"))["port"])
        return None

    def _newest_log(self) -> Path | None:
        return max(self.log.glob("postgresql-*.log"), key=lambda file: file.stat().st_mtime, default=None)

    def _stop(self) -> None:
        if living_postmaster(self.data) is None:
            return
        answer = self._binaries().run("pg_ctl", ["stop", "-D", str(self.data), "-m", "fast", "-w", "-s", "-t", "60"], workplace=self.folder)
        if answer.exit_code != 0 and living_postmaster(self.data) is not None:
            raise explain(answer.output, self.folder)

    # ── the owner's secret ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _secret_name(self) -> str:
        return f"local server {self.folder}"

    def _secret(self) -> str | None:
        file = self.folder / "secret"
        if self._use_keyring:
            return read_secret(self._secret_name(), fallback=file)
        return file.read_text(encoding="utf-8").strip() if file.exists() else None

    def _keep(self, secret: str) -> None:
        keep_secret(self._secret_name(), secret, fallback=self.folder / "secret", use_keyring=self._use_keyring)

    def _renew_secret(self, running: Postmaster | None) -> str:
        """The keyring lost the secret. Who owns the files of a stopped server may always set a new one."""
        if running is not None:
            raise ServerUnreachable(
                "Il server locale è già in uso da un'altra sessione di questo computer: chiudere l'altro CMS Desktop e riprovare.",
                key="local_server_busy",
            )
        remove_stale_file(self.data)
        self._write_settings()
        secret = secrets.token_urlsafe(32)
        order = f"alter role {SUPERUSER} password '{secret}'\n"
        arguments = ["--single", "-D", str(self.data), "-c", "logging_collector=off", "template1"]
        answer = self._binaries().run("postgres", arguments, workplace=self.folder, typed=order)
        if answer.exit_code != 0 or "ERROR" in answer.output:
            raise explain(answer.output, self.folder, exit_code=answer.exit_code)
        self._keep(secret)
        return secret


def _end_of(file: Path, size: int = 8192) -> str:
    """The last words of a log."""
    if not file.exists():
        return ""
    with file.open("rb") as stream:
        stream.seek(max(0, file.stat().st_size - size))
        return stream.read().decode(errors="replace")
