"""cms-admin: what the administrator of the server does from a terminal.

cms-admin init       make the database and its schema (local server by default, or --server with a superuser)
cms-admin status     where the schema stands
cms-admin upgrade    bring it to this program's version
cms-admin check      run the consistency queries; exit code 1 when one finds a row; --report keeps the result (nightly)
cms-admin nightly    the work of the night (prices, mandates, twins, attachments, deadlines, checks, seal); 1: anomalies, 2: a step failed
cms-admin bill       prepare (and issue) a run of a template as a person with rights; 0 done, 1 rows left out, 2 failed, 3 nothing due
cms-admin send       send the outbox and read the certified mailboxes, once or for ever, as a person of the company
cms-admin demo       load the demo companies
"""

from __future__ import annotations

import contextlib
import getpass
import os
import secrets
from collections.abc import Iterator
from typing import Annotated, Any

import psycopg
import typer
from psycopg import sql
from rich.console import Console
from rich.table import Table

from cms_desktop import __version__, admin_nightly
from cms_desktop.core.errors import AppError
from cms_desktop.db.local_server import LocalServer, default_folder
from cms_desktop.db.profile import LOCAL, ConnectionProfile
from server_schema import deploy, nightly, setup, watch

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Amministrazione del server di CMS Desktop.", pretty_exceptions_enable=False
)
console = Console()

Server = Annotated[str, typer.Option(help="Server remoto «host:porta»; senza, il server locale di questa postazione.")]
DatabaseName = Annotated[str, typer.Option("--database", help="Nome del database.")]
User = Annotated[str, typer.Option(help="Utente amministratore del server remoto (password da CMS_ADMIN_PASSWORD o chiesta).")]


