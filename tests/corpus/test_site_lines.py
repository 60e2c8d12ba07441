"""What several documents of a site share is the site's, in whatever order their captures arrive."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from harvest.corpus.dump import differences, logical_dump
from harvest.corpus.store import Store
from harvest.corpus.verify import verify
from harvest.model import Listing, Selected

Make = Callable[..., Any]
PRIVACY = {
    "What we collect": "We collect the name and the postal address that you enter when you order seeds from us,"
    " and the wish list you keep with us from one spring to the next one.",
    "Using it": "We use these details to send your order, to answer questions about the growing of it, and to keep the"
    " books that the law of the land asks every nursery for, which is ten years.",
    "Handing it on": "We hand your address to the carrier who brings it to your door, and to nobody else at all.",
    "Letters": "Whoever asks for our yearly letter about roses gets it until they write to us that they want no more.",
}
TERMS = {
    "Orders": "An order is placed once you have paid for it, by whatever means the shop takes that day, and it can be"
    " changed until the evening of the day on which the plants are dug out of the ground.",
    "Returns": "Plants that arrive broken may be sent back within a fortnight, in the box in which they came, and the"
    " price of them is given back by the means by which it was paid, less nothing.",
    "Frost": "Nobody is to blame for a frost, neither the buyer nor the seller, and each bears half of what it costs.",
    "Courts": "Quarrels that cannot be settled over the fence go before the court of the town where the nursery is.",
}
FOOT = {
    "Grow with friends": "Share your garden with a hundred thousand people who love roses as much as their neighbours.",
    "The nursery shop": "Spades, gloves and boots for every foot are on offer in spring, and half the price in autumn.",
}
RULE = {"Pets": "Dogs and cats that come along are weighed at the gate, and we write down their names for a year."}
HOME = {
    f"Rose {n}": f"The rose with the number {n} smells of the {n}th spice that grows on the island." for n in range(9)
}
DATED = {"Edition": "Last updated: 5 May 2009"}, {"Edition": "Last updated: 7 June 2010"}
OTHERS = ("Collection", "Use", "Sharing", "Contact")  # paragraphs of the page that is made where none are given
URLS = {"privacy": "http://alder.example/privacy", "terms": "http://alder.example/terms"}
Pages = list[tuple[str, float, Mapping[str, str]]]  # kind, day, paragraphs


def _record(store: Store, page: Make, shot: Make, pages: Pages) -> None:
    for kind, day, paragraphs in pages:
        taken = shot(day, page(without=OTHERS, **paragraphs), url=URLS[kind])
        policy_id = store.ensure_policy(host="alder.example", kind=kind, url=URLS[kind])
        store.record_listing(
            policy_id, Listing("wayback", URLS[kind], taken.capture.captured_at, "ok", (taken.capture,))
        )
        store.record_selection(policy_id, [Selected(taken.capture, True, "every capture")])
        ids = {capture: capture_id for capture_id, capture in store.pending(policy_id)}
        store.record_pages(policy_id, [(ids[taken.capture], *taken.handled)])


def _kinds(store: Store) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"privacy": [], "terms": []}
    for kind, transition in store.conn.execute(
        "SELECT p.kind, t.kind FROM transitions t JOIN policies p ON p.id = t.policy_id"
        " JOIN versions v ON v.id = t.after_version_id ORDER BY p.kind, v.number"
    ):
        found[kind].append(transition)
    return found


FOOTER: Pages = [
    ("privacy", 0, PRIVACY),
    ("terms", 1, TERMS),
    ("privacy", 100, PRIVACY | FOOT),
    ("terms", 101, TERMS | FOOT),
]


@pytest.mark.parametrize(
    ("pages", "kinds"),
    [
        pytest.param(FOOTER, ("technical", "technical"), id="the-footer-of-both"),
        pytest.param(FOOTER[:3], ("change",), id="of-one-alone"),
        pytest.param(
            [*FOOTER[:2], ("privacy", 100, RULE | PRIVACY | FOOT), ("terms", 101, TERMS | FOOT)],
            ("change", "technical"),
            id="a-rule-beside-it",
        ),
        pytest.param(
            [
                ("privacy", 0, PRIVACY),
                ("terms", 1, TERMS),
                ("privacy", 100, {"What we collect": PRIVACY["What we collect"]} | RULE | PRIVACY),
                ("terms", 101, {"Orders": TERMS["Orders"]} | RULE | TERMS),
            ],
            ("change", "change"),
            id="one-rule-in-the-midst-of-both",
        ),
        pytest.param(
            [
                ("privacy", 0, PRIVACY),
                ("terms", 1, PRIVACY | {"Courts": TERMS["Courts"]}),
                ("privacy", 100, PRIVACY | FOOT),
                ("terms", 101, PRIVACY | {"Courts": TERMS["Courts"]} | FOOT),
            ],
            ("change", "change"),
            id="documents-that-share-their-text",
        ),
        pytest.param(
            [("privacy", 0, PRIVACY), ("terms", 1, TERMS), ("privacy", 100, HOME), ("terms", 101, HOME)],
            ("technical", "technical"),
            id="the-home-page-at-both-addresses",
        ),
        pytest.param(
            [
                ("privacy", 0, DATED[0] | PRIVACY),
                ("terms", 1, DATED[0] | TERMS),
                ("privacy", 200, DATED[1] | HOME),
                ("terms", 201, DATED[1] | HOME),
            ],
            ("change", "change"),
            id="a-later-edition-at-both-addresses",
        ),
        pytest.param(
            [("privacy", 0, PRIVACY), ("terms", 1, TERMS), ("terms", 101, PRIVACY)],
            ("change",),
            id="one-document-became-the-other",
        ),
        pytest.param(
            [
                ("privacy", 0, PRIVACY),
                ("terms", 1, PRIVACY),
                ("privacy", 100, TERMS | HOME),
                ("terms", 101, TERMS | HOME),
            ],
            ("change", "change"),
            id="one-document-at-two-addresses-became-another",
        ),
        pytest.param(
            [
                ("privacy", 0, PRIVACY | TERMS | HOME),
                ("terms", 1, TERMS | HOME),
                ("privacy", 100, PRIVACY | TERMS | HOME | FOOT),
                ("terms", 101, TERMS | HOME | FOOT),
            ],
            ("change", "change"),
            id="a-document-that-holds-another",
        ),
    ],
)
def test_lines_of_the_site_are_no_change(
    memory_store: Make, page: Make, shot: Make, pages: Pages, kinds: tuple[str, ...]
) -> None:
    """Lines at the edge of unlike documents are the site's; rules they share, and documents that merge, are not."""
    store = memory_store()

    _record(store, page, shot, pages)

    found = _kinds(store)
    assert (*found["privacy"], *found["terms"]) == kinds


