"""What the demonstration companies have besides customers: logo, paper, calendar, a bank's details, next values of parameters."""

from __future__ import annotations

import io
from typing import Any

import psycopg

from cms_desktop.core.fiscal import creditor_identifier

COLOURS = ("#123B6D", "#7A1F2B")


def add_masters(connection: psycopg.Connection[Any], company_id: int, number: int) -> None:
    """Fill the masters of one company; `number` tells the companies apart. As cms_bookkeeper."""
    row = connection.execute("select name, vat_number, town from base.company where company_id = %s", (company_id,)).fetchone()
    assert row is not None
    name, vat_number, town = row
    domain = "".join(letter for letter in name.casefold().split()[1] if letter.isalnum()) if " " in name else "azienda"
    connection.execute(
        "update base.company set website = %s, letterhead_lines = %s, letterhead_foot = %s, share_capital = coalesce(share_capital, 100000), "
        "is_sole_holder = coalesce(is_sole_holder, %s), row_version = row_version + 1 where company_id = %s",
        (
            f"www.{domain}.example.it",
            f"Licenza art. 134 TULPS del Prefetto di {town} n. {4180 + number}/2019",
            "Istituto certificato UNI 10891 e UNI CEI EN 50518",
            number == 0,
            company_id,
        ),
    )
    connection.execute(
        "insert into base.company_image (company_id, kind, media_type, content, pixel_width, pixel_height) values (%s, 'logo', 'image/png', %s, 480, 200)",
        (company_id, _logo(name, COLOURS[number % len(COLOURS)])),
    )
    connection.execute(
        "update base.bank_account set branch = 'Sede di ' || %s, bic = 'BPMIITMMXXX', creditor_identifier = %s, row_version = row_version + 1 "
        "where company_id = %s and is_default",
        (town, creditor_identifier(vat_number), company_id),
    )
    connection.execute(
        "insert into base.calendar_day (company_id, kind, name, starts_on, ends_on, is_yearly) values "
        "(%(company)s, 'closing', 'Uffici chiusi a Ferragosto', '2024-08-12', '2024-08-18', true), "
        "(%(company)s, 'closing', 'Uffici chiusi la vigilia', '2024-12-24', '2024-12-24', true), "
        "(%(company)s, 'holiday', 'Fondazione dell''istituto', '2020-03-03', '2020-03-03', true)",
        {"company": company_id},
    )
    connection.execute(
        "insert into base.parameter (company_id, key, valid_from, value, note) values (%(company)s, 'payment_term', '2020-01-01', '\"RB30\"', ''), "
        "(%(company)s, 'letter_town', '2020-01-01', to_jsonb(%(town)s::text), '')",
        {"company": company_id, "town": town},
    )


def _logo(name: str, colour: str) -> bytes:
    """A shield with the company's initial."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (480, 200), "#FFFFFF")
    pen = ImageDraw.Draw(picture)
    pen.polygon([(20, 20), (180, 20), (180, 110), (100, 185), (20, 110)], fill=colour)
    pen.polygon([(45, 42), (155, 42), (155, 100), (100, 150), (45, 100)], fill="#FFFFFF")
    pen.polygon([(62, 58), (138, 58), (138, 94), (100, 128), (62, 94)], fill="#F2B134")
    words = name.split()
    pen.text((205, 62), words[0].upper(), fill=colour, font_size=34)
    pen.text((205, 104), " ".join(words[1:2]).upper(), fill="#3C4A5E", font_size=34)
    content = io.BytesIO()
    picture.save(content, "PNG")
    return content.getvalue()
