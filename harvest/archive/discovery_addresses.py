"""What the address of a page tells of a policy: its kind, a name for it, whose site it is on, where it may lead."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, unquote, urlsplit

from harvest.urls import host_of

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


def urlsplit_or_empty(url: str) -> SplitResult:
    """Split a URL; garbage gives empty parts."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


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