@contextlib.contextmanager
def administrator(server: str, database: str, user: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection as superuser or deployer; the local server is started for it and left as it was."""
    if server:
        profile = ConnectionProfile("admin", server, database)
        password = os.environ.get("CMS_ADMIN_PASSWORD") or getpass.getpass(f"Password di {user}: ")
        words = profile.connection_words() | {"user": user, "password": password}
        with psycopg.connect(**words, autocommit=True) as connection:  # type: ignore[arg-type]
            yield connection
        return
    local = LocalServer(default_folder())
    address = local.ensure_running()
    try:
        with psycopg.connect(
            host=address.host, port=address.port, user=address.superuser, password=address.password, dbname=database, autocommit=True
        ) as connection:
            yield connection
    finally:
        local.release()


@app.command()
def init(server: Server = "", database: DatabaseName = LOCAL.database, user: User = "postgres") -> None:
    """Crea il database (se manca), i ruoli e lo schema. Si può ripetere."""
    with administrator(server, "postgres", user) as maintenance:
        made = setup.ensure_database(maintenance, database)
        if made and not server:
            setup.close_neighbours(maintenance)
    with administrator(server, database, user) as connection:
        deploy.bootstrap(connection)
        before = deploy.deploy(connection)
        if server:
            _open_deployer(connection)
    console.print(f"Database [b]{database}[/b] {'creato' if made else 'già presente'}: {len(before.pending)} modifiche applicate.")


def _open_deployer(connection: psycopg.Connection[Any]) -> None:
    """Give cms_deployer a login once; later upgrades need no superuser."""
    row = connection.execute("select rolcanlogin from pg_roles where rolname = 'cms_deployer'").fetchone()
    if row and not row[0]:
        secret = secrets.token_urlsafe(24)
        verifier = connection.pgconn.encrypt_password(secret.encode(), b"cms_deployer", b"scram-sha-256").decode()
        connection.execute(sql.SQL("alter role cms_deployer login password {}").format(sql.Literal(verifier)))
        console.print(f"Password di cms_deployer (mostrata solo ora): [b]{secret}[/b]")


@app.command()
def status(server: Server = "", database: DatabaseName = LOCAL.database, user: User = "postgres") -> None:
    """Mostra le modifiche applicate e quelle da applicare."""
    with administrator(server, database, user) as connection:
        found = deploy.status(connection)
    table = Table("Modifica", "Stato")
    for name in found.applied:
        table.add_row(name, "applicata")
    for name in found.pending:
        table.add_row(name, "[yellow]da applicare[/yellow]")
    console.print(table)
    console.print(f"CMS Desktop {__version__}")
    with administrator(server, database, user) as connection:
        _show_watch(connection)


def _show_watch(connection: psycopg.Connection[Any]) -> None:
    """How the door is watched, and what is still to be set on this server."""
    for one in watch.look(connection):
        console.print(f"[green]✓[/green] {one.text}" if one.is_well else f"[yellow]![/yellow] {one.text}: {one.remedy}")


@app.command()
def upgrade(server: Server = "", database: DatabaseName = LOCAL.database, user: User = "cms_deployer") -> None:
    """Porta lo schema alla versione di questo programma."""
    with administrator(server, database, user) as connection:
        before = deploy.deploy(connection)
    console.print(f"Applicate: {', '.join(before.pending) or 'nessuna, lo schema era aggiornato'}.")


@app.command()
def check(
    server: Server = "",
    database: DatabaseName = LOCAL.database,
    user: User = "postgres",
    report: Annotated[
        bool, typer.Option("--report", help="Conserva l'esito per ogni azienda e sigilla il registro (per la notte).")
    ] = False,
) -> None:
    """Controlla la coerenza dei dati: numeri, quadrature, totali. Esce con 1 se trova anomalie."""
    with administrator(server, database, user) as connection:
        if report:
            _check_and_keep(connection)
            return
        findings = deploy.check(connection)
        _show_watch(connection)
    if not findings:
        console.print("[green]Nessuna anomalia.[/green]")
        return
    table = Table("Controllo", "Riga")
    for finding in findings:
        table.add_row(finding.title, ", ".join(str(value) for value in finding.row))
    console.print(table)
    raise typer.Exit(1)


def _check_and_keep(connection: psycopg.Connection[Any]) -> None:
    """One run per company, kept for the page Controlli; then the register of changes is sealed."""
    wrong = 0
    for report in deploy.nightly(connection):
        colour = "red" if report.findings else "green"
        console.print(f"[{colour}]{report.company_name}[/{colour}]: anomalie {len(report.findings)}, controlli {report.check_count}")
        for finding in report.findings:
            wrong += 1
            console.print(f"  [b]{finding.title}[/b] (righe: {finding.row_count})")
            for text in filter(None, (finding.meaning, finding.remedy)):
                console.print(f"    {text}")
            for row in finding.samples[:5]:
                console.print("    - " + ", ".join(f"{key}: {value}" for key, value in row.items()), highlight=False)
    if wrong:
        raise typer.Exit(1)


@app.command("nightly")
def run_nightly(server: Server = "", database: DatabaseName = LOCAL.database, user: User = "postgres") -> None:
    """Il lavoro della notte: prezzi, mandati, doppioni, allegati, scadenze, controlli, sigillo. Esce con 1 se ci sono anomalie, con 2 se un passo fallisce."""
    with administrator(server, database, user) as connection:
        code = admin_nightly.show(console, connection)
    if code:
        raise typer.Exit(code)


@app.command()
def send(
    login: Annotated[str, typer.Argument(help="Persona che invia; la sua password da CMS_PERSON_PASSWORD o chiesta.")],
    company_id: Annotated[int, typer.Option("--company", help="Numero dell'azienda; senza, tutte quelle della persona.")] = 0,
    every: Annotated[int, typer.Option(min=0, max=86_400, help="Secondi fra un giro e l'altro; 0: una volta sola.")] = 0,
    server: Server = "",
    database: DatabaseName = LOCAL.database,
) -> None:
    """Legge le caselle PEC e invia la posta in uscita. Esce con 1 se resta qualcosa da guardare."""
    from cms_desktop import admin_mail

    with admin_mail.person_at_work(server, database, login) as session:
        code = admin_mail.send(console, session, company_id, every)
    if code:
        raise typer.Exit(code)


@app.command()
def company(
    name: str,
    vat_number: str,
    admin_login: Annotated[str, typer.Option(help="Nome utente del primo amministratore.")],
    admin_name: Annotated[str, typer.Option(help="Nome e cognome del primo amministratore.")],
    server: Server = "",
    database: DatabaseName = LOCAL.database,
    user: User = "postgres",
) -> None:
    """Fonda un'azienda con le tabelle d'uso e il suo primo amministratore."""
    from cms_desktop.db.passwords import temporary_password

    password = temporary_password()
    with administrator(server, database, user) as connection:
        company_id = setup.found_company(connection, name, vat_number)
        person_id = setup.create_person(connection, company_id, admin_login, admin_name, password)
        setup.grant_preset(connection, company_id, person_id, "amministratore")
    console.print(f"Azienda [b]{name}[/b] fondata. Primo accesso: [b]{admin_login}[/b], password [b]{password}[/b] (da cambiare subito).")


@app.command()
def bill(
    company: Annotated[str, typer.Option(help="Azienda: nome o numero.")],
    template: Annotated[str, typer.Option(help="Nome del modello di lancio.")],
    login: Annotated[str, typer.Option(help="Nome utente di chi fattura (password da CMS_BILL_PASSWORD o chiesta).")],
    month: Annotated[
        str, typer.Option(help="Mese in cui comincia il periodo, per esempio 2026-11; senza, il periodo dopo l'ultimo lancio.")
    ] = "",
    issue: Annotated[bool, typer.Option("--issue", help="Emette le fatture; senza, il lancio resta in anteprima.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Una riga JSON, per i programmi.")] = False,
    server: Server = "",
    database: DatabaseName = LOCAL.database,
) -> None:
    """Prepara ed emette un lancio di un modello, con i diritti di una persona. Esce con 0 fatto, 1 righe escluse, 2 non riuscito, 3 niente da fatturare."""
    from cms_desktop import admin_bill

    password = os.environ.get("CMS_BILL_PASSWORD") or getpass.getpass(f"Password di {login}: ")
    order = admin_bill.Order(company, template, month, issue)
    with _place_of(server, database) as profile:
        outcome = admin_bill.bill(profile, login, password, order)
    admin_bill.show(console, outcome, as_json=as_json)
    if outcome.code:
        raise typer.Exit(outcome.code)


@contextlib.contextmanager
def _place_of(server: str, database: str) -> Iterator[ConnectionProfile]:
    """The server as a person sees it; the local one is started for it and left as it was."""
    if server:
        yield ConnectionProfile("bill", server, database)
        return
    local = LocalServer(default_folder())
    address = local.ensure_running()
    try:
        yield ConnectionProfile("bill", f"{address.host}:{address.port}", database, is_local=True)
    finally:
        local.release()


@app.command()
def demo(
    customers: Annotated[int, typer.Option(min=10, max=1_000_000, help="Quanti clienti in tutto.")] = 200,
    months: Annotated[
        int,
        typer.Option(
            min=0, max=60, help="Mesi di storia; 0: due anni fino a 50.000 clienti, meno oltre (uno a 100.000, tre mesi da 400.000)."
        ),
    ] = 0,
    seed: int = 1,
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Non fa nulla se ci sono già aziende.")] = False,
    server: Server = "",
    database: DatabaseName = LOCAL.database,
    user: User = "postgres",
) -> None:
    """Carica due aziende dimostrative con clienti, contratti, due anni di fatture (meno oltre 50.000 clienti), incassi ed effetti."""
    from cms_desktop.demo import DEMO_PASSWORD, DEMO_PERSONS, load_demo
    from cms_desktop.demo.documents import MOST_CUSTOMERS, make_documents

    with administrator(server, database, user) as connection:
        row = connection.execute("select exists (select from base.company)").fetchone()
        if row and row[0]:
            if if_empty:
                return
            console.print("[red]Il database contiene già aziende: i dati dimostrativi vogliono un database vuoto.[/red]")
            raise typer.Exit(1)
        with console.status("Carico i dati dimostrativi…") as shown:
            load_demo(connection, customers, seed=seed, months=months or None, progress=lambda text: shown.update(text))
            if customers <= MOST_CUSTOMERS:
                place = f"{connection.info.host}:{connection.info.port}"
                make_documents(ConnectionProfile("demo", place, database, is_local=not server), lambda text: shown.update(text))
    table = Table("Utente", "Persona", "Ruolo")
    for login, name, job in DEMO_PERSONS:
        table.add_row(login, name, job)
    console.print(table)
    console.print(f"Password di tutti: [b]{DEMO_PASSWORD}[/b]")


def main() -> None:
    """Entry point; a refusal is one sentence, not a traceback."""
    try:
        app()
    except (AppError, deploy.SchemaChanged, nightly.AlreadyRunning) as error:
        console.print(f"[red]{error}[/red]")
        raise SystemExit(1) from error
    except psycopg.Error as error:
        console.print(f"[red]{str(error).strip()}[/red]")
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
