"""Runs of labels on a page: menus, told by the labels that every site has, and lists of contents.

A *label* is a short line that says nothing. Of a run of labels, what lies between the first and the last one that is
known from menus everywhere is a menu; where the run reaches an end of the page, so is the rest of it. A list of the
policy that stands next to a menu is left alone: it has no such labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache
from typing import NamedTuple

from harvest.compare.notices import USUAL_TITLES
from harvest.compare.spans import has_date
from harvest.compare.tokens import count_words
from harvest.model import Section
from harvest.text.fold import fold, split_number

HEADING = -1
"""The place of a section's heading among its clauses."""

#: Short lines of a section: place and text.
Short = tuple[tuple[int, str], ...]
Place = tuple[int, int]  # section, and place in it

#: The ways about a site, as menus of any site name them: no policy lists these among what it collects or forbids.
_WAYS = frozenset(
    "about|about us|who we are|our company|company info|company information|careers|jobs|work with us|press|press room"
    "|newsroom|investors|investor relations|shareholder information|corporate information|site map|sitemap|blog"
    "|our blog|home|homepage|main menu|menu|sign in|log in|login|sign up|log out|sign out|register|sign in register"
    "|create account|create an account|join now|my account|your account|my profile|search jobs|help|help center"
    "|help centre|customer service|customer support|customer care|faq|faqs|advertise|advertise with us|affiliates"
    "|affiliate program|store locator|find a store|gift cards|track order|order status|shopping cart|my cart|wishlist"
    "|shop all|newsletters|rss|feedback|site feedback|download the app|get the app|pricing|our story|our team"
    "|leadership|follow us|connect with us|view all|see all|media kit|press releases|forums|skip to main content"
    "|skip to content|español|français|deutsch|impressum|karriere|hilfe|presse|startseite|anmelden|registrieren"
    "|über uns|accueil|connexion|aide|carrières|plan du site|à propos|qui sommes nous|inicio|iniciar sesión|ayuda"
    "|empleo|mapa del sitio|quiénes somos|sobre nosotros".split("|")
)
#: Pages menus lead to that policies name, too: beside a way about the site they count, alone they show nothing.
_DOCUMENTS = USUAL_TITLES | frozenset(
    "terms conditions|legal information|cookie settings|cookie preferences|accessibility|your privacy choices"
    "|do not sell my personal information|do not sell or share my personal information|california privacy|contact"
    "|contact us|support|search|events|news|store|shop|products|services|community|developers|partners|resources"
    "|kontakt|confidentialité|mentions légales|aviso legal|privacidad|contacto".split("|")
)
_LABEL_WORDS = 8
_LABEL_LENGTH = 60
_LEAST_MENU = 4  # labels
_LEAST_CONTENTS = 3
_TAIL = 4  # letters with which headings end
_NUMBER_LENGTH = 8  # "12.10.2 "
_ENDS = re.compile(r"[.!?:;…。！？；：][\W_]*$")
_SIGNS = re.compile(r"[\W_]+")
#: Labels of menus within one line that hold a menu each: read, they are too many to be said.
_GLUED_WORDS = 9
_GLUED_LENGTH = 5_000
_STOPS = frozenset(".!?:;…。！？；：")
_LEAST_GLUED = 3
_GLUED = re.compile(
    r"\b(?:About(?: Us)?|Careers|Press|Investors|Investor Relations|Site ?[Mm]ap|Blog|Home|Sign [Ii]n|Log [Ii]n|Login"
    r"|Sign [Uu]p|Register|My Account|Your Account|Search|Help(?: Cent(?:er|re))?|Support|FAQs?|Contact(?: Us)?"
    r"|Advertise|Shop|Store Locator|Gift Cards|Shopping Cart|Cart|Newsroom|Jobs|Privacy(?: Policy)?"
    r"|Terms(?: of (?:Use|Service))?|Follow Us|View [Aa]ll|Download|Pricing|Legal)\b"
)


class Run(NamedTuple):
    """Labels that follow one another. *opens*, *closes*: nothing stands above it, or below it, on the page."""

    labels: tuple[tuple[Place, str], ...]
    opens: bool
    closes: bool


def short_lines(section: Section) -> Short:
    """Return the lines of a section that are short enough to be labels or buttons, and say nothing."""
    return tuple(
        [
            (place, clause.text)
            for place, clause in enumerate(section.clauses)
            if len(clause.text) <= _LABEL_LENGTH and clause.kind != "row" and not _ENDS.search(clause.text)
        ]
    )


def runs_of(sections: Sequence[Section], short: Sequence[Short]) -> Iterator[Run]:
    """Yield the runs of labels of a page in reading order. *short*: the short lines of each section."""
    run: list[tuple[Place, str]] = []
    opens = True
    for number, section in enumerate(sections):
        labels = [(place, text) for place, text in short[number] if count_words(text) <= _LABEL_WORDS]
        if section.heading:
            labels.insert(0, (HEADING, section.heading))
        due = HEADING if section.heading else 0
        for place, text in labels:
            if place != due:
                if run:
                    yield Run(tuple(run), opens, closes=False)
                run, opens = [], False
            run.append(((number, place), text))
            due = place + 1
        if due < len(section.clauses):
            if run:
                yield Run(tuple(run), opens, closes=False)
            run, opens = [], False
    if run:
        yield Run(tuple(run), opens, closes=True)


