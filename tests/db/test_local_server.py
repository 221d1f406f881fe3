"""The local server: made once, shared, protected by a password, back after any kill."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from cms_desktop.core.errors import ServerUnreachable
from cms_desktop.db.local_server import LocalServer, ServerAddress, binaries, default_folder
from cms_desktop.db.local_server.account import Account, service_account
from cms_desktop.db.local_server.failures import explain
from cms_desktop.db.local_server.locks import Clients, FileLock
from cms_desktop.db.local_server.postmaster import free_port, living_postmaster
from cms_desktop.db.local_server.settings import settings_text
from tests.cluster import create_database, drop_database, owner_connection, template_database

ROOT = Path(__file__).parents[2]
CLIENT = """
import sys, time
from pathlib import Path
from cms_desktop.db.local_server import LocalServer
server = LocalServer(Path(sys.argv[1]), throw_away=True)
print(server.ensure_running().port, flush=True)
sys.stdin.readline()
server.release()
"""


def connected(address: ServerAddress, **changes: object) -> psycopg.Connection:
    parts = {"host": address.host, "port": address.port, "user": address.superuser, "password": address.password, "dbname": "postgres"}
    return psycopg.connect(**(parts | changes), autocommit=True, connect_timeout=5)


def start_client(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CLIENT, str(folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def line_of(client: subprocess.Popen[str]) -> int:
    """The port, which the client says once it is connected."""
    assert client.stdout is not None
    return int(client.stdout.readline())


def another_client(folder: Path) -> subprocess.Popen[str]:
    client = start_client(folder)
    assert line_of(client) > 0
    return client


def test_what_was_stored_is_there_after_a_restart_on_the_same_port(server_folder: Path) -> None:
    server = LocalServer(server_folder, throw_away=True)
    first = server.ensure_running()
    with connected(first) as connection:
        connection.execute("create table kept as select 42 as answer")
    server.release()
    assert not server.is_running
    began = time.perf_counter()
    second = LocalServer(server_folder, throw_away=True).ensure_running()
    assert time.perf_counter() - began < 3
    assert second == first
    with connected(second) as connection:
        assert connection.execute("select answer from kept").fetchone() == (42,)


def test_nobody_enters_without_the_password_not_even_the_owner(server_folder: Path) -> None:
    with LocalServer(server_folder, throw_away=True) as address:
        for wrong in ("", "postgres", address.password + "x"):
            with pytest.raises(psycopg.OperationalError):
                connected(address, password=wrong)
        with connected(address) as connection:
            rules = connection.execute("select distinct auth_method from pg_hba_file_rules").fetchall()
            verifier = connection.execute("select rolpassword from pg_authid where rolname = 'postgres'").fetchone()
            sockets = connection.execute("select setting from pg_settings where name = 'unix_socket_directories'").fetchone()
            listening = connection.execute("show listen_addresses").fetchone()
    assert rules == [("scram-sha-256",)]
    assert verifier is not None and verifier[0].startswith("SCRAM-SHA-256$")
    assert sockets == ("",)
    assert listening == ("127.0.0.1",)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_the_secret_and_the_data_are_closed_to_others(server_folder: Path) -> None:
    with LocalServer(server_folder, throw_away=True):
        for closed in ("secret", "data", "log", "clients"):
            assert stat.S_IMODE((server_folder / closed).stat().st_mode) & 0o077 == 0, closed
        assert not list(server_folder.glob("password-*"))


def test_two_clients_share_it_and_the_last_one_stops_it(server_folder: Path) -> None:
    mine = LocalServer(server_folder, throw_away=True)
    port = mine.ensure_running().port
    other = another_client(server_folder)
    assert mine.client_count == 2
    mine.release()
    assert mine.is_running
    other.communicate("leave\n", timeout=60)
    assert not mine.is_running
    assert port


def test_clients_that_start_at_the_same_moment_make_one_server(server_folder: Path) -> None:
    starting = [start_client(server_folder) for _ in range(4)]
    ports = {line_of(client) for client in starting}
    assert len(ports) == 1
    assert LocalServer(server_folder, throw_away=True).client_count == 4
    for client in starting:
        client.communicate("leave\n", timeout=60)
    assert not LocalServer(server_folder, throw_away=True).is_running


def test_a_server_in_use_is_not_removed(server_folder: Path) -> None:
    server = LocalServer(server_folder, throw_away=True)
    server.ensure_running()
    assert not LocalServer(server_folder, throw_away=True).remove()
    assert server.is_running
    server.release()
    assert server.remove()
    assert not server_folder.exists()


def test_a_killed_client_does_not_keep_the_server_alive(server_folder: Path) -> None:
    mine = LocalServer(server_folder, throw_away=True)
    mine.ensure_running()
    other = another_client(server_folder)
    other.kill()
    other.communicate()
    assert mine.client_count == 1
    mine.release()
    assert not mine.is_running


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_it_comes_back_after_the_server_was_killed(server_folder: Path) -> None:
    server = LocalServer(server_folder, throw_away=True)
    address = server.ensure_running()
    with connected(address) as connection:
        connection.execute("create table survivor as select 7 as n")
        connection.execute("checkpoint")
    busy = connected(address)
    running = living_postmaster(server.data)
    assert running is not None
    os.kill(running.process_id, signal.SIGKILL)
    again = server.ensure_running()
    with connected(again) as connection:
        assert connection.execute("select n from survivor").fetchone() == (7,)
    busy.close()
    server.release()
    assert not server.is_running


def test_a_process_that_got_the_number_of_the_dead_server_is_not_taken_for_it(server_folder: Path) -> None:
    server = LocalServer(server_folder, throw_away=True)
    server.ensure_running()
    left_behind = (server.data / "postmaster.pid").read_text()
    server.release()
    _, rest = left_behind.split("\n", 1)
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{rest}")
    assert not server.is_running
    server.ensure_running()
    assert server.is_running


def test_another_port_is_taken_when_the_kept_one_is_in_use(server_folder: Path) -> None:
    server = LocalServer(server_folder, throw_away=True)
    server.ensure_running()
    server.release()
    with socket.socket() as intruder:
        intruder.bind(("127.0.0.1", 0))
        intruder.listen()
        kept = intruder.getsockname()[1]
        (server_folder / "server.json").write_text(f'{{"port": {kept}}}')
        address = server.ensure_running()
        assert address.port != kept
        with connected(address) as connection:
            assert connection.execute("select 1").fetchone() == (1,)


def test_a_lost_secret_is_renewed_by_the_owner_of_the_files(server_folder: Path) -> None:
    server = LocalServer(server_folder, throw_away=True)
    old = server.ensure_running()
    server.release()
    (server_folder / "secret").unlink()
    new = server.ensure_running()
    assert new.password != old.password
    with connected(new) as connection:
        assert connection.execute("select current_user").fetchone() == ("postgres",)
    with pytest.raises(psycopg.OperationalError):
        connected(new, password=old.password)


def test_an_interrupted_creation_is_done_again(server_folder: Path) -> None:
    (server_folder / "data.new" / "base").mkdir(parents=True)
    server_folder.chmod(0o711)
    with LocalServer(server_folder, throw_away=True) as address, connected(address) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_the_environment_chooses_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CMS_LOCAL_FOLDER", str(tmp_path / "elsewhere"))
    assert default_folder() == tmp_path / "elsewhere"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX accounts")
def test_a_folder_closed_to_the_account_is_seen_and_left_closed(tmp_path: Path) -> None:
    stranger = Account(user_id=54321, group_id=54321)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert not stranger.may_enter(closed / "deeper")
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@pytest.mark.skipif(sys.platform == "win32" or not service_account().is_another, reason="only root runs the server as somebody else")
def test_programs_closed_to_the_account_are_copied_once_and_run(
    server_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = binaries._package_folder()
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for folder in (package, binaries._libraries_folder(package)):
        if folder.is_dir():
            shutil.copytree(folder, closed / folder.name, symlinks=True)
    monkeypatch.setattr(binaries, "_package_folder", lambda: closed / package.name)
    with LocalServer(server_folder, throw_away=True) as address, connected(address) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert len(list(server_folder.glob("binaries-*"))) == 1
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_a_clients_lock_dies_with_its_holder(tmp_path: Path) -> None:
    clients = Clients(tmp_path / "clients")
    clients.join()
    other = FileLock(tmp_path / "clients" / "other")
    assert other.try_acquire()
    assert clients.count() == 2
    other.release()
    assert clients.count() == 1
    clients.leave()
    assert clients.count() == 0


def test_a_free_port_is_really_free() -> None:
    with socket.socket() as occupant:
        occupant.bind(("127.0.0.1", 0))
        occupant.listen()
        taken = occupant.getsockname()[1]
        assert free_port(taken) != taken


@pytest.mark.parametrize(
    ("output", "key", "word"),
    [
        ("postgres: error while loading shared libraries: libz.so.1: cannot open shared object file", "local_server_library", "libz.so.1"),
        ('FATAL:  could not write to file "pg_wal/x": No space left on device', "local_server_disk_full", "disco"),
        ('LOG:  could not bind IPv4 address "127.0.0.1": Address already in use', "local_server_port", "porta"),
        ("The data directory was initialized by PostgreSQL version 16, which is not", "local_server_version", "versione"),
        ("PANIC:  could not locate a valid checkpoint record", "local_server_damaged", "copia di sicurezza"),
        ("initdb: error: could not create directory: Permission denied", "local_server_permission", "permessi"),
        ("FATAL:  something nobody has seen yet", "local_server", "something nobody has seen yet"),
    ],
)
def test_each_failure_says_what_to_do(output: str, key: str, word: str) -> None:
    error = explain(output, "/place")
    assert isinstance(error, ServerUnreachable)
    assert error.key == key
    assert word in str(error)


def test_only_a_throw_away_server_gives_up_durability(tmp_path: Path) -> None:
    assert "fsync" not in settings_text(1, tmp_path)
    assert "full_page_writes = off" in settings_text(1, tmp_path, throw_away=True)


def test_the_cluster_of_the_run_copies_a_template_built_once() -> None:
    built: list[str] = []

    def build(name: str) -> None:
        built.append(name)
        with owner_connection(name) as connection:
            connection.execute("create table thing as select 1 as n")

    template_database("local_server_template", build)
    template_database("local_server_template", build)
    assert len(built) <= 1  # another worker may have been first
    create_database("local_server_copy", template="local_server_template")
    with owner_connection("local_server_copy") as connection:
        assert connection.execute("select n from thing").fetchone() == (1,)
    drop_database("local_server_copy")
