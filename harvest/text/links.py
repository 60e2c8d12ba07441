"""Where a link of a text points, without what differs from visit to visit: it would make every capture a new text."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from harvest.urls import clean_link

_SESSION = re.compile(r";jsessionid=[\w.!-]+|(?<=[?&])(?:php|asp|j)?sess(?:ion)?_?id=[\w.%-]*&?|[?&]$", re.I)
_CLOCK = re.compile(r"\?(?:_|v|t|ts|cb)?=?1\d{9}(?:\d{3})?$")  # seconds or milliseconds since 1970, nothing else
_ADDRESS = re.compile(r"=https?(?::|%3a)", re.I)
_ABSOLUTE = re.compile(r"https?://[^/\s]", re.I)
# A key that a server made for one visit: letters of both cases and digits, no word, no path.
_KEY = re.compile(r"(?=[^A-Z]*[A-Z])(?=[^a-z]*[a-z])(?=\D*\d)[\w-]{16,}", re.A)
# A file that is handed out for this visit: its path names it, the rest is a signature with the time it ends.
_FILE = re.compile(r"\.(?:avif|gif|jpe?g|m3u8|m4[av]|mov|mp[34]|og[gv]|pdf|png|svg|web[mp])$", re.I)
_HOPS = 3  # times that a link may lead to a page that only leads on


def steady_link(href: str, page_url: str) -> str:
    """Return a link of a page or Markdown text as `urls.clean_link` does, without sessions, the time and keys.

    The key of an obfuscated e-mail address is dropped. A page that only leads on to an address it is given, beside a
    key for this visit, is no target: the link is that address (651 of 1,548 transitions of a corpus of social networks
    were such keys). Of a file that is signed for this visit the link is its path: 1,053 addresses of videos there were
    10. Never raises.
    """
    link = clean_link(href, page_url)
    if "/cdn-cgi/l/email-protection" in link:
        return link.split("#", 1)[0]
    if "?" in link:
        for _ in range(_HOPS):
            link, before = _led_on(link), link
            if link == before:
                break
        link = _unsigned(_CLOCK.sub("", link))
    return _SESSION.sub("", link) if "sess" in link.lower() else link


def _led_on(link: str) -> str:
    """The address that a link gives to a page that leads on to it; the link itself where it does not."""
    if not _ADDRESS.search(link):
        return link
    given = _values(link)
    addresses = [value for value in given if _ABSOLUTE.match(value)]
    if len(addresses) != 1:
        return link
    keyed = any(_KEY.fullmatch(value) for value in given) or _unsigned(addresses[0]) != addresses[0]
    return addresses[0].strip() if keyed else link


def _unsigned(link: str) -> str:
    """The address of a file without the signature of this visit; the link itself where it is none."""
    path, _, _ = link.partition("?")
    if not _FILE.search(path):
        return link
    return path if any(_KEY.fullmatch(value) for value in _values(link)) else link


def _values(link: str) -> list[str]:
    """The values of the query of a link; none where there are too many to be looked at."""
    if len(link) > 5000:
        return []
    try:
        return [value for _, value in parse_qsl(urlsplit(link).query, max_num_fields=30)]
    except ValueError:
        return []
