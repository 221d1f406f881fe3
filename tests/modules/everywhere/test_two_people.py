"""Two people have the same record open, in every form: what each of them wrote is there in the end."""

from __future__ import annotations

from typing import Any

import pytest

from cms_desktop.ui.feedback import ConflictDialog
from tests.house import House
from tests.modules.customers.workplaces import opened_workplace, until
from tests.modules.everywhere.forms import CASES, FormCase, arrange, change, settle, show, stored, type_into

pytestmark = pytest.mark.usefixtures("light")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_two_people_write_is_both_kept_or_asked_about(case: FormCase, house: House, qtbot: Any) -> None:
    with opened_workplace(house, "anna.admin") as place:
        ids = arrange(place, case)
        dock, form = show(place, case, ids, qtbot)

        # beside what is typed, and heard of while typing
        type_into(form, case.mine, "primo", qtbot)
        change(house, case, ids, case.theirs, case.their_text)
        dock.mark_changed({case.table})
        until(qtbot, lambda: form.value(case.theirs) == case.their_text)
        assert str(form.value(case.mine)).lower() == "primo"
        form.save_wanted.emit()
        until(qtbot, lambda: stored(house, case, ids)[0].lower() == "primo")
        settle(dock, place, qtbot)
        assert stored(house, case, ids)[1] == case.their_text

        # beside what is typed, and met only when it is saved
        type_into(form, case.mine, "secondo", qtbot)
        change(house, case, ids, case.theirs, case.other_text)
        form.save_wanted.emit()
        until(qtbot, lambda: stored(house, case, ids)[0].lower() == "secondo")
        settle(dock, place, qtbot)
        assert stored(house, case, ids)[1] == case.other_text
        assert dock.kept.findChild(ConflictDialog) is None and not form.is_dirty

        # the same field: nothing is overwritten in silence
        type_into(form, case.mine, "terzo", qtbot)
        change(house, case, ids, case.mine, "ALT")
        form.save_wanted.emit()
        until(qtbot, lambda: dock.kept.findChild(ConflictDialog) is not None)
        assert stored(house, case, ids)[0] == "ALT" and str(form.value(case.mine)).lower() == "terzo"
        dock.kept.findChild(ConflictDialog).save_button.click()  # mine is chosen until somebody says otherwise
        until(qtbot, lambda: stored(house, case, ids)[0].lower() == "terzo")
        settle(dock, place, qtbot)


def test_two_people_at_the_services_of_a_contract(house: House, qtbot: Any) -> None:
    case = next(one for one in CASES if one.name == "contract")
    with opened_workplace(house, "anna.admin") as place:
        ids = arrange(place, case)
        dock, _form = show(place, case, ids, qtbot)
        editor = dock.customers.pane.contracts.editor
        line = editor.lines[0]
        line.description.editor.setFocus()
        line.description.line.selectAll()
        qtbot.keyClicks(line.description.editor, "Teleallarme")
        with house.owner() as owner:
            owner.execute(
                "update customers.service set monthly_price = 130, row_version = row_version + 1 where contract_id = %s",
                (ids["contract_id"],),
            )
            owner.execute(
                "insert into customers.service (company_id, contract_id, description, monthly_price, vat_code_id, frequency_months, starts_on) select company_id, "
                "contract_id, 'Chiavi', 10, vat_code_id, frequency_months, starts_on from customers.service where contract_id = %s",
                (ids["contract_id"],),
            )
        editor.save()
        until(qtbot, lambda: len(editor.lines) == 2 and not editor.is_dirty())
        settle(dock, place, qtbot)
        with house.owner() as owner:
            found = owner.execute(
                "select description, monthly_price::text from customers.service where contract_id = %s order by 1", (ids["contract_id"],)
            ).fetchall()
        assert found == [("Chiavi", "10.0000"), ("Teleallarme", "130.0000")]
        assert dock.kept.findChild(ConflictDialog) is None

        kept = next(one for one in editor.lines if one.stored.description == "Teleallarme")
        kept.price.set_value(200)
        kept.price.changed.emit()
        with house.owner() as owner:
            owner.execute(
                "update customers.service set monthly_price = 150, row_version = row_version + 1 where description = 'Teleallarme'"
            )
        editor.save()
        until(qtbot, lambda: dock.kept.findChild(ConflictDialog) is not None)
        dialog = dock.kept.findChild(ConflictDialog)
        dialog.rows[0].choose("now")
        dialog.save_button.click()
        until(qtbot, lambda: not editor.is_dirty())
        settle(dock, place, qtbot)
        with house.owner() as owner:
            price = owner.execute("select monthly_price::text from customers.service where description = 'Teleallarme'").fetchone()
        assert price == ("150.0000",)
