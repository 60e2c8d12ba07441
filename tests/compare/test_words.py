"""The short ways to words, dates and contacts find what the long ones do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harvest.compare import spans
from harvest.compare.folded_words import bare_words, key_of, words_of
from harvest.compare.tokens import fold_key, tokenise

_ANY = st.text(alphabet="aB ’'\"“&©ß1.,–-_@:/w中é\u00a0\u200b\x07\n", max_size=40)
_AROUND = st.text(alphabet="aB I1.,;:()§/-@\n", max_size=200)
_DATES = ("12 September 2019", "of May of 2015", "2019-01-02T10:11:12Z", "3.4.2018", "2012 - 2014, 2015", "May 12")


@given(_ANY)
def test_words_without_tokens(text: str) -> None:
    """The words of a text that is not cut into tokens are those of its tokens."""
    tokens = tokenise(text)

    assert words_of(text) == [key for key, bare in zip(tokens.keys, tokens.bares, strict=True) if bare]
    assert bare_words(text) == [bare for bare in tokens.bares if bare]
    assert key_of(text) == fold_key(tokens)


@given(_AROUND, st.sampled_from(_DATES), _AROUND)
def test_dates_about_digits(before: str, date: str, after: str) -> None:
    """Dates are looked for about digits only, and no date is missed for that."""
    text = f"{before} {date} {after}"
    everywhere = list(spans._A_DATE.finditer(text))

    assert [m.span() for m in spans._dates(text)] == [m.span() for m in everywhere]
    assert spans.has_date(text) == bool(everywhere)


@given(
    _AROUND, st.sampled_from(("Austin, TX 78701", "section IV", "(b) Links", "a@b.example", "www.a.example")), _AROUND
)
def test_spans_that_are_looked_for_only_where_they_may_be(before: str, special: str, after: str) -> None:
    """What cheap signs rule out is not there: contacts, references and labels are those of the whole patterns."""
    text = f"{before} {special} {after}"
    found = {(start, end) for start, end, kind in spans.spans_of(text) if kind in (spans.CONTACT, spans.REFERENCE)}
    contacts = {m.span() for m in spans._CONTACT_WITH_TOWNS.finditer(text) if spans._is_contact(m.group())}

    assert found == contacts | {m.span("number") for m in spans._REFERENCE.finditer(text)}
