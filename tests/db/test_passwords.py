"""What makes a password good enough; nothing here touches a server."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms_desktop.db.passwords import hash_password, matches, password_problem, temporary_password


def _problem(new: str, personal: tuple[str, ...] = (), old: tuple[str, ...] = ()) -> str:
    found = password_problem(new, personal, old)
    return "" if found is None else str(found)


@pytest.mark.parametrize("good", ["ponte verde tegola 7", "Zk8#qLw2!vRt", "quattro-parole-prese-a-caso", "пароль из слов"])
def test_a_phrase_or_a_random_word_is_good(good: str) -> None:
    assert _problem(good, ("marta.bellini", "Marta", "Bellini", "")) == ""


@pytest.mark.parametrize("new, words", [
    ("", "0 caratteri"), ("undici cara", "almeno 12"), ("111111111111", "stessi caratteri"), ("abcdabcdabcdabcd", "stessi caratteri"),
    ("1q2w3e4r5t6y", "più usate"), ("PASSWORD 2024", "più usate"), ("guardia giurata 1", "più usate"), ("sala-operativa-24", "più usate"),
])  # fmt: skip
def test_what_is_wrong_is_said(new: str, words: str) -> None:
    assert words in _problem(new)


def test_personal_words_are_found_whatever_their_dress() -> None:
    assert "Bellini" in _problem("la-BELLÌNI-del-sud", ("Bellini",))
    assert _problem("un gatto nel sacco", ("Ugo", "al", "")) == ""  # words under four letters are everywhere


def test_an_old_password_is_recognised_and_a_similar_one_is_not() -> None:
    old = (hash_password("la vecchia frase mia"),)
    assert "già usato" in _problem("la vecchia frase mia", old=old)
    assert _problem("la vecchia frase tua", old=old) == ""


def test_composed_and_decomposed_letters_are_the_same_password() -> None:
    assert matches(unicodedata.normalize("NFD", "perché così"), hash_password(unicodedata.normalize("NFC", "perché così")))


def test_two_hashes_of_one_password_differ() -> None:
    assert hash_password("una frase") != hash_password("una frase")


def test_a_temporary_password_is_long_unambiguous_and_never_the_same() -> None:
    made = {temporary_password() for _ in range(200)}
    assert len(made) == 200
    for one in made:
        assert re.fullmatch(r"[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){3}", one)


@given(st.text(max_size=60), st.lists(st.text(max_size=12), max_size=4))
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_the_rules_and_short_ones_never_pass(new: str, personal: list[str]) -> None:
    problem = password_problem(new, personal, ())
    if len(new) < 12:
        assert problem is not None
