"""Which links lead to policies: the words of a link weighed against the name in its address. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from harvest.archive.discovery_addresses import is_detour, is_same_site, urlsplit_or_empty
from harvest.archive.discovery_words import Meaning, is_neutral, meaning, plain
from harvest.urls import host_of, urlkey

#: Links that score less are not believed. Chosen on the pages of tests/archive/home_pages.
BELIEVED = 0.5
_NAMED = 0.95  # its words say "privacy policy", and nothing else
_MAX_WORDS = 14  # what says more is a sentence, or a headline
_NEWS = re.compile(
    r"/(?:news|blog|blogs|article|articles|story|stories|press|pr|releases?|archives?|forums?|threads?|topics?|tags?|categor\w+|wiki"
    r"|questions|answers|events?|webinars?|courses?|books?|products?|search|jobs|careers|videos?|podcasts?)/"
    r"|/(?:19|20)\d\d/\d\d?/",
    re.I,
)
IDLE = frozenset(
    "here click clickhere more readmore details info hier mehr ici plus aqui mas qui her har tassa tu tady itt"
    " здесь тут こちら 这里 這裡 여기 هنا כאן learn read view link".split()
)
_PAGE = re.compile(r"\.(?:gif|jpe?g|png|css|js|ico|svg|swf|zip|exe|mp[34]|webp|woff2?)$", re.I)


@dataclass(frozen=True, slots=True)
class Link:
    """A link as a reader meets it. *words*: its text, else what its picture says. *place*: how it is written."""

    url: str
    words: str
    place: str = "link"
    context: str = ""
    rel: str = ""


@dataclass(frozen=True, slots=True)
class PolicyLink:
    """A link that leads to a policy, or (kind ``hub``) to a page that may lead on. *evidence*: why it is believed."""

    url: str
    kind: str
    words: str
    score: float
    evidence: str


def judge_links(links: Sequence[Link], page_url: str) -> tuple[PolicyLink, ...]:
    """Return the links that are believed to lead to policies and hubs of the page's site, best first, one an address.

    A link to another site is believed where none of the own site is, it says nothing but that it is the policy, and no
    second such site is linked: a page of partners' policies leads to none of its own.
    """
    names = _names(page_url)
    best: dict[tuple[str, str], PolicyLink] = {}
    for link in links:
        judged = _judge(link, page_url, names)
        if judged is not None and judged.score >= BELIEVED:
            key = (judged.kind, urlkey(judged.url))
            if key not in best or judged.score > best[key].score:
                best[key] = judged
    found = sorted(best.values(), key=lambda link: (-link.score, link.url))
    return tuple(link for link in found if _stands(link, found, page_url))


def _stands(link: PolicyLink, found: Sequence[PolicyLink], page_url: str) -> bool:
    same_kind = [other for other in found if other.kind == link.kind]
    if is_same_site(link.url, page_url):
        # beside a link that names the policy, one that says "Privacy" leads to a product, a department, a list
        return link == same_kind[0] or link.score >= (_NAMED if same_kind[0].score >= _NAMED else 0.7)
    own = [other for other in same_kind if is_same_site(other.url, page_url)]
    strange = {host_of(other.url) for other in same_kind} - {host_of(other.url) for other in own}
    return not own and len(strange) == 1 and link == same_kind[0]


def _judge(link: Link, page_url: str, names: frozenset[str]) -> PolicyLink | None:
    path = urlsplit_or_empty(link.url).path
    if is_detour(link.url) or _PAGE.search(path) or "@" in path:  # mail addresses, shielded or taken for pages
        return None
    said, named = meaning(link.words, names=names), _name_of(link.url, names)
    own = is_same_site(link.url, page_url)
    if any(sort in link.rel for sort in ("privacy-policy", "terms-of-service")):
        kind = "privacy" if "privacy-policy" in link.rel else "terms"
        return PolicyLink(link.url, kind, link.words, 0.97 if own else 0.9, f"rel={link.rel}")
    score, kind, why = _score(link, said, named)
    if not score or not kind:
        return None
    if not own:
        score -= 0.2 if _is_plain(said) and not _speaks_of_others(link, page_url) else 1.0
        if kind == "hub":
            return None
    if _NEWS.search(urlsplit_or_empty(link.url).path) and not (_is_plain(said) and said.level == 3 and named.level):
        score -= 0.5 if not (_is_plain(said) and said.level == 3) else 0.2
    if said.qualified or named.qualified:
        score -= 0.35
    return PolicyLink(link.url, kind, link.words, round(score, 2), why)


def _score(link: Link, said: Meaning, named: Meaning) -> tuple[float, str, str]:
    """Weigh the words of a link against the name in its address; the kind is that of the clearer one."""
    if said.refused or len(plain(link.words).split()) > _MAX_WORDS:
        return 0.0, "", ""
    agrees = bool(named.level) and named.kind == said.kind
    if said.level == 3 and not said.strangers:
        if said.shared:
            return 0.9, said.kind, "its words name the policy among others"
        return (0.98 if agrees else _NAMED), said.kind, "its words name the policy"
    if said.level == 3 and (len(said.strangers) <= 2 and (agrees and not named.strangers)):
        return 0.8, said.kind, "its words and its address name the policy"
    if said.level == 2 and not said.strangers:
        if said.kind in ("hub", "terms", "cookies") or agrees or not named.level:
            return (0.9 if agrees else 0.75), said.kind, "its words name the matter"
        return 0.75, (named.kind if named.kind != "hub" else said.kind), "its words name the matter"
    if said.level:
        return 0.0, "", ""  # a headline, a product
    return _from_around(link, named)


def _from_around(link: Link, named: Meaning) -> tuple[float, str, str]:
    """Weigh a link whose own words say nothing: "click here", a picture without words, another language."""
    if named.refused:
        return 0.0, "", ""
    plain_name = bool(named.level) and not named.strangers and named.kind != "hub"
    idle = is_idle(link.words)
    if idle:
        near = meaning(link.context)
        if near.level == 3 and not near.refused and near.kind != "hub":
            return (0.75 if plain_name else 0.6), near.kind, "the words around it name the policy"
    if plain_name and (idle or len(plain(link.words).split()) <= 5):
        exact = named.level == 3 or named.kind == "privacy"
        return (0.65 if exact or idle else 0.4), named.kind, "its address names the policy"
    return 0.0, "", ""


def is_idle(words: str) -> bool:
    """True for words that say nothing of where a link leads: none, "click here", "more information"."""
    return all(word in IDLE or is_neutral(word) for word in plain(words).split())


def _is_plain(said: Meaning) -> bool:
    return said.level >= 2 and not said.strangers and not said.refused


def _speaks_of_others(link: Link, page_url: str) -> bool:
    """True where the words around a link to another site name that site, or a service that protects a form."""
    around = plain(link.context)
    label = _label(link.url)
    return (len(label) > 3 and label in around and label not in host_of(page_url)) or "recaptcha" in around


def _name_of(url: str, names: frozenset[str]) -> Meaning:
    """Return what the name of a page says: of the last part of its path that says anything, else of its query."""
    parts = urlsplit_or_empty(url)
    segments = [re.sub(r"\.\w{2,5}$", "", unquote(part)) for part in parts.path.split("/") if part]
    values = [unquote(value) for _, value in parse_qsl(parts.query)]
    for words in (*values[::-1], *segments[::-1][:3]):
        said = meaning(words.replace("_", " "), names=names)
        if said.level:
            return said
        if len(plain(words.replace("_", " ")).split()) > 3:
            break  # a headline: what stands above it is its department
    first_of_host = meaning(host_of(url).split(".")[0])
    return first_of_host if first_of_host.level and len(segments) <= 1 else Meaning()


def _names(page_url: str) -> frozenset[str]:
    host = host_of(page_url)
    return frozenset({part for part in re.split(r"[.-]", host) if len(part) > 1} | {_label(page_url)})


def _label(url: str) -> str:
    """The word of a host that people know: the longest part before the last one."""
    parts = host_of(url).split(".")
    return max(parts[:-1] or parts, key=len)
