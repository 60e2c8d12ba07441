"""Which tier a change gets, and that its reason says why."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from harvest.compare.diff import compare
from harvest.compare.tiers import judge_whole, judge_words, tier_of_share
from harvest.compare.tokens import tokenise
from harvest.compare.words import diff_words
from harvest.model import Clause, Section, Tier

NOISE = [
    pytest.param(
        "We use “cookies” – sometimes.", 'We use  "Cookies" - sometimes', Tier.TYPOGRAPHY, id="quotes-dash-case"
    ),
    pytest.param("our third-party e-mail tool", "our third party email tool", Tier.TYPOGRAPHY, id="hyphens"),
    pytest.param("information.We care", "information. We care", Tier.TYPOGRAPHY, id="missing space"),
    pytest.param("ﬁles of Ｗｅｂ", "files of Web", Tier.TYPOGRAPHY, id="unicode form"),
    pytest.param("(a) our cookies", "(b) our cookies", Tier.NUMBERING, id="label"),
    pytest.param("2. 2. our cookies", "our cookies", Tier.NUMBERING, id="two labels"),
    pytest.param("as in Section 10A above", "as in Section 10B above", Tier.NUMBERING, id="letter of a section"),
    pytest.param("as in section 3 above", "as in section 4 above", Tier.NUMBERING, id="reference"),
    pytest.param("as in section 3.2 above", "as in section 4.2 above", Tier.NUMBERING, id="reference below"),
    pytest.param("Last updated: January 5, 2015", "Last updated: 17 March 2016", Tier.DATES, id="stated date"),
    pytest.param("Stand: 3. Mai 2018", "Stand: 4. Juni 2019", Tier.DATES, id="stated date in German"),
    pytest.param(
        "Last Updated: 24 July 2023", "Effective date: August 25, 2023", Tier.DATES, id="another kind of date"
    ),
    pytest.param("Copyright 2015 Example Inc.", "Copyright 2016 Example Inc.", Tier.DATES, id="copyright year"),
    pytest.param("© 1998-2003 Example", "© 1998-2004 Example", Tier.DATES, id="copyright range"),
    pytest.param("Call (212) 555-0147 now", "Call (646) 555-0199 now", Tier.CONTACTS, id="telephone"),
    pytest.param("mail a.b@shop.example or us", "mail dpo@shop.example or us", Tier.CONTACTS, id="e-mail"),
    pytest.param("see www.shop.example/a for it", "see www.shop.example/b for it", Tier.CONTACTS, id="web address"),
    pytest.param("Updated 2019-05-01T10:20:30Z.", "Updated 2020-06-02T11:21:31Z.", Tier.DATES, id="time stamp"),
    pytest.param("Ask [email protected] first", "Ask a@shop.example first", Tier.CONTACTS, id="shielded e-mail"),
    pytest.param("(c) We keep it.", "© We keep it.", Tier.TYPOGRAPHY, id="letters for a sign"),
    pytest.param("Our Basket(TM) and Pear(r)", "Our Basket™ and Pear®", Tier.TYPOGRAPHY, id="letters for trade marks"),
    pytest.param("Our Basket™ and Pear®", "Our Basket and Pear", Tier.TYPOGRAPHY, id="signs gone"),
    pytest.param("We tell our users[12] of it", "We tell our users[14] of it", Tier.NUMBERING, id="mark of a note"),
    pytest.param("It is free. e. Deletion of it", "It is free. Deletion of it", Tier.NUMBERING, id="number inside"),
    pytest.param("Learn more](#part-12)", "Learn more](#part-14)", Tier.LINKS, id="rest of a link"),
    pytest.param("See [terms][our-terms] first", "See [terms] first", Tier.LINKS, id="link not read"),
    pytest.param("We ask by letter \u2139\ufe0f", "We ask by letter", Tier.TYPOGRAPHY, id="pictogram"),
    pytest.param("Ask a.b [at] shop.example", "Ask a.b@shop.example", Tier.CONTACTS, id="spelled-out e-mail"),
    pytest.param("Ask a@b.example now", "Ask a@b.example (a[at]b[dot]example) now", Tier.CONTACTS, id="e-mail twice"),
    pytest.param("Our organisation honours it", "Our organization honors it", Tier.TYPOGRAPHY, id="another English"),
    pytest.param("behaviour, labelled licence", "behavior, labeled license", Tier.TYPOGRAPHY, id="endings of English"),
    pytest.param("as our Orchard Policy, we", "as our , we", Tier.LINKS, id="hole before a comma"),
    pytest.param("Read our Orchard Policy.", "Read our .", Tier.LINKS, id="words of a link not caught"),
    pytest.param("Terms of UseLast Modified: 5 May 2019", "Last Modified: 5 May 2019", Tier.DATES, id="title glued"),
    pytest.param(
        "Name Street Town Purse Name Street Town Purse", "Name Street Town Purse", Tier.TYPOGRAPHY, id="doubled"
    ),
    pytest.param('<img src="https://a.example/x"> About pears', "About pears", Tier.LINKS, id="mark-up"),
    pytest.param(
        "Fill in this form first.", "Fill in this form (opens in a new window) first.", Tier.LINKS, id="a hint"
    ),
    pytest.param("More information", "More informationOpens in new tab", Tier.LINKS, id="a hint glued"),
    pytest.param("Lisez ceci.", "Lisez ceciLe lien s’ouvrira dans un nouvel onglet.", Tier.LINKS, id="a French hint"),
    pytest.param("Write to (mailto:a@b.example).", "Write to a@b.example.", Tier.LINKS, id="address of a link"),
    pytest.param("Opens a new window or tabOur rules", "Our rules", Tier.LINKS, id="a hint glued before"),
    pytest.param("The friendâs âbedâ.Â We", "The friend’s “bed”. We", Tier.TYPOGRAPHY, id="signs garbled"),
    pytest.param("vos donnÃ©es â€“ dÂ ici", "vos données – d ici", Tier.TYPOGRAPHY, id="letters garbled"),
    pytest.param("vos donn\ufffdes, d\ufffdabord", "vos données, d’abord", Tier.TYPOGRAPHY, id="letters lost"),
    pytest.param("Vos donnees personnelles", "Vos données personnelles", Tier.TYPOGRAPHY, id="accents left out"),
    pytest.param("We and our 1565 partners ask you", "We and our 1571 partners ask you", Tier.NUMBERING, id="partners"),
    pytest.param("Number of vendors asked: 602", "Number of vendors asked: 598", Tier.NUMBERING, id="vendors"),
    pytest.param("12 Oak Street, Springfield", "48 Elm Street, Springfield", Tier.CONTACTS, id="postal"),
]

SUBSTANCE = [
    pytest.param("We rest for 12 days with partners", "We rest for 14 days with partners", id="days with partners"),
    pytest.param("The shop opens in spring.", "The shop opens in a new hall.", id="no hint"),
    pytest.param("The friendâs bed.", "The friend’s beds.", id="another word beside a garbled sign"),
    pytest.param("l’âge du client", "l’ange du client", id="a letter that is none of those garbled"),
    pytest.param("Wir d\ufffdrfen das.", "Wir müssen das.", id="lost letters of another word"),
    pytest.param("We keep data until 31 December 2015.", "We keep data until 31 December 2025.", id="promised date"),
    pytest.param("We keep data for 15 months or so.", "We keep data for 1, 5 months or so.", id="digits"),
    pytest.param("We keep it for 30 days.", "We keep it for 90 days.", id="period"),
    pytest.param("A fee of $5 is due.", "A fee of €5 is due.", id="currency"),
    pytest.param("We do sell your data.", "We do not sell your data.", id="not"),
    pytest.param("Plan (c) is free.", "Plan is free.", id="letter in brackets"),
    pytest.param("as in section 3 above", "as in section 9 above", id="reference elsewhere"),
    pytest.param("as in section 3.2 above", "as in section 4.5 above", id="another part of what was renumbered"),
    pytest.param("Ask the gardener, the gardener decides.", "Ask the gardener decides.", id="two words said again"),
    pytest.param("We filed your form.", "We filled your form.", id="filed and filled"),
    pytest.param("Our organisation may share it.", "Our organization will share it.", id="another English and a word"),
    pytest.param("We share it with nobody.", "We share it .", id="a hole after what binds"),
]


def verdict(before: str, after: str):
    return judge_words(diff_words(tokenise(before), tokenise(after)), numbers={"3": "4", "10a": "10b"})


@pytest.mark.parametrize(("before", "after", "tier"), NOISE)
def test_noise_is_named(before, after, tier):
    """A change of one noise tier gets that tier, read either way."""
    assert verdict(before, after).tier == tier
    if tier is not Tier.NUMBERING:
        assert verdict(after, before).tier == tier


@pytest.mark.parametrize(("before", "after"), SUBSTANCE)
def test_substance_is_never_noise(before, after):
    """A change of meaning is at least an edit, however small it looks."""
    assert not verdict(before, after).tier.is_noise


def test_words_of_typography_count_nothing():
    """Spelling that only differs in typography adds and removes no words."""
    found = verdict("Our “Cookies” – and yours", "our 'cookies' - and yours")

    assert (found.words_added, found.words_removed) == (0, 0)
    assert "typography" in found.reason


@pytest.mark.parametrize(
    ("share", "tier"),
    [(0.001, Tier.EDIT), (0.10, Tier.EDIT), (0.101, Tier.REVISION), (0.5, Tier.REVISION), (0.51, Tier.REWRITE)],
)
def test_the_share_of_words_decides(share, tier):
    """Up to 10 % is an edit, up to 50 % a revision, above a rewrite."""
    assert tier_of_share(share) == tier


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("Last updated: 3 May 2011", Tier.DATES),
        ("Updated May 2015", Tier.DATES),
        ("info@shop.example", Tier.CONTACTS),
        ("* * *", Tier.TYPOGRAPHY),
        ('<div style="width: 302px">. <img height="1" src="https://a.example/count?id=12">. </div>.', Tier.LINKS),
        ("Opens in a new window or tab", Tier.LINKS),
        ("<b>We sell your data.</b>", Tier.REWRITE),
        ("We sell your data since 2011.", Tier.REWRITE),
    ],
)
def test_whole_clauses_are_judged_too(text, tier):
    """A clause added that states nothing but a date or an address is noise; every other one is not."""
    assert judge_whole(text, added=True).tier == tier


MENU = Clause("paragraph", 0, "AboutCareersPress", "[About](/a)[Careers](/c)[Press](/p)")
OTHER_MENU = Clause("paragraph", 0, "AboutCareersShop", "[About](/a)[Careers](/c)[Shop](/s)")
NOTICE = "We are updating these terms. The updates go into effect on 5 July 2023. Read the new terms here."


def one_clause(*clauses: Clause | str) -> list[Section]:
    made = [clause if isinstance(clause, Clause) else Clause("paragraph", 0, clause, clause) for clause in clauses]
    return [Section(1, "", "Orders", "atx", 1.0, tuple(made))]


@pytest.mark.parametrize(
    ("before", "after", "tier"),
    [
        pytest.param([], [MENU], Tier.LINKS, id="menu-added"),
        pytest.param([MENU], [], Tier.LINKS, id="menu-removed"),
        pytest.param([MENU], [OTHER_MENU], Tier.LINKS, id="menu-edited"),
        pytest.param([], [NOTICE], Tier.DATES, id="notice-added"),
        pytest.param(
            [NOTICE], [NOTICE.replace("5 July", "9 August").replace("here", "now")], Tier.DATES, id="reworded"
        ),
        pytest.param([], [f"{NOTICE} You agree to them by staying."], Tier.REVISION, id="notice-that-binds"),
    ],
)
def test_what_stands_around_a_policy_is_noise(
    before: list[Clause | str], after: list[Clause | str], tier: Tier
) -> None:
    """Menus are links and notices of an edition are dates, until they say more."""
    said = "We keep your orders for two years, and then the gardener burns them behind the house."

    diff = compare(one_clause(said, *before), one_clause(said, *after))

    assert diff.tier == tier


BOOKS = "Planting", "Watering", "Pruning", "Grafting", "Picking", "Storing"


def holed(text: str, book: str) -> str:
    return text.replace(f"{book} Book", " ").replace("  ", " ")


def test_many_holes_show_that_the_words_of_links_are_lacking() -> None:
    """Where the names of all books went and left holes, one in the midst of a sentence went as they did."""
    before: list[Clause | str] = [
        f"Whoever prunes row {n} finds it in our {book} Book." for n, book in enumerate(BOOKS)
    ]
    after: list[Clause | str] = [holed(str(text), book) for text, book in zip(before, BOOKS, strict=True)]
    said = "The Orchard Almanac hangs on the wall of the shed, and everybody may read it there."
    linked = said.replace("Orchard Almanac", "[Orchard Almanac](https://a.example/almanac)")

    diff = compare(
        one_clause(*before, Clause("paragraph", 0, said, linked)),
        one_clause(*after, said.replace("Orchard Almanac ", "")),
    )

    assert diff.tier == Tier.LINKS


ALL_BOOKS = [f"{book} and {other}" for book in BOOKS for other in BOOKS]


def test_where_nothing_but_words_of_links_is_lacking_brief_runs_between_words_are_links() -> None:
    """An extraction that lost the words of all links left holes only before marks; elsewhere nothing shows."""
    before = [f"Whoever looks after row {n} finds all of it in our {book} Book." for n, book in enumerate(ALL_BOOKS)]
    after = [holed(text, book) for text, book in zip(before, ALL_BOOKS, strict=True)]

    diff = compare(
        one_clause(*before, "Please see our Almanac of the Year for more about pears."),
        one_clause(*after, "Please see our for more about pears."),
    )

    assert diff.tier == Tier.LINKS


@pytest.mark.parametrize("books", [BOOKS, ALL_BOOKS])
@pytest.mark.parametrize(
    ("rule", "left"),
    [
        pytest.param("Nobody picks pears before noon on Sundays.", "Nobody picks pears.", id="end-of-a-sentence"),
        pytest.param("You may not pick pears on our trees.", "You may pick pears on our trees.", id="what-binds"),
        pytest.param("You pick pears, and we sell your ladder.", "You pick pears and ladder.", id="marks-within"),
        pytest.param("We sell pears and keep your name.", "We rent pears and keep your name.", id="another-word"),
        pytest.param("We sell pears of our trees.", "We sell pears and apples of our trees.", id="words-that-came"),
    ],
)
def test_among_many_holes_a_rule_is_seen(rule: str, left: str, books: Sequence[str]) -> None:
    """What was no link is an edit among holes, too, however many there are."""
    before = [f"Whoever looks after row {n} finds all of it in our {book} Book." for n, book in enumerate(books)]
    after = [holed(text, book) for text, book in zip(before, books, strict=True)]

    diff = compare(one_clause(*before, rule), one_clause(*after, left))

    assert not diff.tier.is_noise


@pytest.mark.parametrize(
    ("before", "after", "tier"),
    [
        pytest.param("", "Terms of Service", Tier.TYPOGRAPHY, id="title-caught"),
        pytest.param("Terms of Service", "", Tier.TYPOGRAPHY, id="title-lost"),
        pytest.param("Terms of Service", "Privacy Policy", Tier.REVISION, id="another-title"),
        pytest.param("", "Terms for the sale of pears", Tier.REVISION, id="a-heading-of-its-own"),
    ],
)
def test_the_name_of_a_document_at_the_top_is_typography(before: str, after: str, tier: Tier) -> None:
    """What any document of its kind is called may come or go; a title that tells more is a change."""
    said = Clause("paragraph", 0, *["We keep your orders for two years, and then they are burnt."] * 2)

    diff = compare([Section(1, "", before, "atx", 1.0, (said,))], [Section(1, "", after, "atx", 1.0, (said,))])

    assert (diff.tier.is_noise, diff.tier == Tier.TYPOGRAPHY) == (tier.is_noise, tier == Tier.TYPOGRAPHY)


def test_the_label_of_a_link_is_a_link() -> None:
    """A line that is a link, to the same place with a word more, says nothing else; to another place it may."""
    link = Clause("item", 0, "How we prune", "[How we prune](https://a.example/prune)")
    labelled = Clause("item", 0, "How we prune Almanac", "[How we prune Almanac](https://a.example/prune)")
    other = Clause("item", 0, "How we prune Almanac", "[How we prune Almanac](https://b.example/other)")

    assert compare(one_clause(link), one_clause(labelled)).tier == Tier.LINKS
    assert not compare(one_clause(link), one_clause(other)).tier.is_noise


@pytest.mark.parametrize(
    ("before", "after", "tier"),
    [
        pytest.param("Our pears", "12", Tier.NUMBERING, id="a-number-for-a-heading"),
        pytest.param("12", "Our pears", Tier.NUMBERING, id="a-heading-for-a-number"),
        pytest.param("2021", "2022", Tier.DATES, id="a-year"),
        pytest.param("Page summary", "AI-generated key takeaways", Tier.LINKS, id="summaries"),
        pytest.param("Our pears", "Our 12 pears", Tier.REVISION, id="a-number-within"),
    ],
)
def test_headings_that_say_nothing(before: str, after: str, tier: Tier) -> None:
    """A number that stands for a heading, as marks of notes do, is numbering; a year or a number within it is not."""
    said = Clause("paragraph", 0, "Whoever picks pears puts them into the shed.", "")

    def text(heading: str) -> list[Section]:
        return [Section(2, "", heading, "atx", 1.0, (said,))]

    (change,) = compare(text(before), text(after)).changes

    assert change.tier == tier


@pytest.mark.parametrize(
    ("before", "after", "noise"),
    [
        pytest.param("Pear logo", "Pear - fruit for everybody", True, id="the-name-of-a-picture"),
        pytest.param("Pear logo", "You may not copy the logo of Pear on anything you sell.", False, id="a-rule"),
        pytest.param("on-Fruit.pdf", "Fruit.pdf", True, id="the-name-of-a-file"),
        pytest.param("Pear", "Pear - fruit for everybody", False, id="no-picture"),
    ],
)
def test_names_of_pictures_and_files_are_no_words(before: str, after: str, *, noise: bool) -> None:
    """What a picture or a file is called tells nothing of the policy."""
    said = "Whoever picks pears puts them into the shed."

    diff = compare(one_clause(said, before), one_clause(said, after))

    assert diff.tier is not None
    assert diff.tier.is_noise is noise
