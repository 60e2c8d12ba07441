"""The date a policy states of itself, and the dates that are not it."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.model import Block, Clause, Section, Span
from harvest.text.stated_date import stated_date
from harvest.text.stated_days import find_days

with (Path(__file__).parent / "stated_dates.tsv").open(encoding="utf-8") as table:
    PHRASINGS = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", PHRASINGS, ids=lambda row: row["line"])
def test_phrasings(row):
    """Every usual way of stating a date, in a line under the title, is read with its kind and exact words."""
    found = stated_date(["Acme Privacy Policy", "We care about your privacy.", row["line"], "Next"], row["language"])

    assert found is not None
    assert (found.kind, str(found.day), found.words) == (row["kind"], row["day"], row["words"])


@pytest.mark.parametrize(
    "line",
    [
        "We comply with the Data Protection Act of 6 January 1998 and its amendments.",
        "Wir beachten die Verordnung (EU) 2016/679 des Europäischen Parlaments vom 27. April 2016.",
        "Conformément à la loi « Informatique et Libertés » du 6 janvier 2004, vous disposez d’un droit d’accès.",
        "The General Data Protection Regulation became effective on May 25, 2018.",
        "We rely on the standard contractual clauses as updated by the Commission on 4 June 2021.",
        "Members who registered before January 18, 2021 may object.",
        "This policy replaces the policy dated August 1, 2014.",
        "The previous version was effective until March 4, 2011.",
        "Copyright 1999-2011 Acme. All rights reserved.",
        "Our certificate was issued by the Widget Board on March 4, 2011 after an audit of our factory.",
        "Acme was founded on March 4, 1996.",
        "Call us 24/7/365 or write to us.",
        "In the twelve months before 1 January 2020 we sold no personal information to anybody at all.",
        "Friday, March 4, 2011",
        "As of May 25, 2018, a new European law gives you the right to ask for a copy of all that we hold.",
        "Offer valid until March 4, 2011",
        "Order 03/04/2011-17 was shipped to you.",
        "IP 192.168.20.11, version 3.11.2010.4",
        "Fee schedule as of 7.1.2023: see https://acme.example/fees-updated-7.1.2023.pdf",
    ],
)
def test_other_dates_are_not_stated(line):
    """Dates of laws, users, earlier versions, offers and clocks are none of the document's."""
    lines = ["Acme Privacy Policy", *["We care about what you tell us."] * 20, line, *["And we keep it."] * 20]

    assert stated_date(lines, "en") is None


def test_the_update_wins_over_coming_into_effect():
    """Where both are stated, the date is that of the update."""
    found = stated_date(["Privacy", "Effective: May 25, 2018", "Last updated: May 15, 2018"], "en")

    assert found is not None and found.day == date(2018, 5, 15)


def test_the_words_may_stand_on_the_line_above():
    """A label and its date may be two lines, or two cells."""
    found = stated_date(["Privacy", "Last updated", "March 4, 2011", "Text."], "en")

    assert found is not None
    assert (found.kind, found.day, found.words) == ("updated", date(2011, 3, 4), "Last updated March 4, 2011")


def test_a_day_alone_under_the_title_is_the_date_of_publication():
    """So did pages of 2001 state it."""
    found = stated_date(["Terms of Use", "10 March 2001", "These terms govern your use."], "en")

    assert found is not None and (found.kind, found.day) == ("published", date(2001, 3, 10))


def test_a_day_beside_its_weekday_is_the_clock_of_the_page():
    """Pages of 2000 show today's date under their title; it is none that the policy states."""
    assert stated_date(["Privacy Statement", "Sunday, 10 March 2019", "We keep nothing."]) is None


def test_a_day_wins_over_a_month():
    """Of two lines alike the one that names the day is the more exact."""
    found = stated_date(["Privacy Statement", "Updated: May 2018", "Updated: 3 April 2018", "We keep nothing."])

    assert found is not None and found.day == date(2018, 4, 3)


