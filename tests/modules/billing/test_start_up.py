"""What only a file needs is loaded with the first file, not with the program."""

from __future__ import annotations

import subprocess
import sys

SLOW = ("openpyxl", "reportlab")
DOCKS = ("billing", "customers")


def test_docks_load_nothing_that_only_files_need() -> None:
    imports = "; ".join(f"import cms_desktop.modules.{name}.dock" for name in DOCKS)
    code = f"import sys; {imports}; print(*(name for name in {SLOW!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == []
