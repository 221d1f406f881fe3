"""The two commands of a developer, on a machine with nothing but Python 3.11 or newer.

    python dev.py run      the program with demo companies on the local server (without a display: a day's work, as pictures)
    python dev.py test     every check and every test; further words go to pytest
    python dev.py clean    remove what the two commands made here

Everything is installed into `.venv` beside this file, in the versions of constraints.txt.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed.stamp"
OLDEST = (3, 11)
RECIPE = ("pyproject.toml", "constraints.txt", "requirements-peers.txt")
MADE_HERE = (
    ".venv",
    "day",
    "build",
    "dist",
    "resources/fonts",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    ".import_linter_cache",
)
QT_PROBE = "import PySide6.QtCore, PySide6.QtGui, PySide6.QtWidgets, PySide6.QtSvg, PySide6.QtPrintSupport, PySide6.QtNetwork"
REMEDIES = {
    "debian": "sudo apt-get install {}",
    "fedora": "sudo dnf install {}",
    "suse": "sudo zypper install {}",
    "arch": "sudo pacman -S {}",
}
# library: its package on Debian/Ubuntu, Fedora, openSUSE, Arch
PACKAGES = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl", "libEGL1", "libglvnd"),
    "libGL.so.1": ("libgl1", "libglvnd-glx", "libGL1", "libglvnd"),
    "libOpenGL.so.0": ("libopengl0", "libglvnd-opengl", "libOpenGL0", "libglvnd"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon", "libxkbcommon0", "libxkbcommon"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11-0", "libxkbcommon-x11"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs", "libdbus-1-3", "dbus"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig", "fontconfig", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype", "libfreetype6", "freetype2"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2", "libglib-2_0-0", "glib2"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2", "libgthread-2_0-0", "glib2"),
    "libgssapi_krb5.so.2": ("libgssapi-krb5-2", "krb5-libs", "krb5", "krb5"),
    "libX11.so.6": ("libx11-6", "libX11", "libX11-6", "libx11"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb", "libX11-xcb1", "libx11"),
    "libxcb.so.1": ("libxcb1", "libxcb", "libxcb1", "libxcb"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor", "libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm", "libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image", "libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms", "libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil", "libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb", "libxcb-randr0", "libxcb"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb", "libxcb-render0", "libxcb"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb", "libxcb-shape0", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb", "libxcb-shm0", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb", "libxcb-sync1", "libxcb"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb", "libxcb-xfixes0", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb", "libxcb-xkb1", "libxcb"),
}


class SetupError(Exception):
    """Ends the command with a message that says what to do."""


# ── the environment ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def version_message(version: tuple[int, ...]) -> str:
    """What to tell somebody whose Python is too old; empty when it is not."""
    if tuple(version[:2]) >= OLDEST:
        return ""
    has = ".".join(str(part) for part in version[:2])
    return f"CMS Desktop needs Python 3.11 or newer; this is {has}. Install a newer one (python.org) and run it: python3.12 dev.py run"


def recipe_hash(root: Path) -> str:
    """Changes whenever something else would be installed."""
    digest = hashlib.sha256(f"{sys.version_info[:3]} {platform.machine()} {root}".encode())
    for name in RECIPE:
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def venv_python(venv: Path, system: str = os.name) -> Path:
    """The interpreter of a virtual environment."""
    return venv / "Scripts" / "python.exe" if system == "nt" else venv / "bin" / "python"


def is_of_this_python(venv: Path) -> bool:
    """Whether the environment is whole and was made by the Python that runs now."""
    try:
        lines = (venv / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    version = next((line.split("=", 1)[1].strip() for line in lines if line.replace(" ", "").startswith("version=")), "")
    return version.split(".")[:2] == [str(part) for part in sys.version_info[:2]] and venv_python(venv).exists()


def prepare(*, with_window: bool = False) -> None:
    """Make the environment, or leave it alone when it is the right one; then see that Qt works and the fonts are cut."""
    if not is_of_this_python(VENV):
        _make_venv()
    wanted = recipe_hash(ROOT)
    if not STAMP.exists() or STAMP.read_text(encoding="utf-8") != wanted:
        _install()
        STAMP.write_text(wanted, encoding="utf-8")
    _check_qt(with_window=with_window)
    if len(list((ROOT / "resources" / "fonts").glob("*.ttf"))) < 4:
        _python("-m", "cms_desktop.ui.fonts", what="cutting the fonts")


def _make_venv() -> None:
    _say("Making .venv")
    if VENV.exists():
        shutil.rmtree(VENV)
    base = getattr(sys, "_base_executable", None) or sys.executable
    if subprocess.run([base, "-m", "venv", str(VENV)], check=False).returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        raise SetupError("Python could not make a virtual environment. On Debian and Ubuntu: sudo apt-get install python3-venv")


def _install() -> None:
    _say("Installing the pinned packages (the first time this takes a minute or two)")
    began = time.monotonic()
    pip = ("-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-warn-script-location")
    _python(*pip, "-c", "constraints.txt", "setuptools", what="installing setuptools")
    _python(*pip, "-c", "constraints.txt", "--no-build-isolation", "-e", ".[test]", what="installing the packages")
    _python(*pip, "--no-deps", "-r", "requirements-peers.txt", what="installing the peers of the tests")
    _say(f"Installed in {time.monotonic() - began:.0f} s")


def _python(*arguments: str, what: str) -> None:
    if code := subprocess.run([str(venv_python(VENV)), *arguments], cwd=ROOT, env=environment(), check=False).returncode:
        raise SetupError(f"Stopped while {what} (exit code {code}); the reason is above.")


def environment(**more: str) -> dict[str, str]:
    """What the programs we start see: UTF-8 everywhere, no other project's modules, and `more`."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")}
    return kept | {"PYTHONUTF8": "1"} | more


