"""One is said as one: a text that counts things stands beside its singular."""

from __future__ import annotations

import ast
import pathlib
import re

ROOT = pathlib.Path(__file__).parents[2] / "cms_desktop"
COUNTS = re.compile(r"\{(n|count|many|rows|records)\}\s+(?!di\b|del\b|al\b|ms\b|s\b|min\b|doc\.)[a-zàèéìòù]+[ie]\b")
NEVER_ONE = {  # what is counted there is never one, or the word has no plural
    "Ha {count} lettere o cifre: ricontrollalo.", "{n} record di 120 caratteri", "Cerca fra {n} campi", "Dopo {n} minuti senza toccarlo",
    "Almeno {n} caratteri; una frase di più parole è facile da ricordare. Non il tuo nome, non una già usata.", "{n} comandi",
    "Puoi entrare in {n} aziende. Per cambiarla poi: Ctrl+Maiusc+A.", "entro {n} giorni", "{n} comuni: F4",
    "Si vedono le prime {n} righe di {all}: restringi il periodo o scegli un cliente.",
    "Qui le prime {n} righe: il PDF e l'Excel le hanno tutte.",
    "{day} alle {time}, {origin}: {n} controlli in {seconds} s", "{n} fuori soglia",
    "Si incollano al massimo {n} righe per volta: per elenchi più lunghi usa l'importazione.",
}  # fmt: skip


def _chooses(node: ast.AST) -> bool:
    return isinstance(node, ast.IfExp) or (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "one_or_many")


def _alone(tree: ast.AST) -> list[str]:
    """Texts that count and are no branch of a choice between one and many."""
    chosen = {id(inner) for node in ast.walk(tree) if _chooses(node) for inner in ast.walk(node)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.startswith("tr") and node.args:
            text = node.args[0]
            counts = isinstance(text, ast.Constant) and isinstance(text.value, str) and COUNTS.search(text.value)
            if counts and id(node) not in chosen:
                found.append(str(text.value))  # type: ignore[attr-defined]
    return found


def test_every_text_that_counts_has_its_singular_beside_it() -> None:
    alone = {
        f"{path.relative_to(ROOT)}: {text}"
        for path in sorted(ROOT.rglob("*.py"))
        for text in _alone(ast.parse(path.read_text(encoding="utf-8")))
        if text not in NEVER_ONE
    }
    assert alone == set()


def test_a_text_alone_is_noticed() -> None:
    assert _alone(ast.parse('tr("{n} fatture emesse", n=3)')) == ["{n} fatture emesse"]
    assert _alone(ast.parse('tr("1 fattura") if n == 1 else tr("{n} fatture", n=n)')) == []
