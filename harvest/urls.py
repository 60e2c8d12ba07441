"""Canonical URLs, SURT keys, memento URLs, and links freed from the archive's prefixes."""

from __future__ import annotations

import re
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

_WAYBACK = re.compile(r"^(?:https?:)?//web\.archive\.org/web/\d{1,14}[a-z_]*/", re.I)
_WAYBACK_PATH = re.compile(r"^/web/\d{1,14}[a-z_]*/", re.I)
_CALENDAR = re.compile(r"^(?:https?:)?//web\.archive\.org/web/\d{0,14}\*/", re.I)
_ENCODED_COLON = re.compile(r"^(https?)%3A", re.I)
_DEFAULT_PORTS = {"http": 80, "https": 443}


def memento_url(base: str, timestamp: str, url: str, modifier: str = "id_") -> str:
    """Address of a capture on a Wayback-compatible server; ``id_`` asks for the bytes as archived.

    >>> memento_url("https://web.archive.org", "20030401113213", "http://a.example/")
    'https://web.archive.org/web/20030401113213id_/http://a.example/'
    """
    return f"{base.rstrip('/')}/web/{timestamp}{modifier}/{url}"


def host_of(url: str) -> str:
    """The host people know: lower case, without ``www.`` and port; '' if the URL has none.

    An international name has the form that the archives list, as does every URL made canonical here.

    >>> host_of("http://www.SoftPerfect.com:80/privacy.htm"), host_of("https://bücher.example/")
    ('softperfect.com', 'xn--bcher-kva.example')
    """
    host = _split_host(url)
    return host[4:] if host.startswith("www.") else host


def is_web_address(url: str) -> bool:
    """True for an HTTP or HTTPS URL with a host, and with a port that can be one.

    >>> [is_web_address(url) for url in ("https://a.example/", "ftp://a.example/", "http://a.example:99999/")]
    [True, False, False]
    """
    try:
        parts = urlsplit(url.strip())
        return parts.scheme.lower() in _DEFAULT_PORTS and bool(parts.hostname) and (parts.port or 0) >= 0
    except ValueError:
        return False


def page_of(address: str) -> str:
    """The address of the page that an address of the Wayback Machine shows, its calendar too; others as they are.

    >>> page_of("https://web.archive.org/web/2010*/http://a.example/p"), page_of("http://a.example/p")
    ('http://a.example/p', 'http://a.example/p')
    """
    return _unwrapped(_CALENDAR.sub("", address.strip()))


def canonical_url(url: str) -> str:
    """Spell a URL one way: scheme and host lower case, default port and fragment dropped, path at least ``/``.

    What has no host, or cannot be taken apart, is returned as it is, without the space around it.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    host = _ascii_host((parts.hostname or "").rstrip("."))
    if not host:
        return url
    if ":" in host:
        host = f"[{host}]"
    scheme = parts.scheme.lower()
    if port is not None and _DEFAULT_PORTS.get(scheme) != port:
        host = f"{host}:{port}"
    return urlunsplit((scheme, host, parts.path or "/", parts.query, "")).strip()


def urlkey(url: str) -> str:
    """The archive's sort key of a URL (SURT form): ``com,softperfect)/privacy.htm``.

    Scheme, ``www.``, case, default port, trailing slash and fragment do not count. Garbage is its own key.
    """
    canonical = canonical_url(url)
    try:
        parts = urlsplit(canonical)
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        return canonical.lower()
    host = ",".join(reversed(host_of(canonical).split(".")))
    path = parts.path.rstrip("/").lower() or "/"
    query = "&".join(sorted(parts.query.lower().split("&"))) if parts.query else ""
    return f"{host}{port}){path}" + (f"?{query}" if query else "")


def clean_link(href: str, page_url: str) -> str:
    """Return where a link of an archived page really points: archive prefix off, lost hosts repaired.

    Root-relative links that were resolved against the archive (``https://web.archive.org/terms``) get the host
    of *page_url* back. Links inside the page and scripts become ''. Idempotent.
    """
    link = _unwrapped(href)
    if not page_url or _is_no_link(link):
        return "" if _is_no_link(link) else link
    try:
        if _split_host(link) == "web.archive.org":
            parts = urlsplit(link)
            link = urlunsplit(("", "", parts.path, parts.query, parts.fragment))
        link = _unwrapped(urljoin(page_url, link))
    except ValueError:
        return link
    return "" if _is_no_link(link) else link


def _unwrapped(link: str) -> str:
    """Take the archive's prefixes off; links wrapped more than once occur."""
    link = link.strip()
    while (bare := _WAYBACK_PATH.sub("", _WAYBACK.sub("", link)).strip()) != link:
        link = _decode_once(bare)
    return link


def _is_no_link(link: str) -> bool:
    return not link or link.startswith("#") or link.lower().startswith(("javascript:", "data:", "vbscript:"))


def _decode_once(url: str) -> str:
    """Undo the percent-encoding of a whole URL behind an archive prefix: ``http%3A//a.example/%3Fq%3D1``."""
    if not _ENCODED_COLON.match(url):
        return url
    try:
        return unquote(url, errors="strict")
    except UnicodeDecodeError:  # bytes of another encoding: only what makes it a URL again
        return _ENCODED_COLON.sub(r"\1:", url)


def _split_host(url: str) -> str:
    try:
        return _ascii_host((urlsplit(url.strip()).hostname or "").lower().rstrip("."))
    except ValueError:
        return ""


def _ascii_host(host: str) -> str:
    """Return an international name as listings spell it (``xn--…``, UTS 46); what is no valid name stays as it is."""
    if host.isascii():
        return host
    import idna  # tables of half a megabyte, for the few names that need them

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except UnicodeError:
        return host
