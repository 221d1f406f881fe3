"""cms-admin nightly: the work of the night, for the scheduler of the server."""

from __future__ import annotations

from rich.console import Console

from server_schema import nightly

ALL_WELL, ANOMALIES, FAILED = 0, 1, 2
WORDS = {
    "prices": "prezzi entrati in vigore",
    "mandates": "mandati SDD scaduti",
    "twins": "nuove coppie di possibili doppioni",
    "attachments": "contenuti di allegati eliminati",
    "deadlines": "avvisi di scadenza dei contratti",
    "checks": "controlli con anomalie",
    "seal": "sigilli del registro",
}


def show(console: Console, connection: nightly.Connection) -> int:
    """Do it and say what was done, a line a step. Returns the exit code: 2 when a step failed, else 1 when a check found something."""
    company, failed, wrong = "", 0, 0
    for one in nightly.run(connection):
        if one.company != company:
            company = one.company
            console.print(f"[b]{company}[/b]")
        if one.error:
            failed += 1
            console.print(f"  [red]✗[/red] {WORDS[one.step]}: non riuscito. {one.error}", highlight=False)
            continue
        mark = "[yellow]![/yellow]" if one.findings else "[green]✓[/green]"
        console.print(f"  {mark} {WORDS[one.step]}: {one.count}", highlight=False)
        wrong += len(one.findings)
        for finding in one.findings:
            console.print(f"      [b]{finding.title}[/b] (righe: {finding.row_count}) {finding.remedy}", highlight=False)
    return FAILED if failed else ANOMALIES if wrong else ALL_WELL
