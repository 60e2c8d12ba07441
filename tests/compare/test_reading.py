"""Changes that read badly when every word is told for itself."""

from __future__ import annotations

import pytest

from harvest.compare import compare
from harvest.compare.homes import Homes
from harvest.compare.render import to_html, to_markdown, to_terminal
from harvest.compare.repeated import told_again
from harvest.compare.texts import compare_texts
from harvest.model import Change, Tier

KEEP = "We keep the address you give us for as long as your account is open."
BASKET = "Cookies help the shop remember what you put in your basket until you come back another day."
LETTERS = "Nobody outside the company reads the letters you write to us, and we keep them under lock and key."
OLD = "We at times show your orders from this house to banks in town and then let other folk see the goods."
NEW = "A clerk may also show your orders from some place to many carriers and then let your own friends find the goods."


def test_a_sentence_written_anew_is_shown_old_and_new(doc):
    """Where words that stayed lie scattered in a rewritten sentence, it is one deletion and one insertion."""
    found = compare(doc(("Use", f"{KEEP} {OLD} {LETTERS}")), doc(("Use", f"{KEEP} {NEW} {LETTERS}")))

    (change,) = found.changes
    assert [op for op, _ in change.ops] == ["=", "-", "+", "="]
    assert "1 sentence shown as old and new" in found.method


def test_a_sentence_beside_one_written_anew_keeps_its_words(doc):
    """Sentences are judged one by one: an edit of a word stays an edit of a word."""
    edited = KEEP.replace("address", "number")
    (change,) = compare(doc(("Use", f"{KEEP} {OLD} {LETTERS}")), doc(("Use", f"{edited} {NEW} {LETTERS}"))).changes

    assert change.ops[1:3] == (("-", "address"), ("+", "number"))


@pytest.mark.parametrize("swap", [False, True], ids=["to the sign", "to the word"])
def test_the_sign_for_and_is_no_edit(doc, swap):
    """A heading or clause that writes & for and differs in typography."""
    pair = doc(("Tax and customs", KEEP)), doc(("Tax & customs", KEEP.replace("you give", "you & yours give")))
    pair = pair[0], pair[1], doc(("Tax and customs", KEEP.replace("you give", "you and yours give")))
    before, after = (pair[1], pair[2]) if swap else (pair[2], pair[1])
    found = compare(before, after)

    assert found.tier == Tier.TYPOGRAPHY
    assert (found.words_added, found.words_removed) == (0, 0)


def test_a_heading_that_recurs_is_the_one_beside_the_same_section(doc, kinds):
    """With a rule taken out from among many, the heading below each of the others stays where it is."""
    rules = ("Fire", KEEP), ("Water", BASKET), ("Air", LETTERS)
    before = doc(*(part for rule in rules for part in (rule, ("What this means for you",))))
    after = doc(*(part for rule in (rules[1], rules[2], rules[0]) for part in (rule, ("What this means for you",))))

    assert kinds(compare(before, after)) == {"section-moved": 1}


def test_a_heading_set_between_a_heading_and_its_text_is_added(doc, kinds):
    """The heading above keeps its name, though what stood below it stands below the new one."""
    lists = ("Cities", "Basel", "Bern", BASKET), ("Rules", KEEP)
    before = doc(*lists, ("Cities", "Rome", "Milan", LETTERS), ("End", KEEP))
    after = doc(*lists, ("Cities", "Rome"), ("Letters", LETTERS), ("End", KEEP))

    assert "heading-renamed" not in kinds(compare(before, after))


NOTE = "Notes are further examples of what is and what is not allowed here, and change no rule."


def test_one_addition_in_many_places_is_said_once(doc):
    """A note put below every rule has a line of its own, and its words are shown in full once."""
    rules = [("Fire", KEEP), ("Water", BASKET), ("Air", LETTERS), ("Earth", OLD)]
    found = compare(doc(*rules), doc(*((*rule, NOTE) for rule in rules)))

    (repetition,) = found.repetitions
    assert (repetition.sign, repetition.text, repetition.changes) == ("+", NOTE, 4)
    assert told_again(found.changes) == {1: 0, 2: 0, 3: 0}
    for shown in (to_terminal(found, colour=False, context=99), to_markdown(found)):
        assert shown.count("change no rule.") == 1
    assert str(to_html(found)).count("the same 17 words as in a change above") == 3


EDITION = (("Use", KEEP, BASKET), ("Letters", LETTERS, OLD))


@pytest.mark.parametrize("swap", [False, True], ids=["announced", "in force"])
def test_an_edition_beside_the_one_that_stays_is_judged_by_what_is_new(doc, swap):
    """Words that came, or went, and stand elsewhere in the text are counted, but what is new in them sets the tier."""
    announced = (("From June: Use", KEEP, BASKET), ("Letters", LETTERS, OLD.replace("banks", "carriers")))
    before, after = doc(("Terms",), *EDITION), doc(("Terms",), *announced, *EDITION)
    found = compare(after, before) if swap else compare(before, after)

    assert found.tier == Tier.EDIT
    assert "stand elsewhere in the same text as well" in found.reason
    assert max(found.words_added, found.words_removed) > sum(len(t.split()) for t in (KEEP, BASKET, LETTERS, OLD))