def test_blocks_and_sections_are_read_alike():
    """The same text gives the same date, whatever it comes as."""
    line = "Last updated: March 4, 2011"
    block = Block("paragraph", (Span("Last updated: "), Span("March 4, 2011", bold=True)))
    section = Section(1, "", "Privacy", "h1", 1.0, (Clause("paragraph", 0, line, line),))

    assert stated_date([block]) == stated_date([section]) == stated_date([line])


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("3/4/2010", "en", date(2010, 3, 4)),
        ("3/4/2010", "fr", date(2010, 4, 3)),
        ("13/4/2010", "en", date(2010, 4, 13)),
        ("4/13/2010", "de", date(2010, 4, 13)),
        ("3.4.2010", "en", date(2010, 4, 3)),
        ("1/2/99", "en", date(1999, 1, 2)),
    ],
)
def test_numeric_days_follow_the_language(text, language, day):
    """English reads the month first unless the numbers or dots say otherwise."""
    assert [one.day for one in find_days(text, language)] == [day]


LATER = "We changed our address on 25/12/2009."
EARLIER = "We changed our address on 12/25/2009."


@pytest.mark.parametrize(
    ("lines", "hints", "day"),
    [
        (["Last updated: 01/08/2010"], {}, date(2010, 1, 8)),
        (["Last updated: 01/08/2010", LATER], {}, date(2010, 8, 1)),
        (["Last updated: 01/08/2010", EARLIER], {"region": "en-GB"}, date(2010, 1, 8)),
        (["Last updated: 01/08/2010", LATER, EARLIER], {}, date(2010, 1, 8)),
        (["Last updated: 01/08/2010"], {"region": "en-GB"}, date(2010, 8, 1)),
        (["Last updated: 01-08-2010"], {"region": "en_AU"}, date(2010, 8, 1)),
        (["Last updated: 01/08/2010"], {"region": "en-US", "host": "acme.co.uk"}, date(2010, 1, 8)),
        (["Last updated: 01/08/2010"], {"host": "acme.co.uk"}, date(2010, 8, 1)),
        (["Last updated: 01/08/2010"], {"host": "acme.io", "region": "en"}, date(2010, 1, 8)),
        (["Last updated: 08/25/2010"], {"host": "acme.co.uk"}, date(2010, 8, 25)),
        (["Last updated: 01/08/2010", "By the Letters Act of 21 June 2004."], {}, date(2010, 8, 1)),
        (["Last updated: 01/08/2010", "By the Letters Act of June 21, 2004."], {"region": "en-GB"}, date(2010, 1, 8)),
        (["Last updated: 01/08/2010", "By Regulation (EU) 2016/679 of 27 April 2016."], {}, date(2010, 1, 8)),
    ],
    ids=[
        "nothing known",
        "another date",
        "dates before region",
        "dates that differ",
        "Britain",
        "Australia",
        "region before host",
        "host",
        "no land",
        "one reading only",
        "names of months",
        "names before region",
        "law of the Union",
    ],
)
def test_numeric_dates_follow_the_evidence(lines, hints, day):
    """01/08 is the first of August where the text, its region or its host says that the day stands first."""
    found = stated_date(["Privacy Policy", *lines], "en", **hints)

    assert found is not None and found.day == day


@pytest.mark.parametrize("text", ["31/31/2010", "February 30, 2010", "1 May 1789", "10.20.30.2010", "99/99/99"])
def test_what_is_no_day_is_left_out(text):
    """Impossible days are not guessed at."""
    assert find_days(text, "en") == []


@given(st.lists(st.text(max_size=120), max_size=12), st.sampled_from(["en", "de", "zh", ""]))
def test_never_raises_and_quotes_the_text(lines, language):
    """Whatever the lines are, the words found stand in them."""
    found = stated_date(lines, language)

    if found is not None:
        assert found.words.split()[0] in " ".join(lines)


@given(
    st.dates(date(1995, 1, 1), date(2035, 12, 31)), st.sampled_from(["%B %d, %Y", "%d %B %Y", "%Y-%m-%d", "%d %b %Y"])
)
def test_days_read_back(day, form):
    """A day written in any usual form is read as that day."""
    found = stated_date([f"Last updated: {day.strftime(form)}"], "en")

    assert found is not None and found.day == day
