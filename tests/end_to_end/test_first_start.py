"""A computer on which the program was just installed."""

from __future__ import annotations

import shutil
import uuid

from cms_desktop.db.local_house import open_local
from cms_desktop.db.local_server import LocalServer
from cms_desktop.db.login import log_in
from cms_desktop.db.profile import LOCAL
from cms_desktop.first_start import FirstStart
from tests.cluster import throw_away_place


def test_an_empty_computer_gets_two_companies_and_somebody_can_come_in() -> None:
    folder = throw_away_place() / f"cms-first-{uuid.uuid4().hex[:8]}"
    server = LocalServer(folder, throw_away=True)
    try:
        profile = open_local(server, LOCAL)
        first = FirstStart(server, profile)
        assert not first.has_company()
        said: list[str] = []
        login, password = first.load_demo(said.append)
        assert first.has_company() and said
        session = log_in(profile, login, password)
        assert [company.name for company in session.companies] == ["Vigilanza Aurora S.r.l."]
        session.close()
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