def test_a_clause_said_twice_says_nothing_new(doc, kinds):
    """A clause that comes a second time is added, and its tier that of words which only stand elsewhere."""
    found = compare(
        doc(("Use", KEEP, BASKET), ("Letters", LETTERS)), doc(("Use", KEEP, BASKET), ("Letters", LETTERS, KEEP))
    )

    assert kinds(found) == {"added": 1}
    assert (found.tier, found.words_added) == (Tier.ORDER, len(KEEP.split()))


def test_a_clause_that_is_new_is_judged_whole(doc):
    """Words that stand nowhere else in the text are new, whatever else is said twice."""
    (change,) = compare(doc(("Use", KEEP, BASKET)), doc(("Use", KEEP, BASKET, NEW))).changes

    assert change.tier == Tier.REWRITE


def test_words_that_only_a_space_parts_change_together(doc):
    """Two neighbouring words that became two others are one replacement."""
    (change,) = compare(doc(("Use", f"Paid Partners. {KEEP}")), doc(("Use", f"paid partners. {KEEP}"))).changes

    assert change.ops[:2] == (("-", "Paid Partners"), ("+", "paid partners"))


def test_a_section_renamed_and_written_mostly_anew_is_one_section(doc, kinds):
    """Of a section at one place whose clause was edited, heading and rest are told as what they became."""
    early = ("Lewd things", "We forbid lewd pictures of any kind here.", OLD)
    late = (
        "Lewd and sexual things",
        "Nobody may sell what this house does not want to see.",
        OLD.replace("town", "cities"),
    )
    found = compare(doc(("Use", KEEP), early, ("End", LETTERS)), doc(("Use", KEEP), late, ("End", LETTERS)))

    assert kinds(found)["heading-renamed"] == 1
    assert not kinds(found)["section-added"]


def test_a_moved_paragraph_moves_with_its_run_in_heading():
    """A paragraph whose first words are read as its heading moved as a paragraph."""

    def text(*paragraphs):
        return "# Terms\n\n## Use\n\n" + "\n\n".join(paragraphs) + "\n"

    run_in = f"**Our letters.** {LETTERS}"
    before = text(run_in, "## Rules", KEEP, "## Goods", BASKET, "## End", OLD)
    found = compare_texts(before, text("## Rules", KEEP, "## Goods", BASKET, run_in, "## End", OLD))

    assert [change.kind for change in found.changes] == ["moved"]


def test_a_heading_that_comes_is_no_rename(doc):
    """The reason of a heading that one side has says what came, and nothing of a share."""
    (change,) = compare(doc(("", KEEP, BASKET)), doc(("Our policy", KEEP, BASKET))).changes

    assert change.reason == "2 words added"


@pytest.mark.parametrize(
    ("old", "new", "tier"),
    [
        ("4 Duck Pond Square, Dublin 2", "Heron Road, Dublin 4, D04 X1Y2", Tier.CONTACTS),
        ("7 Swan Place, London, SW1P 9ZZ", "12 Goose Street, Leeds, LS1 4AB", Tier.CONTACTS),
        ("Duck Ltd, 4 Duck Pond Square", "Drake Ltd, 4 Duck Pond Square", Tier.EDIT),
    ],
    ids=["to another street", "to another town", "another company"],
)
def test_a_postal_address_is_contact_details(doc, old, new, tier):
    """A street with the town after it may change as a whole; who lives there may not."""
    before, after = (f"The shop is run for you by the people of {at}, Ireland. {KEEP}" for at in (old, new))

    assert compare(doc(("Use", before, BASKET)), doc(("Use", after, BASKET))).tier == tier


def test_a_stated_date_in_chinese_is_a_date(doc):
    """The day an edition is of is no edit in scripts without spaces either."""
    found = compare(doc(("", "更新日期：2025年8月26日", KEEP)), doc(("", "更新日期：2025年10月10日", KEEP)))

    assert found.tier == Tier.DATES


def test_clauses_of_a_section_found_by_its_place_are_compared(doc, kinds):
    """However much came and went around it, a renamed section is compared clause by clause."""
    gone = [(f"Was {n}", " ".join(f"w{n}x{k}" for k in range(9))) for n in range(110)]
    come = [(f"Now {n}", " ".join(f"v{n}x{k}" for k in range(9))) for n in range(110)]
    old, new = (
        ("Our house", LETTERS, "for the sake of safety,"),
        ("Keys", LETTERS.replace("key", "bolt"), "for the sake of safety"),
    )
    found = compare(doc(("Use", KEEP), *gone, old, ("End", BASKET)), doc(("Use", KEEP), *come, new, ("End", BASKET)))

    assert kinds(found) == {"section-removed": 110, "section-added": 110, "heading-renamed": 1, "edited": 2}


