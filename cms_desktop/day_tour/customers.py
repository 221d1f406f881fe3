"""Customers: a filtered list, a new one with a mistyped number, a contract, a list from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cms_desktop.core.fiscal import vat_number_from
from cms_desktop.day_tour.hands import TourStopped

if TYPE_CHECKING:
    from cms_desktop.day_tour.day import Day

NAME = "Oreficeria Bellini S.n.c."


def work_on_customers(day: Day) -> None:
    hands = day.hands
    dock = day.dock("customers")
    hands.say("List of customers, filtered by typing")
    page = day.show_page(dock, "customers")
    hands.until(lambda: page.list.table.rows(), "customers in the list")
    page.list.table.setFocus()
    hands.press("Ctrl+F")
    hands.type("srl")
    hands.press("Return")
    day.rest()
    hands.wait(400)
    page.list.clear_filters()
    day.rest()
    page.list.table.setFocus()
    hands.press("Home")
    hands.press("Down", 3)
    day.rest()
    hands.until(lambda: page.pane.customer_id() is not None, "a customer beside the list")
    hands.picture("customers")
    new_customer(day, dock)
    contract(day, dock)
    import_list(day, dock)


def new_customer(day: Day, dock: Any) -> None:
    hands = day.hands
    hands.say("A new customer, its VAT number mistyped and repaired by Alt+Enter")
    hands.press("F2")
    pane = dock.customers.pane
    fields = pane.form.fields
    hands.until(lambda: fields["name"].editor.hasFocus(), "the empty form")
    hands.type(NAME)
    right = vat_number_from("0074311015")
    wrong = right[:6] + right[7] + right[6] + right[8:]  # two digits in the wrong order, the commonest slip
    _fill(day, fields, "vat_number", wrong)
    if fields["vat_number"].state != "error" or not fields["vat_number"].has_fix():
        raise TourStopped("expected: the wrong VAT number is found and a repair offered")
    hands.picture("customer-wrong-vat")
    hands.press("Shift+Tab")
    hands.press("Alt+Return")
    if pane.form.value("vat_number") != right:
        raise TourStopped("expected: Alt+Enter repairs the VAT number")
    _fill(day, fields, "street", "Via Garibaldi")
    _fill(day, fields, "street_number", "22")
    _fill(day, fields, "postal_code", "10093")
    hands.until(lambda: pane.form.value("town") == "Collegno", "the town of the CAP")
    _fill(day, fields, "pec", "oreficeria.bellini@pec.example.it")
    hands.press("F10")
    hands.until(lambda: pane.customer_id() is not None, "the customer to be stored")
    day.rest()


def _fill(day: Day, fields: Any, key: str, text: str) -> None:
    day.hands.tab_to(fields[key].editor, key)
    day.hands.type(text)
    day.hands.press("Tab")
    day.hands.wait(60)


def contract(day: Day, dock: Any) -> None:
    hands = day.hands
    hands.say("Its contract with a monthly service")
    pane = dock.customers.pane.contracts
    hands.press("Shift+F2")
    hands.until(lambda: pane.editor.isVisible() and pane.editor.form.fields["title"].editor.hasFocus(), "the empty contract")
    hands.type("Collegamento e pronto intervento")
    line = pane.editor.lines[0]
    hands.tab_to(line.description.editor, "the first service")
    hands.type("Collegamento allarme alla centrale operativa")
    hands.tab_to(line.price.editor, "its price")
    hands.type("120,50")
    hands.press("Tab")
    hands.picture("contract")
    hands.press("F10")
    hands.until(lambda: len(pane.table.rows()) == 1, "the contract in the list")
    day.rest()


def import_list(day: Day, dock: Any) -> None:
    hands = day.hands
    hands.say("A list from outside: columns matched, tried without writing, imported")
    page = day.show_page(dock, "import")
    hands.press("Ctrl+I")
    hands.until(lambda: page.step == 1, "the matching of the columns")
    hands.picture("import-columns")
    page.go_button.setFocus()
    hands.press("Space")
    hands.until(lambda: page.step == 2, "the trial")
    day.rest()
    hands.picture("import-trial")
    page.go_button.setFocus()
    hands.press("Space")
    hands.until(lambda: page.step == 3, "the import")
    day.rest()
    hands.picture("import-result")
