"""One page: the company, the person, how to come in the first time. The password is on this paper and nowhere else."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from reports.invoice.page import INK, INK_2, INK_3, LEFT, RIGHT, WASH, Paper

ACCENT = "#1B5BB5"


@dataclass(frozen=True)
class Handover:
    """What the sheet says."""

    company: str
    person: str
    login: str
    password: str
    by: str
    on: datetime.date
    valid_days: int


def handover_pdf(sheet: Handover) -> bytes:
    """The sheet as PDF."""
    paper = Paper("Primo accesso", sheet.company, ACCENT)
    bold = paper.face.bold
    paper.text(LEFT, 64, sheet.company, size=15, font=bold)
    paper.text(LEFT, 110, "Accesso a CMS Desktop", size=20, font=bold)
    paper.text(LEFT, 132, f"Consegnato a {sheet.person} il {sheet.on:%d/%m/%Y} da {sheet.by}", size=10, color=INK_2)
    paper.box(LEFT, 158, RIGHT - LEFT, 96, WASH)
    for place, (name, value) in enumerate((("Nome utente", sheet.login), ("Password temporanea", sheet.password))):
        top = 182 + place * 38
        paper.text(LEFT + 18, top, name, size=9, color=INK_3)
        paper.text(LEFT + 18, top + 17, value, size=15, font=bold, color=INK)
    y: float = 286
    for number, words in enumerate(_steps(sheet), 1):
        paper.text(LEFT, y, f"{number}.", size=11, font=bold)
        y = paper.lines(LEFT + 22, y, paper.wrap(words, RIGHT - LEFT - 22, size=11), size=11, leading=16) + 8
    paper.text(LEFT, 740, "Firma per ricevuta", size=9, color=INK_3)
    paper.rule(775, right=LEFT + 220, color=INK_3)
    return paper.finished()


def _steps(sheet: Handover) -> tuple[str, ...]:
    return (
        "Apri CMS Desktop, scrivi nome utente e password qui sopra: maiuscole, minuscole e trattini compresi.",
        "Al primo accesso ti viene chiesta una password nuova, che conosci solo tu: una frase di più parole è facile da ricordare.",
        f"La password temporanea vale {sheet.valid_days} giorni e smette di valere appena ne scegli una tua. Poi distruggi questo foglio.",
        "Non dare a nessuno la tua password, nemmeno a chi amministra il programma: nessuno ha bisogno di chiedertela.",
    )
