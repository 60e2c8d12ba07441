"""Words that are spelled otherwise in another country, and words that only look alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.compare.spelling import plain_spelling, printed_in, read_spelling

PAIRS = (
    "behaviours behaviors|favourite favorite|neighbourhood neighborhood|honoured honored|discolouring discoloring"
    "|organisational organizational|personalised personalized|analysing analyzing|recognises recognizes"
    "|anonymisation anonymization|centred centered|centres centers|theatre theater|fibre fiber|kilometres kilometers"
    "|labelling labeling|travellers travelers|cancelled canceled|unlabelled unlabeled|fulfilment fulfillment"
    "|enrolment enrollment|instalments installments|wilful willful|skilful skillful|catalogue catalog"
    "|dialogues dialogs|licence license|unlicenced unlicensed|defence defense|offences offenses|pretence pretense"
    "|encyclopaedia encyclopedia|paediatric pediatric|programme program|practising practicing|grey gray"
    "|judgement judgment|enquiry inquiry|manoeuvre maneuver"
)
APART = (
    "filed filled|filing filling|poled polled|hoped hopped|planed planned|tiled tilled|hour or|four for|your yor"
    "|metre metro|fire fir|sense sence|prise price|ice is|cense cent|wise wide|rise rice|advise advice|total totally"
    "|will wil­l|form from|user use|license licensee|analysis analyses"
)


@pytest.mark.parametrize(("british", "american"), [tuple(pair.split()) for pair in PAIRS.split("|")])
def test_two_spellings_are_one_word(british: str, american: str) -> None:
    """Both get the same plain spelling, which is its own."""
    assert plain_spelling(british) == plain_spelling(american)
    assert plain_spelling(plain_spelling(british)) == plain_spelling(british)


@pytest.mark.parametrize(("one", "other"), [tuple(pair.split()) for pair in APART.split("|")])
def test_two_words_stay_two(one: str, other: str) -> None:
    """An ending alone makes no words alike."""
    assert plain_spelling(one) != plain_spelling(other)


@pytest.mark.parametrize(
    ("words", "where"),
    [
        ("personalised behaviour centres labelling licence organisations enrolment fulfils wilful", "british"),
        (
            "personalized behavior centers labeling organizations analyze favorites vapors totaled enrollment fulfills"
            " willful",
            "american",
        ),
        ("exercise advertised promises raised wise size prizes seized citizens four filled service laboratory", ""),
        ("colorado collaborate rigorous vigorous humorist honorary parameter cluster imprecise merchandise", ""),
        ("enrolled installed installation cancellation willing skills fundraising dialogue analyses crises", ""),
    ],
)
def test_a_spelling_tells_where_it_was_printed(words: str, where: str) -> None:
    """Words that are spelled alike all over the world tell nothing."""
    assert {printed_in(word) for word in words.split()} == {where}


def test_a_line_is_read_word_by_word() -> None:
    """Its plain form, and how many of its words tell where it was printed."""
    assert read_spelling("our organisation honors its colour") == ("our organization honors its color", 2, 1)


@given(st.text(max_size=60))
def test_any_text_has_a_plain_spelling(text: str) -> None:
    """No text raises, and spelling a text plainly twice changes nothing more."""
    plain, _, _ = read_spelling(text)

    assert read_spelling(plain)[0] == plain
