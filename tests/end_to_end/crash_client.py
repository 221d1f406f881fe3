"""A real client process for the test of a crash: logs in, opens a customer, types into a field by keys, tells, and works on.

python -m tests.end_to_end.crash_client <folder> <login> <password> <customer> [form]
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


def customer_notes(opened: Any, customer: int, type_into: Any) -> None:
    opened._go_to("customers", "customers", record=customer)
    pane = opened._docks["customers"].customers.pane
    until(lambda: pane.customer_id() == customer, lambda: type_into(pane.form.fields["notes"].editor))


def new_contract(opened: Any, customer: int, type_into: Any) -> None:
    """The first line of services of a contract that does not exist yet."""
    opened._go_to("customers", "customers", record=customer, contract=0)
    pane = opened._docks["customers"].customers.pane
    until(
        lambda: pane.customer_id() == customer and pane.contracts.editor.lines,
        lambda: type_into(pane.contracts.editor.lines[0].description.editor),
    )


def new_contact(opened: Any, customer: int, type_into: Any) -> None:
    opened._go_to("registry", "parties", record=customer, contact=0)
    pane = opened._docks["registry"].parties.pane
    until(
        lambda: pane.party_id() == customer and pane.people.editor.isVisible(),
        lambda: type_into(pane.people.editor.form.fields["name"].editor),
    )


WAYS = {"customer": customer_notes, "contract": new_contract, "contact": new_contact}


def main() -> None:
    folder, login, password, customer = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
    app = make_app(["client"])
    program = Program(app, Post("posto 1", folder / "post.json"), place=Place(), profiles=ProfileStore(folder / "client.json"))
    page = program.show_login().credentials
    page.login.setText(login)
    page.password.setText(password)
    QTest.keyClick(page.password, Qt.Key.Key_Return)

    def opened() -> None:
        WAYS[sys.argv[5] if len(sys.argv) > 5 else "customer"](program.open, customer, type_into)

    def type_into(editor: Any) -> None:
        editor.setFocus()
        QTest.keyClicks(editor, TYPED)
        print("typed", flush=True)

    until(lambda: program.open is not None, opened)
    app.exec()


if __name__ == "__main__":
    main()