def test_a_part_stays_one_beside_other_documents(memory_store: Make, page: Make, shot: Make) -> None:
    """What judges all documents of a site leaves a part that came whole what it is, whenever the others come."""
    store = memory_store()
    policy = PRIVACY | HOME | RULE
    beds = {
        f"Bed {n}": f"In bed {n} grow {n} kinds of peas, and whoever eats of them writes it down." for n in range(40)
    }

    _record(store, page, shot, [("privacy", 0, policy), ("privacy", 100, policy | beds)])
    alone = _kinds(store)["privacy"]
    _record(store, page, shot, [("terms", 1, TERMS), ("terms", 101, TERMS | FOOT)])

    assert alone == _kinds(store)["privacy"] == ["part-added"]
    assert verify(store.conn).problems == ()


@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_arrival_gives_the_same_judgements(memory_store: Make, page: Make, shot: Make, seed: int) -> None:
    """Captures of two documents end in the same rows however they come, and a fresh derivation agrees with them."""
    pages = [*FOOTER, ("privacy", 200, PRIVACY | RULE), ("terms", 201, HOME), ("terms", 290, TERMS | RULE)]
    first, second = memory_store(), memory_store()

    _record(first, page, shot, pages)
    _record(second, page, shot, random.Random(seed).sample(pages, len(pages)))

    assert differences(logical_dump(first.conn), logical_dump(second.conn)) == []
    assert verify(second.conn).problems == ()
    second.rebuild()
    assert differences(logical_dump(first.conn), logical_dump(second.conn)) == []


def test_a_document_taken_down_leaves_no_judgement(store: Store, page: Make, shot: Make) -> None:
    """What was the site's on the evidence of a document is a change again without it."""
    _record(store, page, shot, FOOTER)

    store.forget("url", URLS["terms"], by="a person", why="asked to")

    assert _kinds(store)["privacy"] == ["change"]
    assert verify(store.conn).problems == ()


def test_the_last_of_a_site_judges_for_all(memory_store: Make, page: Make, shot: Make) -> None:
    """While a site's policies are settled one by one the judging waits: each doing it anew is the square of them."""
    store = memory_store()
    _record(store, page, shot, FOOTER)
    expected = logical_dump(store.conn)
    first, last = store.policy_ids()
    store.conn.execute("UPDATE transitions SET kind = 'change', reason = ''")
    store.conn.executemany("INSERT INTO unsettled VALUES (?)", [(first,), (last,)])

    store.recompute(first)
    assert _kinds(store) == {"privacy": ["change"], "terms": ["change"]}
    store.recompute(last)

    assert differences(expected, logical_dump(store.conn)) == []
