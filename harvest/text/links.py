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
_HOPS = 3  # times that a link may lead to a page that only leads on


def steady_link(href: str, page_url: str) -> str:
    """Return a link of a page or Markdown text as `urls.clean_link` does, without sessions, the time and keys.

    The key of an obfuscated e-mail address is dropped. A page that only leads on to an address it is given, beside a
    key for this visit, is no target: the link is that address (651 of 1,548 transitions of a corpus of social networks
    were such keys). Never raises.
    """
    link = clean_link(href, page_url)
    if "/cdn-cgi/l/email-protection" in link:
        return link.split("#", 1)[0]
    if "?" in link:
        for _ in range(_HOPS):
            link, before = _led_on(link), link
            if link == before:
                break
        link = _CLOCK.sub("", link)
    return _SESSION.sub("", link) if "sess" in link.lower() else link


def _led_on(link: str) -> str:
    """The address that a link gives to a page that leads on to it; the link itself where it does not."""
    if not _ADDRESS.search(link) or len(link) > 5000:
        return link
    try:
        given = parse_qsl(urlsplit(link).query, max_num_fields=30)
    except ValueError:
        return link
    addresses = [value for _, value in given if _ABSOLUTE.match(value)]
    keyed = any(_KEY.fullmatch(value) for _, value in given)
    return addresses[0].strip() if len(addresses) == 1 and keyed else link
