"""The short ways to words, dates and contacts find what the long ones do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harvest.compare import spans
from harvest.compare.folded_words import bare_words, key_of, words_of
from harvest.compare.tokens import fold_key, tokenise
from harvest.compare.units import Work, similarities, similarity

_ANY = st.text(alphabet="aB ’‘'\"“…•&©ß1.,–-_@:/w中éÉÿ×«°·µ\u00a0\u00ad\u0085\u200b\x07\x1d\n", max_size=40)
_PARTED = st.lists(_ANY | st.just("as we say below in words of letters alone, it’s so"), max_size=8).map(" ".join)
_AROUND = st.text(alphabet="aB I1.,;:()§/-@\n", max_size=200)
_DATES = ("12 September 2019", "of May of 2015", "2019-01-02T10:11:12Z", "3.4.2018", "2012 - 2014, 2015", "May 12")
_DATES += ("1er janvier 2020", "3 août", "12 de agosto de 2019", "2. märz", "4th of july", "1/2/20", "2019年5月3日")


@given(_ANY | _PARTED)
def test_words_without_tokens(text: str) -> None:
    """The words of a text that is not cut into tokens, or only in part, are those of its tokens."""
    tokens = tokenise(text)

    assert words_of(text) == [key for key, bare in zip(tokens.keys, tokens.bares, strict=True) if bare]
    assert bare_words(text) == [bare for bare in tokens.bares if bare]
    assert key_of(text) == fold_key(tokens)


@given(st.lists(_ANY, max_size=6))
def test_tokens_are_the_text(texts: list[str]) -> None:
    """Each token starts where it says, and all of them are the text again."""
    text = "\n".join(texts)
    tokens = tokenise(text)

    count = len(tokens.cores)
    pieces = [core + space for core, space in zip(tokens.cores, tokens.spaces, strict=True)]
    assert [tokens.slice(n, n + 1) for n in range(count)] == pieces
    assert tokens.lead + tokens.slice(0, count) == text
    assert tokens.unspaced == ("中" in text)


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
    of_every_kind = spans._contacts(sum({kind for kind, _ in spans._CONTACTS}))
    contacts = {m.span() for m in of_every_kind.finditer(text) if spans._is_contact(m.group())}

    assert found == contacts | {m.span("number") for m in spans._REFERENCE.finditer(text)}


@given(
    st.text(alphabet="ab ", min_size=1), st.lists(st.text(alphabet="abc ", max_size=8), max_size=6), st.floats(0.1, 1)
)
def test_likeness_of_many(one: str, others: list[str], cutoff: float) -> None:
    """Comparing one string of symbols with many gives what comparing it with each of them gives."""
    assert similarities(one, others, cutoff=cutoff) == [similarity(one, other, cutoff=cutoff) for other in others]


def test_work_is_counted_for_all_or_none() -> None:
    """Pairs that are afforded together count as they do one by one; where not all can be, none is counted."""
    together, one_by_one = Work(limit=10), Work(limit=10)

    assert together.afford_all(100, [10, 200, 50])
    assert all(one_by_one.afford(100, size) for size in (10, 200, 50))
    assert together.cells == one_by_one.cells == 8
    assert not together.afford_all(1, [1, 1, 1])
    assert together.cells == 8
