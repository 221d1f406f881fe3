from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from cms_desktop.modules.billing import actions, queries
from tests.modules.base.mail.peers import PASSWORD, Certificates, MailShop, PostOffice, certificates
from tests.modules.base.mail.test_outbox import add_account
from tests.modules.billing.conftest import Desk, desk, marta, world
from tests.modules.billing.world import World

__all__ = ["desk", "marta", "world"]


@pytest.fixture(scope="session")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def office(trust: Certificates) -> Iterator[PostOffice]:
    with PostOffice(trust) as found:
        yield found


@pytest.fixture
def shop(trust: Certificates) -> Iterator[MailShop]:
    with MailShop(trust) as found:
        yield found


@pytest.fixture
def accounts(desk: Desk, office: PostOffice, shop: MailShop, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ordinary and a certified account; the certified one is read, too."""
    for purpose, imap in (("ordinary", 0), ("pec", shop.port)):
        number = add_account(desk.world.house, office.port, purpose, imap_port=imap)
        monkeypatch.setenv(f"CMS_MAIL_PASSWORD_{number}", PASSWORD)


@pytest.fixture
def setting(world: World) -> Callable[[str, str], None]:
    def put(key: str, value: str) -> None:
        world.owner.execute(
            "insert into base.parameter (company_id, key, value) values (1, %s, %s::jsonb) on conflict (company_id, key, valid_from) "
            "do update set value = excluded.value, row_version = base.parameter.row_version + 1", (key, value),
        )  # fmt: skip

    return put


@pytest.fixture
def ready(desk: Desk, world: World) -> list[int]:
    """Three files that are ready to leave."""
    for name in ("Alfa", "Beta", "Gamma"):
        world.simple(name)
    run = desk.bill()
    desk.ask(actions.make_files, run)
    return desk.ask(queries.list_ready_files, run)
