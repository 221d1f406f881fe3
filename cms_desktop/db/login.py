"""Log in: the person's own PostgreSQL role, SCRAM, then `sec.open_session`. Every refusal has its own sentence."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import re
import socket
from dataclasses import dataclass, field
from typing import Any

import psycopg

import server_schema.deploy
from cms_desktop import __version__
from cms_desktop.core.errors import AppError, LoginRefused, ServerUnreachable, WrongVersion
from cms_desktop.db.database import Database
from cms_desktop.db.errors import AT_THE_DOOR as AT_THE_DOOR
from cms_desktop.db.errors import app_error_from, refused_at_start, translated
from cms_desktop.db.passwords import hash_password, password_problem
from cms_desktop.db.profile import ConnectionProfile


@dataclass(frozen=True)
class Person:
    person_id: int
    login: str
    display_name: str
    job_title: str
    email: str
    rank: str
    must_change_password: bool

    @property
    def initials(self) -> str:
        words = [word for word in self.display_name.split() if word]
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


@dataclass(frozen=True)
class CompanyChoice:
    """A company the person may choose, with the functions held there."""

    company_id: int
    name: str
    vat_number: str
    town: str
    functions: frozenset[str]


@dataclass(frozen=True)
class SecurityRules:
    """What holds at the door of this installation (base.security_rule); the server never goes below its floors."""

    attempts: int = 5
    window_minutes: int = 15
    lock_minutes: int = 15
    everywhere_attempts: int = 30
    password_length: int = 12
    password_days: int = 0
    password_reuse: int = 8
    temporary_days: int = 7
    keep_log_days: int = 400


@dataclass
class LoginSession:
    """An open session: who, where, with which companies."""

    database: Database
    person: Person
    companies: tuple[CompanyChoice, ...]
    profile: ConnectionProfile
    server_version: str
    server_time: datetime.datetime
    last_session: dict[str, Any] | None
    words: dict[str, Any] = field(default_factory=dict, repr=False)
    session_id: int = 0
    token: str = field(default="", repr=False)
    rules: SecurityRules = SecurityRules()
    password_expires_at: datetime.datetime | None = None
    refusal: LoginRefused | None = None  # why the server does not let this session go on

    def company(self, company_id: int) -> CompanyChoice:
        return next(company for company in self.companies if company.company_id == company_id)

    def leave(self) -> None:
        """Tell the server that the person went. Never fails; may wait for the network."""
        with contextlib.suppress(psycopg.Error, AppError), self.database.connect() as connection:
            connection.execute("select sec.leave_session(%s)", (self.token,))

    def close(self) -> None:
        self.database.close()


def log_in(profile: ConnectionProfile, login: str, password: str) -> LoginSession:
    """Open a session. Raises LoginRefused (key: wrong_password, disabled, expired, locked, not_a_person), ServerUnreachable, WrongVersion."""
    login = login.strip().lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,38}[a-z0-9]", login) or not password:
        raise LoginRefused("Nome utente o password non corretti.", key="wrong_password")
    words = profile.connection_words() | {
        "user": profile.role_of(login), "password": password, "application_name": f"CMS Desktop {__version__}",
    }  # fmt: skip

    def connect() -> psycopg.Connection[Any]:
        return _connected(session)

    opened = _opened(words, profile)
    session = _session_from(opened, Database(connect, opened["person"]["person_id"]), profile)
    session.words = words
    _take_over(session, opened)
    return session


def _opened(words: dict[str, Any], profile: ConnectionProfile) -> dict[str, Any]:
    try:
        with psycopg.connect(**words) as connection:
            row = connection.execute("select sec.open_session(%s, %s)", (__version__, socket.gethostname())).fetchone()
    except psycopg.OperationalError as error:
        raise _refusal(error, profile) from error
    except psycopg.Error as error:
        raise _session_refusal(error) from error
    assert row is not None
    return dict(row[0])


def _take_over(session: LoginSession, opened: dict[str, Any]) -> None:
    """From now on every connection shows the secret of the open session, and its number to whoever lists connections."""
    session.session_id, session.token = opened["session_id"], opened["token"]
    session.rules = SecurityRules(**opened["rules"])
    expires = opened["password_expires_at"]
    session.password_expires_at = datetime.datetime.fromisoformat(expires) if expires else None
    session.words["application_name"] = f"CMS Desktop {__version__} #{session.session_id}"
    session.words["options"] = f"-c cms.session={session.token}"


def _connected(session: LoginSession) -> psycopg.Connection[Any]:
    """A connection of the open session. Once the server refused it nothing is tried any more: every attempt with an old password would count."""
    if session.refusal is not None:
        raise session.refusal
    try:
        return _joined(psycopg.connect(**session.words), session.token)
    except psycopg.Error as error:
        found = app_error_from(error)
        if found.key in AT_THE_DOOR:
            session.refusal = _as_refusal(found)
            raise session.refusal from error
        raise


def _joined(connection: psycopg.Connection[Any], token: str) -> psycopg.Connection[Any]:
    """A session that was ended gets no more connections: the server says who ended it."""
    try:
        connection.autocommit = True
        connection.execute("select sec.check_session(%s)", (token,))
        connection.autocommit = False
    except psycopg.Error:
        connection.close()
        raise
    return connection


def verify_password(session: LoginSession, password: str) -> None:
    """Is this still the person's password? Asked of the server by a login of its own, which counts like any other. Raises LoginRefused."""
    words = {key: value for key, value in session.words.items() if key != "options"} | {"password": password}
    try:
        psycopg.connect(**words).close()
    except psycopg.OperationalError as error:
        raise _refusal(error, session.profile) from error


