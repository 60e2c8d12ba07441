"""Which pages are policies, of which kind, and which URLs belong together. Pure: decides on what was seen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import SplitResult, unquote, urlsplit

from harvest.urls import host_of, urlkey

# Words of URLs and titles that name a kind, in the languages of the policies we have seen. Order matters where
# one name holds several (`privacy-and-cookies` is a privacy policy; `cookie-policy` has no other word in it).
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "privacy",
        re.compile(
            r"priva[ct]|privee|datenschutz|confidential|donnees|dados|protecao|proteccion|riservatezza|integritet"
            r"|personuppgift|personopl|persondata|personvern|gegevens|tietosuoja|prywatn|soukrom|sukromi"
            r"|adatvedel|adatkezel|gizlilik|kisisel|zasebnost|privatnost|(?:^|[^a-z])(?:gdpr|rgpd|dsgvo|ccpa)(?:[^a-z]|$)"
            r"|隐私|隱私|プライバシ|個人情報|개인정보|конфиденц|персональн|приватн|خصوصية|פרטיות|απορρητ",
        ),
    ),
    ("cookies", re.compile(r"cookie|galleta|evaste|informasjonskaps|クッキー")),
    (
        "terms",
        re.compile(
            r"terms|(?:^|[^a-z])(?:tos|tou|agb|cgu|cgv|eula|aup|anb)(?:[^a-z]|$)|conditions?|condicion|condicoes"
            r"|condizioni|nutzungsbed|geschaeftsbed|geschäftsbed|voorwaarden|villkor|vilkar|vilkår|ehdot|regulamin"
            r"|podminky|(?:user|service)[-_ ]?agreement|acceptable[-_ ]?use|利用規約|条款|條款|约定|服务协议|이용약관"
            r"|соглашени|условия",
        ),
    ),
)
_DETOUR = re.compile(r"(?:log|sign)[-_]?in|authorize|captcha|consent\b|[/=_-](?:404|error|not-?found)\b")
KINDS = ("privacy", "terms", "cookies", "other")


@dataclass(frozen=True, slots=True)
class PageSeen:
    """One HTML address of an archive: how often it was captured, when, and where it redirects to."""

    url: str
    captures: int
    first: str  # fourteen digits
    last: str
    title: str = ""
    redirects_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pointer:
    """A page that led to an address: on how many of its captures (*times*), from the first to the last (14 digits)."""

    url: str
    kind: str
    page: str
    words: str
    archive: str
    first: str
    last: str
    times: int
    score: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Seam:
    """Why two addresses are one policy. *evidence*: ``redirect`` or ``similar text``; *why* in words."""

    before: str
    after: str
    evidence: str
    why: str


@dataclass(frozen=True, slots=True)
class FoundPolicy:
    """A policy as an archive shows it. *urls* oldest first, each with why it belongs (*evidence*).

    *pointers*: what leads to its addresses; *seams*: why its addresses are one policy.
    """

    host: str
    kind: str
    label: str
    urls: tuple[tuple[str, str], ...]
    pointers: tuple[Pointer, ...] = ()
    seams: tuple[Seam, ...] = ()

    def why(self, url: str) -> str:
        """Return in a sentence why an address belongs to the policy: what points at it, and the seam to it."""
        seam = next((seam.why for seam in self.seams if seam.after == url), "")
        pointer = max(
            (one for one in self.pointers if urlkey(one.url) == urlkey(url)), key=lambda one: one.times, default=None
        )
        if pointer is None or not pointer.times:
            return seam or (pointer.evidence if pointer else "")
        days = f"{pointer.first[:4]}-{pointer.first[4:6]} to {pointer.last[:4]}-{pointer.last[4:6]}"
        return "; ".join(filter(None, (f"linked from {pointer.page} as “{pointer.words}”, {days}", seam)))


def guess_kind(url: str, title: str = "") -> str:
    """Return the kind of policy that the last words of a URL, the title, or the rest of the URL speak of.

    >>> guess_kind("https://a.example/legal/cookie-policy.html")
    'cookies'
    >>> guess_kind("https://a.example/doc?id=7", "Nutzungsbedingungen")
    'terms'
    >>> guess_kind("https://a.example/about")
    'other'
    """
    parts = urlsplit_or_empty(url)
    path = unquote(parts.path).rstrip("/").lower()
    folders, _, name = path.rpartition("/")
    for words in (name, title.lower(), parts.query.lower(), folders):
        for kind, pattern in _KINDS:
            if pattern.search(words):
                return kind
    return "other"


def label_of(url: str) -> str:
    """Return a short name made of a URL's path, for policies of which a site has several.

    >>> label_of("http://a.example/mc/Privacy.htm"), label_of("http://a.example/"), label_of("http://a.example/p?id=4")
    ('mc-privacy', 'home', 'p-id-4')
    """
    parts = urlsplit_or_empty(url)
    path = re.sub(r"\.(?:html?|php\d?|aspx?|jsp|cfm|shtml|do)$", "", unquote(parts.path).rstrip("/").lower())
    slug = re.sub(r"[^\w]+", "-", f"{path} {unquote(parts.query).lower()}").strip("-_")
    return slug[:60].strip("-") or "home"


def is_of_host(url: str, host: str) -> bool:
    """True when *url* lies on *host* or on a subdomain of it."""
    own = host_of(url)
    return own == host or own.endswith("." + host)


def group_policies(
    pages: Iterable[PageSeen], *, known: Mapping[str, tuple[str, str]] | None = None
) -> tuple[FoundPolicy, ...]:
    """Sort pages into policies: one for each address, unless an archived redirect or a move on the site joins them.

    *known* maps URL keys to the (kind, label) they already have in the corpus. A move: the addresses end in the
    same name, and one was seen for the last time before the other was seen first. Of several policies of a kind
    the one captured most often has no label, the others are called by their path; kind ``other`` always has one.
    Deterministic; every page lands in exactly one policy.
    """
    by_key: dict[str, PageSeen] = {}
    for page in sorted(pages, key=lambda page: page.url):
        key = urlkey(page.url)
        by_key[key] = _merged(by_key[key], page) if key in by_key else page
    groups = _joined(by_key)
    found: list[FoundPolicy] = []
    taken: set[tuple[str, str, str]] = set()
    for group in sorted(
        groups, key=lambda group: (-sum(page.captures for page in group), len(group[0].url), group[0].url)
    ):
        home = group[-1]
        host, kind = host_of(home.url), _kind_of(group)
        label = "" if kind != "other" else label_of(home.url)
        for page in group:
            kind, label = (known or {}).get(urlkey(page.url), (kind, label))
        label = _free_label(taken, host, kind, label, home.url)
        taken.add((host, kind, label))
        found.append(FoundPolicy(host, kind, label, tuple((page.url, evidence) for page, evidence in _evidence(group))))
    return tuple(sorted(found, key=lambda policy: (policy.host, KINDS.index(policy.kind), policy.label)))


def urlsplit_or_empty(url: str) -> SplitResult:
    """Split a URL; garbage gives empty parts."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _merged(one: PageSeen, other: PageSeen) -> PageSeen:
    # http and https, www and not: the spelling seen last is the one to show
    newest = max(one, other, key=lambda page: (page.last, page.url))
    return PageSeen(
        newest.url,
        one.captures + other.captures,
        min(one.first, other.first),
        max(one.last, other.last),
        newest.title or one.title or other.title,
        tuple(sorted({*one.redirects_to, *other.redirects_to})),
    )


