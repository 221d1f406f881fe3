"""Letters: texts with placeholders, checked while they are written and filled when they are printed.

A kind of letter has a closed list of placeholders (`{cliente.nome}`). Base knows the kinds every company starts with; a module that
prints letters of its own registers its kinds, and a provider that fills a group of placeholders with the data of a chosen record,
for previews:

    letters.register(LetterKind("credit_recovery.notice", "Messa in mora", (COMPANY, CUSTOMER, ...)))
    letters.register_provider(Provider("cliente", "Cliente", search, values))

To print: take the text (`queries.find_letter_text`), the values (`queries.find_company_values` and those of the module), then
`letters.rendered(text, values, ...)` gives a `Letter` and `reports.letter.layout.letters_pdf` draws it.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cms_desktop.core import formats
from cms_desktop.core.errors import InvalidInput

TOKEN = re.compile(r"\{([^{}\n]*)\}")
_MONTHS = {
    "it": formats.MONTHS,
    "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
    "de": ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"],
    "fr": ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
}
_STRAY = re.compile(r"[{}]")


@dataclass(frozen=True)
class LetterTable:
    """A value that is printed as a table. `numeric` are the columns set to the right."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()

    def __str__(self) -> str:
        return "\n".join(" · ".join(row) for row in self.rows)


Value = str | LetterTable
Values = Mapping[str, Value]


@dataclass(frozen=True)
class Placeholder:
    """A word in braces: its key, what stands there (Italian source text), what it may look like."""

    key: str
    meaning: str
    example: Value

    @property
    def token(self) -> str:
        return "{" + self.key + "}"


@dataclass(frozen=True)
class Group:
    """Placeholders that come from the same thing: `cliente`, `contratto`."""

    key: str
    title: str
    placeholders: tuple[Placeholder, ...]


@dataclass(frozen=True)
class LetterKind:
    """A kind of letter and the groups of placeholders it may use. `key`: module.kind, as stored."""

    key: str
    title: str
    groups: tuple[Group, ...]

    @property
    def placeholders(self) -> dict[str, Placeholder]:
        return {one.key: one for group in self.groups for one in group.placeholders}


@dataclass(frozen=True)
class LetterText:
    """A text as stored, in force on a day."""

    letter_text_id: int
    kind: str
    language: str
    valid_from: datetime.date
    subject: str
    body: str


@dataclass(frozen=True)
class Letter:
    """A letter ready to be printed. `blocks`: paragraphs (which may have several lines) and tables, in order."""

    recipient: tuple[str, ...]
    place_and_date: str
    subject: str
    blocks: tuple[Value, ...]
    language: str = "it"


@dataclass(frozen=True)
class TextProblem:
    """What is wrong in a text, Italian with `{names}` for `values`; `fix`: what to write instead of `token`, when it is known."""

    text: str
    token: str
    values: Mapping[str, Any] = field(default_factory=dict)
    fix: str = ""

    def __str__(self) -> str:
        return self.text.format(**self.values)


@dataclass(frozen=True)
class Provider:
    """Fills a group of placeholders with real data. `search(unit, text)` → (id, label) to choose from; `values(unit, id)` → values.

    `recipient(unit, id)` gives the lines of the address, when the thing is somebody one writes to.
    """

    group: str
    title: str
    search: Callable[[Any, str], Sequence[tuple[int, str]]]
    values: Callable[[Any, int], Values]
    recipient: Callable[[Any, int], tuple[str, ...]] | None = None


# ---- the placeholders everybody shares ----------------------------------------------------------------------------------

