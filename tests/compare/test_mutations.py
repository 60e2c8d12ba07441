"""A policy of our own, changed in known ways, one or several at once: the diff tells those and no others."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable

import pytest

from harvest.compare.texts import compare_texts
from harvest.model import Diff

POLICY = """\
# Privacy at Orchard Post

We print letters and carry them to people who like paper. This page says what we keep about you, why we keep it, and
how you can have it erased.

## 1. What we keep

We keep the address you give us for as long as your account is open, and for one year after you close it.

When you order stamps we also keep:

- your name and the name of the person who gets the letter;
- the number of sheets and the colour of the paper;
- the day on which the letter left our house.

Nobody outside the company reads the letters you write to us. We keep them under lock and key until they are printed.

## 2. Cookies

Cookies help the shop remember what you put in your basket until you come back another day. You can refuse them in
your browser, and everything but the basket will still work.

Our partners count visits, not visitors. They never learn your name, and they forget your address after an hour. See
section 4 for the list of them, or [ask the garden office](http://orchard.example/ask) about any one partner.

## 3. Children

Children under thirteen may not open an account, and if we learn that one did, we erase what was sent within a week.
Parents may write to us at any time to find out whether we know anything about their children.

## 4. Who else sees it

Payment details travel to the bank in encrypted form and are never stored in our house. Ask your bank for more.

| Partner | What it gets | For how long |
| --- | --- | --- |
| Mill Street Bank | the amount and the number of your card | ten years |
| Northern Carriers | the address on the envelope | three weeks |
| Visit Counter Ltd | a number made of your address | one hour |

If the law obliges us to hand over records, we tell you about it unless a court forbids us to, and we hand over no more
than the court has asked for.

## 5. Your rights

You may ask us at any time to erase everything we hold about you, and we do so within a month. You may also ask for a
copy, which we send on paper and free of charge.
"""

NEW = "Records of anonymous surveys may be given to a university that studies how people write letters."
SURVEYS = f"\n## 3. Surveys\n\n{NEW}\n"
Mutation = Callable[[str], str]


def swap(old: str, new: str) -> Mutation:
    """Replace words that stand in the text."""

    def mutate(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return mutate


def blocks(text: str) -> list[str]:
    return text.rstrip().split("\n\n")


def move(start: str, before: str, *, size: int = 1) -> Mutation:
    """Move the blocks that begin with *start* to before the block that begins with *before* ('' for the end)."""

    def mutate(text: str) -> str:
        parts = blocks(text)
        at = next(n for n, part in enumerate(parts) if part.startswith(start))
        taken, rest = parts[at : at + size], parts[:at] + parts[at + size :]
        to = next((n for n, part in enumerate(rest) if before and part.startswith(before)), len(rest))
        return "\n\n".join([*rest[:to], *taken, *rest[to:]]) + "\n"

    return mutate


def renumber(text: str) -> str:
    """Let a new section 3 push the numbers up, references too."""
    new = re.sub(r"## ([345])\.", lambda m: f"## {int(m[1]) + 1}.", text).replace("section 4", "section 5")
    return new.replace("\n## 4. Children", SURVEYS + "\n## 4. Children")


def alphabetical(text: str) -> str:
    """Sort the items of the list."""
    items = re.findall(r"^- .*$", text, re.M)
    return text.replace("\n".join(items), "\n".join(sorted(items)))


WORD = swap("until you come back", "until you return")
OTHER_WORD = swap("a month", "a fortnight")

# what is done, what the diff must say above the noise tiers, and its tier ('' where the size decides)
CASES = [
    pytest.param([WORD], {"edited": 1}, "edit", id="a word"),
    pytest.param([WORD, OTHER_WORD], {"edited": 2}, "edit", id="two words far apart"),
    pytest.param([WORD, move("If the law", "## 2")], {"edited": 1, "moved": 1}, "edit", id="a word and a move"),
    pytest.param([move("If the law", "## 2"), swap("unless a court", "unless a judge")], {"moved-edited": 1}, "edit",
        id="moved and edited"),
    pytest.param([move("## 3. Children", "## 5", size=2)], {"section-moved": 1}, "order", id="section moved"),
    pytest.param([move("## 3. Children", "## 5", size=2), swap("within a week", "within a day")], {"section-moved": 1},
        "edit", id="section moved and edited"),
    pytest.param([move("## 3. Children", "", size=2), swap("## 3. Children", "## 3. Young people")],
        {"section-moved": 1, "heading-renamed": 1}, "edit", id="section moved and renamed"),
    pytest.param([swap("## 3. Children", "## 3. Young people")], {"heading-renamed": 1}, "edit", id="heading renamed"),
    pytest.param([renumber], {"section-added": 1}, "", id="renumbered by a new section"),
    pytest.param([renumber, WORD], {"section-added": 1, "edited": 1}, "", id="renumbered and a word"),
    pytest.param([swap("## ", "### ")], {}, None, id="levels of headings"),
    pytest.param([alphabetical], {"moved": 2}, "order", id="list reversed"),
    pytest.param([swap("- the number of", "- the weight of the letter in grams;\n- the number of")], {"added": 1}, "",
        id="item added"),
    pytest.param([swap("- the number of sheets and the colour of the paper;\n", "")], {"removed": 1}, "",
        id="item removed"),
    pytest.param([swap("- the number of sheets and the colour", "- the number of sheets;\n- the colour")], {"split": 1},
        "edit", id="item split with an edit"),
    pytest.param([swap("one hour |", "one day |")], {"edited": 1}, "edit", id="cell of a table"),
    pytest.param([swap("| Northern Carriers | the address on the envelope | three weeks |\n", "")], {"removed": 1}, "",
        id="row removed"),
    pytest.param([swap("Ask your bank", "\n\nAsk your bank")], {}, "typography", id="paragraph split"),
    pytest.param([swap("for more.", f"for more.\n\n{NEW}")], {"added": 1}, "", id="paragraph added"),
    pytest.param([swap("orchard.example/ask", "orchard.example/help")], {}, "links", id="link changed"),
    pytest.param([swap("orchard.example/ask", "orchard.example/help"), swap("any one", "any")], {"edited": 1}, "edit",
        id="link and a word"),
    pytest.param([str.upper], {}, None, id="capitals"),
    pytest.param([lambda text: text.replace(" ", "\u00a0")], {}, None, id="no-break spaces"),
    pytest.param([lambda text: text.replace("e", "e\u200b")], {}, None, id="zero-width spaces"),
    pytest.param([lambda text: text.replace("Our ", "\u200fOur\u200e ")], {}, None, id="direction marks"),
    pytest.param([lambda text: text.replace("fi", "\ufb01")], {}, None, id="ligatures"),
    pytest.param([swap("We print", "We print 1\u00bd"), WORD], {"edited": 2}, "edit", id="a fraction"),
    pytest.param([lambda text: text.replace("ou", "o\u0308u"), lambda text: unicodedata.normalize("NFC", text)],
        {"edited": 16, "heading-renamed": 1}, "", id="other letters are other words"),
    pytest.param([swap("letters", "postcards")], {"edited": 2}, "edit", id="one replacement everywhere"),
]  # fmt: skip


def shown(diff: Diff) -> dict[str, int]:
    return dict(Counter(change.kind for change in diff.changes if change.tier and not change.tier.is_noise))


@pytest.mark.parametrize(("mutations", "kinds", "tier"), CASES)
def test_what_was_done_is_what_is_told(mutations: list[Mutation], kinds: dict[str, int], tier: str | None) -> None:
    """Above noise the diff lists what was done and nothing else, read either way."""
    changed = POLICY
    for mutate in mutations:
        changed = mutate(changed)

    found, back = compare_texts(POLICY, changed), compare_texts(changed, POLICY)

    assert shown(found) == kinds
    assert (back.words_added, back.words_removed) == (found.words_removed, found.words_added)
    assert back.tier == found.tier
    if tier:
        assert found.tier == tier
    if tier is None:
        assert found.tier is not None and found.tier.is_noise
