"""A real client process for the test of a crash: logs in, opens a customer, types into a field by keys, tells, and works on.

python -m tests.end_to_end.crash_client <folder> <login> <password> <customer>
"""

from __future__ import annotations

import pathlib
import sys
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from cms_desktop.app import Program, make_app
from cms_desktop.db.profile import ConnectionProfile, ProfileStore
from cms_desktop.ui.post import Post

TYPED = "Portare le chiavi nuove"


class Place:
    """The house of the test in the place of a local server."""

    def reach(self, profile: ConnectionProfile) -> ConnectionProfile:
        return replace(profile)

    def release(self) -> None:
        pass


def until(happened: Any, then: Any) -> None:
    if happened():
        then()
    else:
        QTimer.singleShot(20, lambda: until(happened, then))


def main() -> None:
    folder, login, password, customer = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
    app = make_app(["client"])
    program = Program(app, Post("posto 1", folder / "post.json"), place=Place(), profiles=ProfileStore(folder / "client.json"))
    page = program.show_login().credentials
    page.login.setText(login)
    page.password.setText(password)
    QTest.keyClick(page.password, Qt.Key.Key_Return)

    def opened() -> None:
        program.open._go_to("customers", "customers", record=customer)
        pane = program.open._docks["customers"].customers.pane
        until(lambda: pane.customer_id() == customer, lambda: type_into(pane.form.fields["notes"].editor))

    def type_into(editor: Any) -> None:
        editor.setFocus()
        QTest.keyClicks(editor, TYPED)
        print("typed", flush=True)

    until(lambda: program.open is not None, opened)
    app.exec()


if __name__ == "__main__":
    main()