def reopen(session: LoginSession, password: str) -> None:
    """Go on after the session was ended: a new one of the same person in its place, for everything that is open. Raises LoginRefused."""
    words = session.words | {"password": password, "application_name": f"CMS Desktop {__version__}", "options": ""}
    opened = _opened(words, session.profile)
    if opened["person"]["person_id"] != session.person.person_id:
        raise LoginRefused("Questo accesso non appartiene alla stessa persona.", key="not_a_person")
    session.words["password"], session.refusal = password, None
    session.person = Person(**opened["person"])
    _take_over(session, opened)
    session.database.engine.dispose()


def _session_from(facts: dict[str, Any], database: Database, profile: ConnectionProfile) -> LoginSession:
    needed = server_schema.deploy.newest_change()
    if facts["schema_version"] != needed:
        database.close()
        is_older = facts["schema_version"] < needed
        text = (
            "Il database è da aggiornare ({found} → {needed}): l'amministratore deve eseguire «cms-admin upgrade»."
            if is_older
            else "Questo programma è più vecchio del database ({found}): aggiornalo e riprova."
        )
        raise WrongVersion(text, found=facts["schema_version"], needed=needed)
    companies = tuple(
        CompanyChoice(c["company_id"], c["name"], c["vat_number"], c["town"], frozenset(c["functions"])) for c in facts["companies"]
    )
    return LoginSession(
        database, Person(**facts["person"]), companies, profile, facts["server_version"],
        datetime.datetime.fromisoformat(facts["server_time"]), facts["last_session"],
    )  # fmt: skip


def _refusal(error: psycopg.OperationalError, profile: ConnectionProfile) -> AppError:
    text = str(error)
    if error.sqlstate == "28P01" or "password authentication failed" in text:
        return LoginRefused("Nome utente o password non corretti.", key="wrong_password")
    if refused := refused_at_start(text):
        return _as_refusal(refused)
    if error.sqlstate == "3D000" or ('database "' in text and "does not exist" in text):
        return ServerUnreachable("Sul server non c'è il database «{database}»: controlla il profilo.", database=profile.database)
    if "certificate" in text or "SSL" in text:
        return ServerUnreachable("Il certificato del server non è valido per «{hosts}»: collegamento rifiutato.", hosts=profile.hosts)
    if "too many connections" in text:
        return ServerUnreachable("Troppi collegamenti aperti con questo utente: chiudine uno e riprova.")
    return ServerUnreachable("Il server «{hosts}» non risponde: controlla la rete o scegli un altro profilo.", hosts=profile.hosts)


def _session_refusal(error: psycopg.Error) -> AppError:
    found = app_error_from(error)
    if found.key == "client_too_old":
        return WrongVersion(found.text, key=found.key, **found.values)
    if found.key in AT_THE_DOOR:
        return _as_refusal(found)
    if error.sqlstate in ("3F000", "42883", "42P01"):
        return WrongVersion("Il database non contiene CMS Desktop: l'amministratore deve eseguire «cms-admin init».")
    return found


def _as_refusal(found: AppError) -> LoginRefused:
    return LoginRefused(found.text, key=found.key, **found.values)


def set_password(session: LoginSession, new: str) -> None:
    """Set a new password; the open session goes on with it. Raises InvalidInput with what is wrong with the new one."""
    person = session.person
    with session.database.connect() as connection, translated():
        hashes = [row[0] for row in connection.execute("select sec.my_password_hashes(%s)", (session.rules.password_reuse,))]
        personal = [person.login, *person.display_name.split(), person.email.split("@")[0]]
        problem = password_problem(new, personal, hashes, shortest=session.rules.password_length)
        if problem is not None:
            raise problem
        role = session.profile.role_of(person.login)
        verifier = connection.pgconn.encrypt_password(new.encode(), role.encode(), b"scram-sha-256").decode()
        connection.execute("select sec.change_my_password(%s, %s)", (verifier, hash_password(new)))
    session.words["password"] = new
    session.person = dataclasses.replace(person, must_change_password=False)


def change_password(session: LoginSession, new: str) -> LoginSession:
    """The forced change at the first login: set the new password and log in again with it."""
    set_password(session, new)
    session.close()
    return log_in(session.profile, session.person.login, new)
