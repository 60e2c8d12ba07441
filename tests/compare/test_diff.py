"""What a reader is told about typical changes of a policy."""

from __future__ import annotations

import pytest

from harvest.compare import compare
from harvest.compare.texts import compare_texts
from harvest.model import Clause, Section, Tier

KEEP = "We keep the address you give us for as long as your account is open."
ERASE = "You may ask us at any time to erase everything we hold about you, and we do so within a month."
BASKET = "Cookies help the shop remember what you put in your basket until you come back another day."
LETTERS = "Nobody outside the company reads the letters you write to us, and we keep them under lock and key."
BANK = "Payment details travel to the bank in encrypted form. We never store them. Ask your bank for more."


def test_a_replaced_word_is_one_edit(doc, kinds):
    """One word replaced in one clause is one edited change with exactly that word in its ops."""
    found = compare(doc(("Use", KEEP, ERASE)), doc(("Use", KEEP.replace("address", "telephone"), ERASE)))

    (change,) = found.changes
    assert change.kind == "edited"
    assert change.ops[1:3] == (("-", "address"), ("+", "telephone"))
    assert (found.tier, found.words_added, found.words_removed) == (Tier.EDIT, 1, 1)


@pytest.mark.parametrize(("sides", "op"), [((" ", ", "), "+"), ((", ", " "), "-")], ids=["comes", "goes"])
def test_a_comma_strikes_no_space(doc, sides, op):
    """A comma that comes between two words, or goes, is the one thing shown as changed."""
    before, after = (f"We grow plums{side}pears in the garden behind the house of our friends." for side in sides)
    (change,) = compare(doc(("Use", before)), doc(("Use", after))).changes

    assert [found for found in change.ops if found[0] != "="] == [(op, ",")]


def test_a_moved_clause_is_one_move(doc, kinds):
    """A clause that turns up in another section is moved, with no word added or removed."""
    found = compare(
        doc(("Use", KEEP, ERASE), ("Cookies", BASKET), ("Letters", LETTERS)),
        doc(("Use", KEEP), ("Cookies", BASKET), ("Letters", LETTERS, ERASE)),
    )

    assert kinds(found) == {"moved": 1}
    assert (found.tier, found.words_added, found.words_removed) == (Tier.ORDER, 0, 0)
    assert found.words_moved == len(ERASE.split())


def test_a_moved_and_edited_clause_shows_its_edits_once(doc, kinds):
    """A clause that moved and changed a word is one change with the ops of the edit."""
    found = compare(
        doc(("Use", KEEP, ERASE), ("Cookies", BASKET), ("Letters", LETTERS)),
        doc(("Use", KEEP), ("Cookies", BASKET), ("Letters", LETTERS, ERASE.replace("month", "week"))),
    )

    assert kinds(found) == {"moved-edited": 1}
    assert ("-", "month") in found.changes[0].ops and ("+", "week") in found.changes[0].ops


def test_a_short_clause_is_never_said_to_have_moved_far(doc, kinds):
    """Short clauses recur by chance: in another section they were removed and added."""
    found = compare(
        doc(("Use", KEEP, "Your name."), ("Cookies", BASKET), ("Letters", LETTERS)),
        doc(("Use", KEEP), ("Cookies", BASKET), ("Letters", LETTERS, "Your name.")),
    )

    assert kinds(found) == {"removed": 1, "added": 1}


@pytest.mark.parametrize("turn", [False, True], ids=["split", "merged"])
def test_a_split_paragraph_is_no_edit(doc, kinds, turn):
    """A paragraph split at a sentence is one change without words, and so is the way back."""
    whole = doc(("Payment", KEEP, BANK, ERASE))
    parts = doc(("Payment", KEEP, "Payment details travel to the bank in encrypted form.", BANK[54:], ERASE))

    found = compare(parts, whole) if turn else compare(whole, parts)

    assert kinds(found) == {"merged" if turn else "split": 1}
    assert (found.tier, found.words_added, found.words_removed) == (Tier.TYPOGRAPHY, 0, 0)