def _joined(by_key: Mapping[str, PageSeen]) -> list[list[PageSeen]]:
    leader = {key: key for key in by_key}

    def find(key: str) -> str:
        while leader[key] != key:
            key = leader[key]
        return key

    for key, page in by_key.items():
        for target in page.redirects_to:
            other = urlkey(target)
            kind = guess_kind(page.url, page.title)
            if other in by_key and is_same_site(page.url, target) and not may_follow(page.url, target, kind):
                leader[find(key)] = find(other)
    for family in _moves(by_key):
        for key in family[1:]:
            leader[find(key)] = find(family[0])
    groups: dict[str, list[PageSeen]] = {}
    for key, page in by_key.items():
        groups.setdefault(find(key), []).append(page)
    return [sorted(group, key=lambda page: (page.first, page.last, page.url)) for group in groups.values()]


def _moves(by_key: Mapping[str, PageSeen]) -> Iterable[list[str]]:
    """Yield the URL keys of pages of one host, kind and name that follow each other in time without overlap.

    Folders of two languages (``/fr/privacy.htm``, ``/es/privacy.htm``) are two pages, however few their captures.
    """
    families: dict[tuple[str, str, str], list[str]] = {}
    for key, page in by_key.items():
        kind = guess_kind(page.url)
        if kind != "other":
            families.setdefault((host_of(page.url), kind, _name(page.url)), []).append(key)
    for family in families.values():
        family.sort(key=lambda key: (by_key[key].first, by_key[key].last, key))
        pages = [by_key[key] for key in family]
        languages = {code for page in pages if (code := _language(page.url))}
        if len(languages) <= 1 and all(one.last < other.first for one, other in pairwise(pages)):
            yield family


def _language(url: str) -> str:
    folders = urlsplit_or_empty(url).path.lower().split("/")[1:-1]
    return next((folder for folder in folders if re.fullmatch(r"[a-z]{2}(?:[-_][a-z]{2})?", folder)), "")


def _name(url: str) -> str:
    return label_of(urlsplit_or_empty(url).path.rstrip("/").rpartition("/")[2])


def _kind_of(group: Sequence[PageSeen]) -> str:
    kinds = [guess_kind(page.url, page.title) for page in group]
    return min(kinds, key=KINDS.index)


def _free_label(taken: set[tuple[str, str, str]], host: str, kind: str, label: str, url: str) -> str:
    candidate, number = label, 1
    while (host, kind, candidate) in taken:
        candidate = label_of(url) if number == 1 else f"{label_of(url)}-{number}"
        number += 1
    return candidate


def _evidence(group: Sequence[PageSeen]) -> Iterable[tuple[PageSeen, str]]:
    targets = {urlkey(target) for page in group for target in page.redirects_to}
    for page in group:
        yield page, "redirect" if urlkey(page.url) in targets else "discovered"


def is_same_site(one: str, other: str) -> bool:
    """True where one address lies on the host of the other, or on a subdomain of it."""
    return is_of_host(one, host_of(other)) or is_of_host(other, host_of(one))


def is_detour(url: str) -> bool:
    """True for addresses of log-in and error pages, whatever they carry along."""
    parts = urlsplit_or_empty(url)
    return bool(_DETOUR.search(f"{parts.path}?{parts.query}".lower()))


def may_follow(source: str, target: str, kind: str) -> str:
    """Return why an archived redirect does *not* lead to the policy's new address; '' when it may be followed.

    A site that drops a page sends visitors to its home page or a log-in form; an address on another site is
    believed only when its own words name the policy.
    """
    parts = urlsplit_or_empty(target)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return "it leads to no web page"
    if parts.path.strip("/") == "" and not parts.query:
        return "it leads to a home page"
    if is_detour(target):
        return "it leads to a log-in or error page"
    if not is_same_site(source, target) and guess_kind(target) != kind:
        return "it leads to a page of another site"
    return ""
