"""The comparison form of strings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.text.fold import begins_plainly, fold, split_number, squash

SAME = {
    "quotes": ("“Cookies” and ‘letters’", "\"cookies\" and 'letters'"),
    "dashes": ("e‑mail – daily — or not", "e-mail - daily - or not"),
    "spaces": ("a\u00a0 b\n\tc ", "a b c"),
    "invisible characters": ("co\u00adokies\u200b and\ufeff more", "cookies and more"),
    "case and ligature": ("STRASSE ﬁle", "straße file"),
    "full width": ("Ｃｏｏｋｉｅｓ", "cookies"),
    "numbering": ("3.1. Cookies", "Cookies"),
    "letters and brackets": ("(b) Cookies", "A. Cookies"),
    "roman": ("IV. Cookies", "2) Cookies"),
    "named": ("Section 2 – Cookies", "§ 4 Cookies"),
}


@pytest.mark.parametrize(("left", "right"), SAME.values(), ids=SAME.keys())
def test_same_to_a_reader(left: str, right: str) -> None:
    """Strings that differ in typography, case or numbering alone fold to the same."""
    assert fold(left) == fold(right)


@pytest.mark.parametrize("text", ["We do.", "we don't", "24 hours", "2018. a year", "A list of letters", "v. 2 of it"])
def test_words_stay(text: str) -> None:
    """Folding drops no word that is no number of a heading."""
    assert len(fold(text).split()) == len(text.split()) - (1 if text == "v. 2 of it" else 0)


NUMBERS = {
    "1. Scope": ("1", "Scope"),
    "1.Scope": ("1", "Scope"),
    "12) Scope": ("12", "Scope"),
    "II. Scope": ("II", "Scope"),
    "A. Scope": ("A", "Scope"),
    "(a) Scope": ("a", "Scope"),
    "3.1 Scope": ("3.1", "Scope"),
    "3.1.2. Scope": ("3.1.2", "Scope"),
    "§ 4 Scope": ("§ 4", "Scope"),
    "Section 2. Scope": ("Section 2", "Scope"),
    "SECTION II – Scope": ("SECTION II", "Scope"),
    "Article 5: Scope": ("Article 5", "Scope"),
    "Section 2 Scope": ("Section 2", "Scope"),
    "Section 2": ("", "Section 2"),
    "7 days": ("", "7 days"),
    "A day": ("", "A day"),
    "2011. A year": ("", "2011. A year"),
    "U.S. States": ("", "U.S. States"),
    "E-mail": ("", "E-mail"),
    "24/7 support": ("", "24/7 support"),
    "Part of it": ("", "Part of it"),
    "1.": ("", "1."),
    "": ("", ""),
}


@pytest.mark.parametrize(("heading", "parts"), NUMBERS.items(), ids=NUMBERS.keys())
def test_numbers_of_headings(heading: str, parts: tuple[str, str]) -> None:
    """A number is split from its title where it is one, and only there."""
    assert split_number(heading) == parts


_STARTS = st.sampled_from(("section", "Part", "seção", "ivx", "Li", "ſection", "of", "é", "İ", "x", "1", "第一条"))


@given(st.lists(_STARTS | st.text(alphabet=" .)(:-–、1vivCaé", max_size=3), min_size=1, max_size=4).map("".join))
def test_what_begins_plainly_has_no_number(text: str) -> None:
    """The cheap test never speaks of a string that begins with a number."""
    if begins_plainly(text):
        assert split_number(text) == ("", squash(text))


@given(st.text())
def test_fold_is_idempotent(text: str) -> None:
    """Folding a folded string changes nothing, whatever it is."""
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.sampled_from([" ", "\u00a0", "\u200b", "  "]))
def test_outer_space_never_counts(text: str, space: str) -> None:
    """White space and invisible characters around a string do not count."""
    assert fold(space + text + space) == fold(text)


@given(st.text())
def test_squash_keeps_words(text: str) -> None:
    """Collapsing white space keeps every visible character in order."""
    squashed = squash(text)

    assert [c for c in squashed if _shows(c)] == [c for c in text if _shows(c)]
    assert squashed == " ".join(squashed.split())
    assert squash(squashed) == squashed


def _shows(character: str) -> bool:
    return character.isprintable() and not character.isspace()


@pytest.mark.parametrize("unit", ["1.", "(", " ", "i", "§ ", "Section 1 ", "“", "a.\u00a0"])
def test_long_input_stays_quick(unit: str) -> None:
    """400,000 characters of any one kind fold without blow-up."""
    assert isinstance(fold(unit * (400_000 // len(unit))), str)