LETTER = Group("lettera", "Lettera", (
    Placeholder("data", "Data della lettera", "22/11/2026"),
    Placeholder("data.estesa", "Data della lettera per esteso", "22 novembre 2026"),
    Placeholder("operatore", "Chi scrive la lettera", "Anna Ferri"),
))  # fmt: skip
COMPANY = Group("azienda", "Azienda", (
    Placeholder("azienda.nome", "Denominazione", "Vigilanza Aurora S.r.l."),
    Placeholder("azienda.indirizzo", "Via e numero, CAP, comune, provincia", "Via Garibaldi 12, 10122 Torino (TO)"),
    Placeholder("azienda.piva", "Partita IVA", "01234560017"),
    Placeholder("azienda.telefono", "Telefono", "011 555 0101"),
    Placeholder("azienda.email", "E-mail", "info@aurora.example.it"),
    Placeholder("azienda.pec", "PEC", "aurora@pec.example.it"),
    Placeholder("azienda.banca", "Nome della banca predefinita", "Banca di prova"),
    Placeholder("azienda.iban", "IBAN della banca predefinita", "IT60 X054 2811 1010 0000 0123 456"),
))  # fmt: skip
CUSTOMER = Group("cliente", "Cliente", (
    Placeholder("cliente.nome", "Denominazione o nome e cognome", "Rossi Meccanica S.p.A."),
    Placeholder("cliente.saluto", "Apertura della lettera secondo il tipo di cliente", "Spettabile Rossi Meccanica S.p.A."),
    Placeholder("cliente.codice", "Codice cliente", "1042"),
    Placeholder("cliente.indirizzo", "Via e numero, CAP, comune, provincia", "Corso Re Umberto 8, 10128 Torino (TO)"),
    Placeholder("cliente.piva", "Partita IVA", "01234567897"),
    Placeholder("cliente.cf", "Codice fiscale", "01234567897"),
    Placeholder("cliente.pec", "PEC", "rossi@pec.example.it"),
    Placeholder("cliente.pagamento", "Condizione di pagamento", "RiBa 30 gg fine mese"),
))  # fmt: skip
CONTRACT = Group("contratto", "Contratto", (
    Placeholder("contratto.numero", "Numero", "C-2024/117"),
    Placeholder("contratto.data", "Data di inizio", "01/03/2024"),
    Placeholder("contratto.titolo", "Titolo", "Vigilanza stabilimento di Moncalieri"),
    Placeholder("contratto.fine", "Data di fine", "28/02/2027"),
))  # fmt: skip
CHANGE = Group("variazione", "Variazione dei prezzi", (
    Placeholder("variazione.decorrenza", "Da quando valgono i nuovi prezzi", "01/01/2027"),
    Placeholder("variazione.motivo", "Perché: indice ISTAT o motivo scritto", "indice ISTAT FOI ottobre 2025 – ottobre 2026"),
    Placeholder("variazione.percentuale", "Di quanto", "+1,2%"),
    Placeholder("variazione.canone_prima", "Canone mensile di prima", "1.180,00 €"),
    Placeholder("variazione.canone_dopo", "Canone mensile nuovo", "1.194,16 €"),
    Placeholder("variazione.righe", "Tabella dei servizi con prezzo di prima e nuovo", LetterTable(
        ("Servizio", "Prima", "Nuovo"),
        (("Ronda notturna, quattro passaggi", "780,00", "789,36"), ("Collegamento allarme e intervento", "400,00", "404,80")),
        frozenset({1, 2}))),
))  # fmt: skip
ITEMS = Group("partite", "Partite aperte", (
    Placeholder("partite.importo", "Totale aperto", "2.440,00 €"),
    Placeholder("partite.numero", "Quante scadenze", "3"),
    Placeholder("partite.prima_scadenza", "Scadenza più vecchia", "31/08/2026"),
    Placeholder("partite.elenco", "Tabella delle scadenze", LetterTable(
        ("Documento", "Del", "Scadenza", "Importo €"),
        (("V/812", "31/07/2026", "31/08/2026", "1.220,00"), ("V/904", "31/08/2026", "30/09/2026", "610,00"),
         ("V/988", "30/09/2026", "31/10/2026", "610,00")), frozenset({3}))),
))  # fmt: skip

BUYER = Group("cliente", "Cliente", tuple(one for one in CUSTOMER.placeholders if one.key in (
    "cliente.nome", "cliente.saluto", "cliente.piva", "cliente.cf")))  # fmt: skip
DOCUMENT = Group("documento", "Documento", (
    Placeholder("documento.titolo", "Che cos'è, nella lingua del cliente", "Fattura"),
    Placeholder("documento.numero", "Numero", "V 2026/117"),
    Placeholder("documento.data", "Data", "31/03/2026"),
    Placeholder("documento.totale", "Totale del documento", "2.440,00 €"),
    Placeholder("documento.pagare", "Quanto resta da pagare al netto di scissione e ritenute", "2.440,00 €"),
    Placeholder("documento.scadenza", "Ultima scadenza", "30/04/2026"),
))  # fmt: skip

_kinds: dict[str, LetterKind] = {}
_providers: dict[str, Provider] = {}
_loaders: list[Callable[[], None]] = []


def register(kind: LetterKind) -> None:
    """Make a kind of letter known; a module does it when it is loaded. The same key again takes the place of the old one."""
    _kinds[kind.key] = kind


def register_provider(provider: Provider) -> None:
    _providers[provider.group] = provider


def load_providers_later(load: Callable[[], None]) -> None:
    """`load` registers providers when the first letter is previewed: their modules are not loaded before."""
    _loaders.append(load)


def kinds() -> tuple[LetterKind, ...]:
    return tuple(sorted(_kinds.values(), key=lambda kind: kind.title))


def kind_of(key: str) -> LetterKind:
    """The kind, or one that knows the letter and the company only, when its module is not loaded."""
    return _kinds.get(key) or LetterKind(key, key, (LETTER, COMPANY))


def providers_for(kind: LetterKind) -> tuple[Provider, ...]:
    while _loaders:
        _loaders.pop()()
    return tuple(_providers[group.key] for group in kind.groups if group.key in _providers)


