"""Rows of the masters of company 1: calendar, logo, a check of the books with something found, a seal of the register of changes."""

from __future__ import annotations

import base64

from tests.house import House

# one white point
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==")


def arrange(house: House) -> None:
    with house.person("anna.admin") as anna:
        anna.execute(
            "insert into base.calendar_day (company_id, kind, name, starts_on, ends_on) values (1, 'closing', 'Ferie', '2025-08-11', '2025-08-22')"
        )
        anna.execute(
            "insert into base.company_image (company_id, media_type, content, pixel_width, pixel_height) values (1, 'image/png', %s, 1, 1)",
            [PNG],
        )
    with house.owner() as owner:
        owner.execute("select base.run_checks(1, 'nightly'), base.seal_audit(1, '-1 second')")
        owner.execute(
            "insert into base.integrity_finding (company_id, integrity_run_id, check_key, row_count, samples) "
            "select 1, max(integrity_run_id), 'arranged.finding', 1, '[]' from base.integrity_run"
        )