def test_a_split_with_an_edit_keeps_its_words_apart(doc, kinds):
    """A clause split in three of which one changed a word is one split with that word in its ops."""
    parts = ["Payment details travel to the bank in encrypted form.", "We never keep them.", "Ask your bank for more."]

    found = compare(doc(("Payment", KEEP, BANK, ERASE)), doc(("Payment", KEEP, *parts, ERASE)))

    assert kinds(found) == {"split": 1}
    assert (found.words_added, found.words_removed) == (1, 1)


def test_renumbering_is_told_of_headings_only(doc, kinds):
    """A new section that pushes the numbers up makes headings renumbered and leaves the text alone."""
    before = doc(("1. Use", KEEP), ("2. Cookies", BASKET, "More on this in section 3."), ("3. Letters", LETTERS))
    after = doc(
        ("1. Use", KEEP),
        ("2. Payment", BANK),
        ("3. Cookies", BASKET, "More on this in section 4."),
        ("4. Letters", LETTERS),
    )

    found = compare(before, after)

    assert kinds(found) == {"section-added": 1, "heading-renumbered": 2, "edited": 1}
    (reference,) = [c for c in found.changes if c.kind == "edited"]
    assert reference.tier == Tier.NUMBERING


def test_a_reference_that_does_not_follow_is_an_edit(doc):
    """A reference that points at another section than before is no renumbering."""
    before = doc(("1. Use", KEEP), ("2. Cookies", "More on this in section 1."), ("3. Letters", LETTERS))
    after = doc(("1. Use", KEEP), ("2. Cookies", "More on this in section 3."), ("3. Letters", LETTERS))

    (change,) = compare(before, after).changes

    assert change.tier is not None and not change.tier.is_noise


def test_a_renamed_heading_is_a_change_of_its_own(doc, kinds):
    """A heading that changes over the same text is renamed; its clauses are the same."""
    found = compare(doc(("Use", KEEP), ("Cookies", BASKET)), doc(("Use", KEEP), ("Small files", BASKET)))

    (change,) = found.changes
    assert (change.kind, change.before, change.after) == ("heading-renamed", None, None)
    assert (change.heading_before, change.heading_after) == ("Cookies", "Small files")


def test_marks_of_a_heading_that_were_not_read_are_no_words(doc):
    """Marks of Markdown within a line, and the number behind them, are numbering at most; other words are not."""
    marked = doc(("### 3. Cookies", BASKET))
    (mended,) = compare(marked, doc(("3. Cookies", BASKET))).changes
    (renamed,) = compare(marked, doc(("3. Small files", BASKET))).changes

    assert (mended.kind, mended.tier) == ("heading-renamed", Tier.NUMBERING)
    assert renamed.tier is not None and not renamed.tier.is_noise


def test_a_section_is_added_in_one_change(doc):
    """A new section is one change whose text is its clauses joined by a blank line."""
    found = compare(doc(("Use", KEEP)), doc(("Use", KEEP), ("Cookies", BASKET, ERASE)))

    (change,) = found.changes
    assert (change.kind, change.after) == ("section-added", f"{BASKET}\n\n{ERASE}")
    assert change.before is None
    assert found.words_added == len(f"Cookies {BASKET} {ERASE}".split())


def test_a_section_moves_in_one_change(doc, kinds):
    """A section that changes its place is one change, and the sections around it are none."""
    sections = [("Use", KEEP), ("Cookies", BASKET), ("Letters", LETTERS), ("Payment", BANK), ("Rights", ERASE)]

    found = compare(doc(*sections), doc(*sections[1:4], sections[0], sections[4]))

    assert kinds(found) == {"section-moved": 1}
    assert (found.tier, found.words_added, found.words_removed) == (Tier.ORDER, 0, 0)