def menu_of(run: Run) -> Sequence[Place]:
    """Return the labels of a run that are a menu."""
    if len(run.labels) < _LEAST_MENU:
        return ()
    ways = {name for _, text in run.labels if _may_be_way(text) and (name := _name(text)) in _WAYS}
    if not ways:
        return ()
    names = [_name(text) for _, text in run.labels]
    if 2 * len(ways) + len({name for name in names if name in _DOCUMENTS}) < _LEAST_MENU:
        return ()
    known = [at for at, name in enumerate(names) if name in _WAYS or name in _DOCUMENTS]
    first = 0 if run.opens else known[0]
    last = len(names) if run.closes else known[-1] + 1
    if last == len(names) and not run.closes and run.labels[-1][0][1] == HEADING:
        last -= 1  # the heading of what follows
    return [place for place, text in run.labels[first:last] if not has_date(text)]


_LAST_WORDS = frozenset(way.rpartition(" ")[2] for way in _WAYS)


def _may_be_way(label: str) -> bool:
    """False for a label that is none of the ways by its last word, which folds to nothing but its small letters."""
    last = label.rpartition(" ")[2]
    return not (last.isascii() and last.isalpha()) or last.lower() in _LAST_WORDS


def repeats_of(sections: Sequence[Section]) -> Iterator[Place]:
    """Yield clauses that only repeat headings of the page.

    Three and more in one section are a list of contents; one that stands directly above or below the heading it
    repeats is the end of a trail, or a title set twice.
    """
    names = [bare(section.heading) for section in sections]
    headings = {name for name in names if name}
    if not headings:
        return
    longest = longest_repeat(sections)
    last = min(_TAIL, min(map(len, headings)))
    tails = {name[-last:] for name in headings}
    for number, section in enumerate(sections):
        beside = {0: names[number], len(section.clauses) - 1: names[number + 1] if number + 1 < len(names) else ""}
        found = [
            (place, bare(clause.text))
            for place, clause in enumerate(section.clauses)
            if len(clause.text) <= longest and _may_end(clause.text, tails, last) and bare(clause.text) in headings
        ]
        for place, name in found:
            is_label = count_words(section.clauses[place].text) <= _LABEL_WORDS
            if len(found) >= _LEAST_CONTENTS or (is_label and name == beside.get(place)):
                yield number, place


def _may_end(text: str, tails: Set[str], last: int) -> bool:
    """False for a text that cannot fold to a heading, by its *last* letters: of plain ASCII nothing is dropped there.

    Nine in ten clauses are told by them in a hundredth of the time of folding.
    """
    tail = text[-last:]
    plain = tail.isascii() and tail.isprintable() and "`" not in tail and "  " not in tail and tail[-1:] != " "
    return not plain or tail.lower() in tails


def longest_repeat(sections: Sequence[Section]) -> int:
    """Return how many characters a line has at most that repeats a heading of the page."""
    return max([len(section.heading) for section in sections], default=0) + _NUMBER_LENGTH


@lru_cache(maxsize=20_000)  # headings and labels recur in every version of a policy
def bare(heading: str) -> str:
    """Return a heading folded and without its number."""
    return fold(split_number(heading)[1])


def is_glued_menu(text: str) -> bool:
    """True for one line that holds a whole menu, its labels run together.

    >>> is_glued_menu("Home Shop My Account Store Locator Gift Cards Careers Contact Us")
    True
    >>> is_glued_menu("You can contact us through our Help Center or the form on our Support page.")
    False
    """
    if "," in text or "." in text or _ENDS.search(text):
        return False
    words = text.split()
    if len(words) < _GLUED_WORDS or len(text) > _GLUED_LENGTH:
        return False
    capital = sum(1 for word in words if not word[0].islower())
    return 4 * capital >= 3 * len(words) and len(set(_GLUED.findall(text))) >= _LEAST_GLUED


def ways_in(text: str) -> frozenset[str]:
    """Return the ways about a site that a line names: one if it is such a label, several if it is a menu in one line.

    >>> sorted(ways_in("Careers")), sorted(ways_in("Careers in our shops are open to you."))
    (['careers'], [])
    >>> sorted(ways_in("Nursery Trees, Seeds & Tools Gift Cards Store Locator My Account (0 items) Blog"))
    ['blog', 'gift cards', 'my account', 'store locator']
    """
    if len(text) <= _LABEL_LENGTH and (name := _name(text)) in _WAYS:
        return frozenset((name,))
    if len(text) > _GLUED_LENGTH or text[-1:] in _STOPS:
        return frozenset()
    words = text.split()
    if len(words) < _GLUED_WORDS:
        return frozenset()
    names = frozenset(name for found in set(_GLUED.findall(text)) if (name := _name(found)) in _WAYS)
    capital = sum(1 for word in words if not word[0].islower())
    return names if len(names) >= _LEAST_GLUED and 2 * capital >= len(words) else frozenset()


@lru_cache(maxsize=20_000)  # the labels of a site are those of all its captures
def _name(text: str) -> str:
    return _SIGNS.sub(" ", fold(text)).strip()
