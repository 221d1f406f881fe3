"""A bank's statement, whatever its form."""

from __future__ import annotations

from cms_desktop.modules.ledger.statements.camt import read_camt
from cms_desktop.modules.ledger.statements.cbi import is_cbi_statement, read_cbi
from cms_desktop.modules.ledger.statements.records import Statement


def read_statements(content: bytes) -> list[Statement]:
    """The statements of a camt.053 (XML) or of a CBI flow (RH, EC). Raises InvalidInput, whose text says what is wrong with the file."""
    return read_cbi(content) if is_cbi_statement(content) else read_camt(content)
