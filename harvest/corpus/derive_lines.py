"""What belongs to the main line of a policy, and what is a variant beside it.

Four things leave the main line, in this order:

1. **Variant URLs** (role ``variant``): always, unless the policy has no other captures.
2. **Another language.** The main language is that of most captures. A text in another language leaves the line
   where the main language was seen before it, unless it stays: three captures over a year, and the main language
   never again. So a policy may change its language, and a flip stays a flip.
3. **Another page.** A text that hardly speaks as policies do, where the policy's own texts do: a home page, a list of
   posts, a form. It says nothing of the policy, however long it stands in its place.
4. **Texts that take turns, texts that pass** (`derive_turns`), **and texts that were cut short** (`derive_cuts`); but
   not an edition that states a day of its own, where all before it state earlier ones and the next one a later one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from harvest.compare.speech import SPOKEN
from harvest.corpus.derive_cuts import find_cuts
from harvest.corpus.derive_model import Sighting, TextFacts
from harvest.corpus.derive_turns import find_turns
from harvest.corpus.derive_wordings import Wordings
from harvest.timestamps import days_between

#: A change of language is believed after this many captures over this many days without the old one.
SETTLED_CAPTURES = 3
SETTLED_DAYS = 365
#: Share of the words of a text that stand in lines that speak as policies do. In two archives the texts of a policy
#: have 14 % and more, half of them over 60 %; home pages in their place have 1 to 3 %.
_SILENT = 0.05
_SPEAKING = 0.4
_TELLING_WORDS = 100  # of a page that can be told from a notice


@dataclass(frozen=True, slots=True)
class Line:
    """A line of versions: ``main``, or beside it ``url``, ``language``, ``page``, ``alternate``, each with a name."""

    kind: str
    name: str = ""


MAIN = Line("main")


def assign_lines(ordered: Sequence[Sighting], texts: Mapping[str, TextFacts], wordings: Wordings) -> list[Line | None]:
    """Return the line of each sighting; None for those without a text."""
    lines, main = _lines_by_facts(ordered, texts)
    on_line = [at for at in main if lines[at] == MAIN]
    for at in _other_pages([ordered[at].text for at in on_line], texts, wordings):
        lines[on_line[at]] = Line("page", ordered[on_line[at]].text)
    for kind in ("text", "wording"):  # texts that are the same again leave first: they need no judgement
        remaining = [at for at in main if lines[at] == MAIN]
        for at, zone in find_turns(ordered, remaining, wordings, by=kind).items():
            lines[at] = Line("alternate", f"{kind}:{zone}:{ordered[at].text}")
    for at, cut in find_cuts(ordered, [at for at in main if lines[at] == MAIN], wordings).items():
        lines[at] = Line("alternate", f"cut:{cut}:{ordered[at].text}")
    for at in _editions(ordered, lines, main, texts):
        lines[at] = MAIN
    return lines


def texts_asked_about(ordered: Sequence[Sighting], texts: Mapping[str, TextFacts]) -> list[str]:
    """Return the texts of which `assign_lines` asks first what came and went from each to the next, in that order."""
    lines, main = _lines_by_facts(ordered, texts)
    return list(dict.fromkeys(ordered[at].text for at in main if lines[at] == MAIN))


def _lines_by_facts(
    ordered: Sequence[Sighting], texts: Mapping[str, TextFacts]
) -> tuple[list[Line | None], Sequence[int]]:
    """Return the line of each sighting by its address and language alone, and which are of the policy's own address."""
    lines: list[Line | None] = [None] * len(ordered)
    showing = [at for at, sighting in enumerate(ordered) if sighting.text]
    main = [at for at in showing if not ordered[at].variant_url] or showing
    for at in showing:
        lines[at] = Line("url", ordered[at].urlkey)
    for at in main:
        lines[at] = MAIN
    for at in _foreign(ordered, main, texts):
        lines[at] = Line("language", texts[ordered[at].text].language)
    return lines, main


def _foreign(ordered: Sequence[Sighting], main: Sequence[int], texts: Mapping[str, TextFacts]) -> list[int]:
    """Which captures show another language than the policy's, for a while."""
    language = [texts[ordered[at].text].language for at in main]
    counts = Counter(name for name in language if name)
    if len(counts) < 2:
        return []
    own = max(counts, key=lambda name: (counts[name], -language.index(name)))
    at_home = [place for place, name in enumerate(language) if name in ("", own)]
    tail = range(at_home[-1] + 1, len(main))
    stay = days_between(ordered[main[tail[0]]].at, ordered[main[tail[-1]]].at) if tail else 0.0
    settled = len(tail) >= SETTLED_CAPTURES and stay >= SETTLED_DAYS
    until = at_home[-1] if settled else len(main)
    return [main[place] for place in range(at_home[0], until) if language[place] not in ("", own)]


def _editions(
    ordered: Sequence[Sighting], lines: Sequence[Line | None], main: Sequence[int], texts: Mapping[str, TextFacts]
) -> list[int]:
    """Return captures beside the line of editions that no text on it states, between earlier ones and a later one.

    A text that was recorded out of order, or is much like a later one, else takes the editions between out of the line:
    seven of one policy, each with its day, became one change of seven months.
    """
    days = [texts[ordered[at].text].stated_date for at in main]
    following = [""] * len(main)
    ahead = ""
    for place in range(len(main) - 1, -1, -1):
        following[place] = ahead
        ahead = days[place] if days[place] and lines[main[place]] == MAIN else ahead
    found: list[int] = []
    latest = text = ""
    for place, at in enumerate(main):
        line, day = lines[at], days[place]
        if line == MAIN:
            latest, text = max(latest, day), ""
        elif line is None or line.kind != "alternate" or not "" < day <= ordered[at].at[:10]:
            continue
        elif latest < day < following[place] or ordered[at].text == text:
            found.append(at)
            latest, text = day, ordered[at].text
    return found


def _other_pages(shown: Sequence[str], texts: Mapping[str, TextFacts], wordings: Wordings) -> list[int]:
    """Return the places of captures whose text hardly speaks as policies do, where the policy's own texts do."""
    known = list(dict.fromkeys(shown))
    for one, other in pairwise(known):
        wordings.step(one, other)  # each text is read once: what is asked for later is remembered
    shares = {
        sha: wordings.spoken(sha) / wordings.words(sha)
        for sha in known
        if texts[sha].language in SPOKEN and wordings.words(sha) >= _TELLING_WORDS
    }
    if not shares or median(shares.values()) < _SPEAKING:
        return []
    return [at for at, sha in enumerate(shown) if shares.get(sha, 1.0) <= _SILENT]
