"""What the exchange system would refuse is shown and does not leave; the company's PDF travels inside the file."""

from __future__ import annotations

import base64
import pathlib
from collections.abc import Callable

import pytest
from lxml import etree

from cms_desktop.core.errors import InvalidInput
from cms_desktop.modules.billing import actions, queries
from cms_desktop.modules.billing.delivery import check, pec
from cms_desktop.modules.billing.sdi import exchange
from tests.modules.billing.conftest import Desk
from tests.modules.billing.world import World

Setting = Callable[[str, str], None]


@pytest.fixture
def spoilt(world: World, ready: list[int]) -> list[int]:
    """The files of `ready`; the first document was broken since its file was made."""
    world.owner.execute("set session_replication_role = replica")
    world.owner.execute(
        "update billing.invoice_vat set vat_amount = vat_amount + 5 where invoice_id = "
        "(select invoice_id from billing.transmission where transmission_id = %s)", (ready[0],),
    )  # fmt: skip
    world.owner.execute("set session_replication_role = origin")
    yield ready
    world.owner.execute("set session_replication_role = replica")
    world.owner.execute(
        "update billing.invoice_vat set vat_amount = vat_amount - 5 where invoice_id = "
        "(select invoice_id from billing.transmission where transmission_id = %s)", (ready[0],),
    )  # fmt: skip
    world.owner.execute("set session_replication_role = origin")


def test_the_check_lists_what_would_be_refused_first_with_code_and_advice(desk: Desk, world: World, spoilt: list[int]) -> None:
    found = desk.ask(check.check_waiting)
    assert (found.ready, found.wrong, found.no_file, found.channel) == (2, 1, 0, "folder")
    assert found.rows[0].transmission_id == spoilt[0]
    assert "00421" in [one.code for one in found.rows[0].problems] and all(one.text for one in found.rows[0].problems)
    assert [row.problems for row in found.rows[1:]] == [(), ()]


def test_a_document_without_file_is_part_of_the_check(desk: Desk, world: World) -> None:
    world.simple("Delta")
    desk.bill()
    found = desk.ask(check.check_waiting)
    assert (found.ready, found.no_file, found.late) == (0, 1, 1)  # of May 2024: far beyond twelve days


def test_what_would_be_refused_does_not_leave_by_any_way(
    desk: Desk, world: World, spoilt: list[int], tmp_path: pathlib.Path, setting: Setting
) -> None:
    with pytest.raises(InvalidInput, match="imposta"):
        desk.ask(actions.export_files, tmp_path, spoilt[:1])
    with pytest.raises(InvalidInput):
        desk.ask(exchange.export_lots, tmp_path, spoilt[:1])
    setting("sdi_channel", '"pec"')
    with pytest.raises(InvalidInput):
        desk.ask(pec.queue_by_pec, spoilt[:1])
    assert list(tmp_path.iterdir()) == []
    left = desk.ask(pec.queue_by_pec, spoilt[:2])
    assert left.count == 1 and [one.transmission_id for one in left.refused] == spoilt[:1]
    assert desk.ask(actions.export_files, tmp_path, [spoilt[0], spoilt[2]]) == 1
    states = dict(world.owner.execute("select transmission_id, state from billing.transmission").fetchall())
    assert [states[number] for number in spoilt] == ["ready", "queued", "sent"]


def test_the_company_s_pdf_travels_inside_the_file_when_it_wants_so(desk: Desk, world: World, setting: Setting) -> None:
    setting("invoice_attach_pdf", "true")
    world.simple("Delta")
    run = desk.bill()
    desk.ask(actions.make_files, run)
    content = world.value("select content from billing.transmission")
    root = etree.fromstring(content)
    assert root.findtext(".//NomeAttachment").endswith(".pdf") and root.findtext(".//FormatoAttachment") == "PDF"
    assert base64.b64decode(root.findtext(".//Attachment")).startswith(b"%PDF-")
    assert desk.ask(check.check_waiting).ready == 1


def test_a_pdf_that_is_too_large_stays_out_of_the_file(desk: Desk, world: World, setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    from reports.invoice import layout

    monkeypatch.setattr(layout, "invoice_pdf", lambda *_a, **_k: b"%PDF-" + b"x" * (5 * 1024 * 1024))
    setting("invoice_attach_pdf", "true")
    world.simple("Delta")
    run = desk.bill()
    assert desk.ask(actions.make_files, run).made == 1
    content = world.value("select content from billing.transmission")
    assert len(content) < 10_000 and b"Attachment" not in content
    assert len(desk.ask(queries.list_ready_files, run)) == 1
