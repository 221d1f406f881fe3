"""Choosing an account by code or name, and a customer by name: both from lists that are at hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cms_desktop.core.listing import ListQuery
from cms_desktop.modules.customers import queries as customers
from cms_desktop.modules.ledger.book_records import AccountRow
from cms_desktop.ui.fields import LookupChoice, LookupField
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("books")
Show = Callable[[Sequence[LookupChoice]], None]


def account_choice(account: AccountRow) -> LookupChoice:
    return LookupChoice(account.account_id, f"{account.code} {account.name}", "", account)


def matching(accounts: Sequence[AccountRow], text: str) -> list[AccountRow]:
    """Accounts whose code begins with the text, then those whose name contains its words; of the ones that take entries."""
    words = text.casefold().split()
    living = [one for one in accounts if one.is_postable and one.is_active]
    by_code = [one for one in living if words and one.code.replace(".", "").startswith(words[0].replace(".", "").upper())]
    by_name = [one for one in living if one not in by_code and all(word in f"{one.code} {one.name}".casefold() for word in words)]
    return by_code + by_name


class AccountField(LookupField):
    """An account that takes entries: `5801`, `58.01` or a part of its name."""

    def __init__(self, title: str, **more: Any) -> None:
        self.accounts: list[AccountRow] = []
        super().__init__(title, self._look_in_chart, hint=tr("codice o nome"), **more)

    def _look_in_chart(self, text: str, show: Show) -> None:
        show([account_choice(one) for one in matching(self.accounts, text)])

    def normalise(self) -> None:
        """A code typed whole, or what only one account fits, is chosen without the list."""
        if self.value() is None and self.text():
            found = matching(self.accounts, self.text())
            exact = [one for one in found if one.code.replace(".", "") == self.text().replace(".", "").upper()]
            if len(exact or found) == 1:
                self.take(account_choice((exact or found)[0]))
        super().normalise()

    def account(self) -> AccountRow | None:
        chosen = self.value()
        return chosen.record if isinstance(chosen, LookupChoice) else None


def customer_field(workplace: Workplace, title: str, **more: Any) -> LookupField:
    """A customer by name or code."""

    def find(text: str, show: Show) -> None:
        def work(unit: Any) -> list[LookupChoice]:
            page = customers.list_customers(unit, ListQuery(search=text))
            return [LookupChoice(one.customer_id, one.name, f"{one.code} · {one.town}", one) for one in page.rows[:50]]

        workplace.background.run(field, work, then=show, key="customer")

    field = LookupField(title, find, **more)
    return field