@pytest.mark.parametrize(
    ("order", "says"),
    [
        ((1, 2, 3, 0), "moved inside its section, from its top, no word changed"),
        ((3, 0, 1, 2), "moved inside its section, from below “Payment details travel by coach to …”, no word changed"),
    ],
    ids=["from the top", "from the end"],
)
def test_a_move_inside_a_section_says_what_stood_above(doc, order, says):
    """The reader can find where a clause stood before."""
    clauses = (KEEP, BASKET, "Payment details travel by coach to the bank in the old town.", LETTERS)
    (change,) = compare(doc(("Use", *clauses)), doc(("Use", *(clauses[n] for n in order)))).changes

    assert change.reason == says


@pytest.mark.parametrize("swap", [False, True], ids=["lines became a paragraph", "a paragraph became lines"])
def test_a_paragraph_laid_out_in_lines_is_the_same_paragraph(doc, kinds, swap):
    """However many lines a paragraph is cut into, and edited as well, it is one change that names the words edited."""
    words = f"{KEEP} {BASKET} {LETTERS} {OLD}".split()
    lines = [" ".join(words[n : n + 9]) for n in range(0, len(words), 9)]
    whole = " ".join(words).replace("lock and key", "bolt and bar").replace("house", "place")
    pair = doc(("Use", NEW), ("Rules", *lines)), doc(("Use", NEW), ("Rules", whole))
    found = compare(*(reversed(pair) if swap else pair))

    assert kinds(found) == {"split" if swap else "merged": 1}
    assert found.words_added == found.words_removed == 3


@pytest.mark.parametrize("swap", [False, True], ids=["words came", "words went"])
def test_words_that_only_came_strike_none(doc, swap):
    """However many words came into a sentence, those that stayed are neither struck nor written again."""
    short = "We may keep a copy of each letter for business purposes or as required by law."
    long = (
        "We may keep a copy of each letter for business purposes and if we believe doing so is right, or as plainly"
        " required by, any applicable law."
    )
    pair = doc(("Use", f"{KEEP} {short}")), doc(("Use", f"{KEEP} {long}"))
    (change,) = compare(*(reversed(pair) if swap else pair)).changes

    assert {op for op, _ in change.ops} == {"=", "-" if swap else "+"}


def test_a_mark_beside_words_that_went_leaves_the_words_between(doc):
    """A comma is no reason to strike the words before it, which stay."""
    before = "You may have the right to request a copy or, in some towns, the plain correction of, your letters."
    after = "You may have the right to correction of your letters."
    (change,) = compare(doc(("Use", f"{KEEP} {before}", LETTERS)), doc(("Use", f"{KEEP} {after}", LETTERS))).changes

    assert "+" not in {op for op, _ in change.ops}


def test_a_section_that_moved_and_was_renamed_and_edited_is_one(doc, kinds):
    """Clauses that moved together, most of them edited, into a section of another name are a moved section."""
    notes = (BASKET, LETTERS, OLD, "A form for this lies at the counter of every branch that we keep open on Mondays.")
    edited = [text.replace("you", "you there").replace("the counter", "each counter") for text in notes]
    stayed = ("Sand", KEEP, NEW), ("Law", "The law of the island holds, and its court sits in the old town hall.")
    before = doc(("Rights on the island", *notes), *stayed)
    after = doc(*stayed, ("Rights on all islands", "Twelve islands are meant here.", *edited))

    assert kinds(compare(before, after)) == {"section-moved": 1, "heading-renamed": 1}


def test_what_went_from_an_opening_stands_where_its_rest_is(doc):
    """A clause that went from a text without headings is shown under the heading its neighbours stand under now."""
    gone = "Each lorry is painted green before it may carry a single parcel over the long bridge to the north."
    more = [
        f"Rule {n} of the harbour master speaks of {n} anchors and their {n} rusty chains at low tide." for n in "abc"
    ]
    before = doc(("", gone, BASKET))
    after = doc(("Buying", more[0]), ("Listing", more[1], BASKET, more[2], NEW, OLD))
    lines = compare(before, after).lines
    told = [line.kind if isinstance(line, Change) else "same" for line in lines]

    assert told == ["section-added", "section-added", "removed", "same"]
    assert [line.after_section for line in lines] == [0, 1, None, 1]


def test_what_went_stands_under_the_heading_that_stayed(doc):
    """A section keeps its place by its heading, though more of its clauses are in another section now."""
    gone = "Each lorry is painted green before it may carry a single parcel over the long bridge to the north."
    notes = BASKET, LETTERS, OLD
    edited = [text.replace("you", "you there").replace("banks", "the banks") for text in notes]
    before = doc(("Buying", KEEP, gone, *notes), ("Law", "The court of the island sits in the town hall."))
    after = doc(("Buying", KEEP), ("Listing", NEW, *edited), ("Law", "The court of the island sits in the town hall."))
    found = compare(before, after)
    homes = Homes(found)
    (removed,) = (change for change in found.changes if change.kind == "removed")

    assert homes.heading_of(removed) == "Buying"
