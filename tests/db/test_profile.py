"""Connection profiles and the file that keeps them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cms_desktop.core.errors import InvalidInput
from cms_desktop.db.profile import LOCAL, ConnectionProfile, ProfileStore


@pytest.mark.parametrize("hosts, expected", [
    ("cms.lan", ("cms.lan", "5432")), ("cms.lan:6000", ("cms.lan", "6000")), (" a:1 , b ", ("a,b", "1,5432")), ("10.0.0.1:5433", ("10.0.0.1", "5433")),
])  # fmt: skip
def test_hosts_are_read(hosts: str, expected: tuple[str, str]) -> None:
    assert ConnectionProfile("x", hosts).host_list() == expected


@pytest.mark.parametrize("hosts", ["", " ", ",", "a,", "a:b", "a:", ":1", "a:65536", "a:0", "a:-1", "a:²"])
def test_hosts_written_badly_name_the_field(hosts: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        ConnectionProfile("x", hosts).host_list()
    assert refused.value.field == "hosts"


def test_the_file_never_holds_a_password(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path / "folder" / "profiles.json")
    store.remember(ConnectionProfile("sede", "cms.lan", last_login="marta.bellini"))
    assert "password" not in store.file.read_text(encoding="utf-8")
    assert [profile.name for profile in store.load()] == ["sede", LOCAL.name]


def test_the_last_used_profile_comes_first_and_once(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path / "profiles.json")
    for name in ("a", "b", "a"):
        store.remember(ConnectionProfile(name, f"{name}.lan"))
    assert [profile.name for profile in store.load()] == ["a", "b", LOCAL.name]


@pytest.mark.parametrize(
    "content", ["", "{", "[1]", '{"a": 1}', '[{"nome": "x"}]', '[{"name": "x", "hosts": "y", "color": 1}]', "\0\0", "null"]
)
def test_a_broken_file_leaves_the_local_profile(tmp_path: Path, content: str) -> None:
    file = tmp_path / "profiles.json"
    file.write_text(content, encoding="utf-8")
    assert ProfileStore(file).load() == [LOCAL]


def test_a_file_of_other_bytes_leaves_the_local_profile(tmp_path: Path) -> None:
    file = tmp_path / "profiles.json"
    file.write_bytes(b"\xff\xfe\x00profiles")
    assert ProfileStore(file).load() == [LOCAL]


def test_names_with_accents_survive(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path / "profiles.json")
    store.remember(ConnectionProfile("Sede di Forlì", "cms.lan"))
    assert json.loads(store.file.read_text(encoding="utf-8"))[0]["name"] == "Sede di Forlì"
    assert store.load()[0].name == "Sede di Forlì"


def test_a_role_belongs_to_a_database() -> None:
    assert ConnectionProfile("x", "y", "cms").role_of("marta.bellini") == "cms_marta.bellini"
    assert ConnectionProfile("x", "y", "copia", role_prefix="cms").role_of("marta.bellini") == "cms_marta.bellini"