register(LetterKind("base.letter", "Lettera a un cliente", (LETTER, COMPANY, CUSTOMER)))
register(LetterKind("customers.price_change", "Adeguamento dei prezzi di un contratto", (LETTER, COMPANY, CUSTOMER, CONTRACT, CHANGE)))
register(LetterKind("billing.courtesy", "Copia di cortesia di una fattura", (LETTER, COMPANY, BUYER, DOCUMENT)))
register(LetterKind("ledger.reminder", "Promemoria di pagamento", (LETTER, COMPANY, CUSTOMER, ITEMS)))


# ---- checking and filling ------------------------------------------------------------------------------------------------


def text_problems(kind: LetterKind, text: str) -> tuple[TextProblem, ...]:
    """Placeholders the kind does not know, each with the nearest one; braces that open nothing."""
    return tuple(_problems(kind, text))


def _problems(kind: LetterKind, text: str) -> Iterator[TextProblem]:
    known = kind.placeholders
    for match in TOKEN.finditer(text):
        key = match[1]
        if key in known:
            continue
        near = nearest(key, tuple(known))
        if near:
            yield TextProblem(
                "{token} non esiste: intendevi {fix}?", match[0], {"token": match[0], "fix": "{" + near + "}"}, "{" + near + "}"
            )
        else:
            yield TextProblem("{token} non esiste: scegli dall'elenco dei segnaposto.", match[0], {"token": match[0]})
    if _STRAY.search(TOKEN.sub("", text)):
        yield TextProblem("C'è una parentesi graffa senza la sua compagna: toglila o completa il segnaposto.", "{")


def nearest(key: str, known: Sequence[str]) -> str:
    """The known placeholder that was probably meant; '' when none is near."""
    plain = re.sub(r"[\s_]+", ".", key.strip().casefold())
    found = difflib.get_close_matches(plain, known, n=1, cutoff=0.6)
    if found:
        return found[0]
    tails = [one for one in known if one.rsplit(".", 1)[-1] == plain.rsplit(".", 1)[-1]]
    return tails[0] if tails else ""


def placeholders_in(text: str) -> tuple[str, ...]:
    """Keys in the order of their first use."""
    return tuple(dict.fromkeys(TOKEN.findall(text)))


def filled_text(text: str, values: Values) -> str:
    """The text with its values; a table becomes lines. A line of nothing but empty values goes. Raises InvalidInput for a missing value."""
    return "\n".join(_filled_lines(text, values))


def _filled_lines(text: str, values: Values) -> Iterator[str]:
    for line in text.splitlines():
        filled = TOKEN.sub(lambda match: str(_value(match[1], values)), line)
        if filled.strip() or not TOKEN.search(line):
            yield filled.rstrip()


def _value(key: str, values: Values) -> Value:
    found = values.get(key)
    if found is None:
        raise InvalidInput("Nella lettera manca il valore di {token}.", token="{" + key + "}", key="letter_value_missing")
    return found


def filled_blocks(text: str, values: Values) -> tuple[Value, ...]:
    """Paragraphs (separated by empty lines) and tables. A placeholder of a table alone on its line becomes the table."""
    blocks: list[Value] = []
    lines: list[str] = []

    def close() -> None:
        if lines:
            blocks.append("\n".join(lines))
            lines.clear()

    for line in text.splitlines():
        alone = TOKEN.fullmatch(line.strip())
        value = _value(alone[1], values) if alone else ""
        if isinstance(value, LetterTable):
            close()
            blocks.append(value)
        elif line.strip():
            lines.extend(_filled_lines(line, values))
        else:
            close()
    close()
    return tuple(blocks)


def rendered(text: LetterText, values: Values, *, recipient: Sequence[str], place: str, on_date: datetime.date) -> Letter:
    """The letter of a text with its values: what `reports.letter` prints. Raises InvalidInput when a value is missing."""
    long = long_day(on_date, text.language)
    given: dict[str, Value] = {"data": formats.date(on_date), "data.estesa": long, **values}
    subject = " ".join(filled_text(text.subject, given).split())
    place_and_date = f"{place}, {long}" if place else long
    return Letter(tuple(line for line in recipient if line), place_and_date, subject, filled_blocks(text.body, given), text.language)


def long_day(day: datetime.date, language: str = "it") -> str:
    """ "22 novembre 2026"; the first of the month is "1º" in Italian."""
    month = _MONTHS[language][day.month - 1]
    ordinal = {"it": "1º", "fr": "1er"}.get(language, "1") if day.day == 1 else str(day.day)
    return f"{ordinal}{'.' if language == 'de' else ''} {month} {day.year}"


def example_values(kind: LetterKind) -> dict[str, Value]:
    return {key: one.example for key, one in kind.placeholders.items()}