# ── libraries of the system that Qt needs ───────────────────────────────────────────────────────────────────────────────────


def system_family(os_release: str) -> str:
    """debian, fedora, suse, arch or "", from the text of /etc/os-release."""
    words = [
        word
        for line in os_release.splitlines()
        if line.startswith(("ID=", "ID_LIKE="))
        for word in line.split("=", 1)[1].strip().strip('"').lower().split()
    ]
    names = {"ubuntu": "debian", "rhel": "fedora", "centos": "fedora", "opensuse": "suse", "sles": "suse", "archlinux": "arch"}
    return next((family for word in words if (family := names.get(word, word)) in REMEDIES), "")


def packages_for(libraries: list[str], family: str) -> list[str]:
    """The packages that bring these libraries; a library we do not know is named by itself."""
    column = list(REMEDIES).index(family) if family in REMEDIES else 0
    return sorted({PACKAGES[name][column] if name in PACKAGES else name for name in libraries})


def missing_message(libraries: list[str], family: str) -> str:
    """Which libraries are missing, and the line that brings them."""
    text = f"Qt cannot start: this system has no {', '.join(libraries)}."
    if family:
        return f"{text}\nInstall what is missing and run the command again:\n    " + REMEDIES[family].format(
            " ".join(packages_for(libraries, family))
        )
    return f"{text}\nInstall these libraries with the package manager of your system and run the command again."


def missing_in(ldd_output: str) -> list[str]:
    """The libraries that `ldd` did not find."""
    return sorted({line.split("=>")[0].strip() for line in ldd_output.splitlines() if "=>" in line and "not found" in line})


def has_display() -> bool:
    """Whether a window can be shown."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _check_qt(*, with_window: bool) -> None:
    probe = _probe_qt()
    missing = _missing_libraries(with_window=with_window) if sys.platform.startswith("linux") else []
    if probe.returncode == 0 and not missing:
        return
    if missing and _may_install():
        _install_libraries(missing)
        probe, missing = _probe_qt(), _missing_libraries(with_window=with_window)
    if missing:
        raise SetupError(missing_message(missing, _family()))
    if probe.returncode != 0:
        raise SetupError(f"Qt cannot start: {(probe.stderr.strip().splitlines() or ['no reason given'])[-1]}")


def _probe_qt() -> subprocess.CompletedProcess[str]:
    command = [str(venv_python(VENV)), "-c", QT_PROBE]
    return subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)


def _missing_libraries(*, with_window: bool) -> list[str]:
    """What the parts of Qt that we use do not find; the window system's part counts only where a window is to be shown."""
    folder = next(VENV.glob("lib*/python*/site-packages/PySide6"), None)
    if folder is None or shutil.which("ldd") is None:
        return []
    parts = [*folder.glob("Qt[CGWSPN]*.abi3.so"), *folder.glob("Qt/plugins/platforms/libqoffscreen.so")]
    used = ("QtCore.", "QtGui.", "QtWidgets.", "QtSvg.", "QtPrintSupport.", "QtNetwork.", "libqoffscreen.")
    parts = [part for part in parts if part.name.startswith(used)]
    if with_window and not os.environ.get("WAYLAND_DISPLAY"):
        parts += folder.glob("Qt/plugins/platforms/libqxcb.so")
    done = subprocess.run(["ldd", *map(str, parts)], capture_output=True, text=True, check=False)
    return missing_in(done.stdout)