def test_subsections_move_along():
    """A section that moves with its subsections is one change, not one for each of them."""

    def part(level: int, heading: str, text: str) -> Section:
        return Section(level, "", heading, "markup", 1.0, (Clause("paragraph", 0, text, text),))

    moved = [part(2, "Use", KEEP), part(3, "Children", ERASE), part(3, "Letters", LETTERS)]
    rest = [part(2, "Cookies", BASKET), part(2, "Payment", BANK), part(2, "Law", KEEP.replace("address", "number"))]

    found = compare([*moved, *rest], [*rest, *moved])

    assert [change.kind for change in found.changes] == ["section-moved"]
    assert "2 sections after it" in found.changes[0].reason


def test_a_heading_read_as_a_clause_is_no_change_of_words(doc):
    """Where only the mark-up of a heading went, no section was removed and no clause added."""
    before = doc(("Use", KEEP), ("Cookies", BASKET), ("Letters", LETTERS))
    after = doc(("Use", KEEP, "Cookies", BASKET), ("Letters", LETTERS))

    found = compare(before, after)

    assert found.changes == ()
    assert found.tier == Tier.TYPOGRAPHY


def test_a_rewritten_clause_is_shown_whole(doc):
    """Above 65 % changed words a clause is shown old and new, and the method says so."""
    new = "We keep nothing at all, save the address of an account you open with a shop of ours in town."

    found = compare(doc(("Use", KEEP)), doc(("Use", new)))

    (change,) = found.changes
    assert [op for op, _ in change.ops] == ["-", "+"]
    assert "shown whole" in found.method


def test_the_order_of_entries_is_that_of_the_text_after(doc):
    """Entries follow the text after; what is gone stands where it was left."""
    found = compare(
        doc(("Use", KEEP, ERASE, BASKET), ("Letters", LETTERS)), doc(("Use", KEEP, BASKET, BANK), ("Letters", LETTERS))
    )

    assert [(entry.kind, entry.after or entry.before) for entry in found.entries] == [
        ("same", KEEP),
        ("removed", ERASE),
        ("same", BASKET),
        ("added", BANK),
        ("same", LETTERS),
    ]


def test_one_edit_beside_noise_is_still_an_edit(doc):
    """Noise in the same clause never hides a word that changed."""
    old = "We may use the 'data' you give us - for example your address - to answer your letters and calls."
    new = "We will use the ‘data’ you  give us – for example your\u00a0address – to answer your letters and calls."

    found = compare(doc(("Use", old)), doc(("Use", new)))

    assert (found.tier, found.words_added, found.words_removed) == (Tier.EDIT, 1, 1)


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        pytest.param(
            "我们收集您的姓名、地址和电话号码。我们不会出售您的数据。",
            "我们收集您的姓名、地址和住址。我们不会出售您的数据。",
            [("-", "电话号码"), ("+", "住址")],
            id="Chinese",
        ),
        pytest.param(
            "お客様の情報を2015年にサーバーへ保存します。",
            "お客様の情報を2018年にクラウドへ保存します。",
            [("-", "2015"), ("+", "2018"), ("-", "サーバー"), ("+", "クラウド")],
            id="Japanese",
        ),
        pytest.param(
            "เราเก็บข้อมูลส่วนบุคคลของคุณ", "เราเก็บข้อมูลของคุณ", [("-", "ส่วนบุคคล")], id="Thai",
        ),
        pytest.param(
            "نحن نحتفظ بعنوانك طالما كان حسابك مفتوحا",
            "نحن نحتفظ برقمك طالما كان حسابك مفتوحا",
            [("-", "بعنوانك"), ("+", "برقمك")],
            id="Arabic",
        ),
    ],
)  # fmt: skip
def test_scripts_without_spaces_are_compared_inside(doc, before, after, changed):
    """Where words are not parted by spaces, or read from the right, only what changed is shown as changed."""
    (change,) = compare(doc(("1", before)), doc(("1", after))).changes

    assert [op for op in change.ops if op[0] != "="] == changed
    assert change.tier in (Tier.EDIT, Tier.REVISION)