def _family() -> str:
    try:
        return system_family(Path("/etc/os-release").read_text(encoding="utf-8"))
    except OSError:
        return ""


def _may_install() -> bool:
    """Only a machine of continuous integration is changed without asking."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return os.environ.get("CI", "").lower() in ("1", "true") and is_root and shutil.which("apt-get") is not None


def _install_libraries(libraries: list[str]) -> None:
    packages = packages_for(libraries, "debian")
    _say(f"Installing for Qt: {' '.join(packages)}")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
    subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], env=quiet, check=False)


# ── the commands ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def run(options: argparse.Namespace, further: list[str]) -> int:
    """Start the program on the local server with the demo companies."""
    with_window = has_display() and not options.offscreen
    prepare(with_window=with_window)
    _python("-m", "cms_desktop.admin", "init", what="preparing the local server")
    _python("-m", "cms_desktop.admin", "demo", "--if-empty", "--customers", str(options.customers), what="loading the demo companies")
    if not with_window:
        folder = ROOT / "day"
        _say("No display here: driving the program through a day's work offscreen" if not options.offscreen else "A day's work, offscreen")
        code = _start(["-m", "cms_desktop.day_tour", "--folder", str(folder), *further], QT_QPA_PLATFORM="offscreen")
        if code == 0:
            _say(f"Pictures, PDF, XML and bank files are in {folder}")
        return code
    return _start(["-m", "cms_desktop.app", *further])


def test(_options: argparse.Namespace, further: list[str]) -> int:
    """All checks, then all tests; every check runs even if one before it failed."""
    prepare()
    workers = [] if any(word.startswith(("-n", "--numprocesses")) for word in further) else ["-n", str(_cores())]
    steps = {
        "ruff check": ["-m", "ruff", "check", "."],
        "ruff format": ["-m", "ruff", "format", "--check", "."],
        "mypy": ["-m", "mypy"],
        "import rules": ["-c", "from importlinter.cli import lint_imports_command as check; check()"],
        "pytest": ["-m", "pytest", *workers, *further],
    }
    results: list[tuple[str, int, float]] = []
    for name, arguments in steps.items():
        _say(name)
        began = time.monotonic()
        code = _start(arguments, QT_QPA_PLATFORM="offscreen", CMS_NO_KEYRING="1")
        results.append((name, code, time.monotonic() - began))
    print()
    for name, code, seconds in results:
        print(f"{'ok    ' if code == 0 else 'FAILED'} {name:<14} {seconds:7.1f} s", flush=True)
    return 1 if any(code for _, code, _ in results) else 0


def clean(_options: argparse.Namespace, _further: list[str]) -> int:
    """Remove what was made here; the data of the local server stay."""
    for name in MADE_HERE:
        shutil.rmtree(ROOT / name, ignore_errors=True)
    for folder in [*ROOT.rglob("__pycache__"), *ROOT.glob("*.egg-info")]:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _start(arguments: list[str], **more: str) -> int:
    return subprocess.run([str(venv_python(VENV)), *arguments], cwd=ROOT, env=environment(**more), check=False).returncode


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _say(text: str) -> None:
    print(f"── {text}", flush=True)


def main(words: list[str] | None = None) -> int:
    if message := version_message(sys.version_info[:2]):
        print(message, file=sys.stderr)
        return 2
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    starter = commands.add_parser("run", help="start the program with demo companies", add_help=False)
    starter.add_argument("--offscreen", action="store_true", help="a day's work without a display")
    starter.add_argument("--customers", type=int, default=200, help="how many demo customers (200)")
    commands.add_parser("test", help="every check and every test", add_help=False)
    commands.add_parser("clean", help="remove what the commands made here")
    options, further = parser.parse_known_args(words)
    try:
        return {"run": run, "test": test, "clean": clean}[options.command](options, further)
    except SetupError as reason:
        print(f"\n{reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