@pytest.mark.parametrize(
    ("before", "after", "tier"),
    [
        pytest.param("## 2. Cookies\n", "Cookies\n", Tier.NUMBERING, id="number gone"),
        pytest.param("## b. Cookies\n", "B. Cookies\n", Tier.TYPOGRAPHY, id="number kept"),
        pytest.param("## 7. Letters\n", "- c. Letters\n", Tier.NUMBERING, id="another number"),
    ],
)
def test_a_heading_on_one_side_only_is_structure(before, after, tier):
    """A line that is a heading on one side and a clause on the other has no word added or removed."""
    texts = [f"# Use\n\n{KEEP}\n\n{line}\n{BASKET}\n\n{ERASE}\n" for line in (before, after)]

    for found in (compare_texts(*texts), compare_texts(*reversed(texts))):
        assert (found.words_added, found.words_removed) == (0, 0)
        assert found.tier is not None and found.tier.rank <= tier.rank


def test_a_heading_that_runs_into_an_edited_clause_is_not_removed(kinds):
    """Where a heading became the first words of its clause and the clause was edited, only the edit is told."""
    texts = [
        f"# Use\n\n{KEEP}\n\n## Your basket\n\n{BASKET}\n\n{ERASE}\n",
        f"# Use\n\n{KEEP}\n\nYour basket: {BASKET.replace('shop', 'store')}\n\n{ERASE}\n",
    ]

    found = compare_texts(*texts)

    assert kinds(found) == {"merged": 1}
    assert (found.words_added, found.words_removed) == (1, 1)


def test_a_heading_that_became_an_edited_clause_is_one_change(kinds):
    """A line that is a heading on one side and, with other words in it, a clause on the other is one change."""
    line = "Letters to people who live outside the country"
    before = f"# Use\n\n{KEEP}\n\n## {line}\n\n{BASKET}\n\n{ERASE}\n"
    after = f"# Use\n\n{KEEP}\n\n{line} or at sea\n\n{BASKET}\n\n{ERASE}\n"

    for found in (compare_texts(before, after), compare_texts(after, before)):
        assert kinds(found) == {"edited": 1}
        assert found.words_added + found.words_removed == 3


def test_links_that_change_beside_a_word_are_named():
    """The reader of an edit sees which link targets changed with it."""
    before = f"# Use\n\n{KEEP} [Ask](http://a.example/x) us.\n"
    (change,) = compare_texts(before, before.replace("a.example/x", "b.example/y").replace("open", "live")).changes

    assert change.links == (("http://a.example/x", "http://b.example/y"),)
    assert "link targets too" in change.reason


def test_one_replacement_in_many_clauses_is_said_once(doc):
    """A name that changes everywhere has a line of its own, beside the edits."""
    clauses = [text.replace(" the ", " Plum ") for text in (KEEP, BASKET, LETTERS, "Ask the people of the house.")]
    found = compare(doc(("Use", *clauses)), doc(("Use", *(text.replace("Plum", "Pear") for text in clauses))))

    (replacement,) = found.replacements
    places = sum(text.count("Plum") for text in clauses)
    assert (replacement.before, replacement.after, replacement.places) == ("Plum", "Pear", places)
    assert (replacement.changes, replacement.alone) == (4, 4)
    assert len(found.changes) == 4


def test_a_move_says_from_where(doc):
    """The reason of a move names the place a clause or section left."""
    parts = ("Use", KEEP), ("Cookies", BASKET), ("Letters", LETTERS)
    clause = compare(doc(("Use", KEEP, ERASE), *parts[1:]), doc(*parts[:2], ("Letters", LETTERS, ERASE)))
    section = compare(doc(*parts, ("Payment", BANK)), doc(*parts[:1], ("Payment", BANK), *parts[1:]))

    assert clause.changes[0].reason == "moved from “Use”, no word changed"
    assert section.changes[0].reason == "moved from below “Letters”, no word changed"


def test_a_section_written_anew_elsewhere_has_not_moved(doc, kinds):
    """A heading that comes back elsewhere over other words is a section removed and one added."""
    found = compare(
        doc(("Children", KEEP), ("Cookies", BASKET), ("Letters", LETTERS)),
        doc(("Cookies", BASKET), ("Letters", LETTERS), ("Children", ERASE)),
    )

    assert kinds(found) == {"section-removed": 1, "section-added": 1}
