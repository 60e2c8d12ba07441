"""The two pages of the simulator's own: what is held, and the captures of one URL."""

from __future__ import annotations

import html
from collections import Counter

from harvest.simulator.holdings import Holdings
from harvest.simulator.playback import Reply
from harvest.urls import urlkey

_STYLE = "body{font:15px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}td{padding:0 1em 0 0}"


def front_page(holdings: Holdings, base: str) -> Reply:
    """Every URL that is held, with the number of its captures and the first and last year."""
    counts = Counter(row.original for row in holdings.rows)
    years: dict[str, list[str]] = {}
    for row in holdings.rows:
        years.setdefault(row.original, []).append(row.timestamp[:4])
    lines = [
        f"<tr><td>{_link(f'{base}/web/*/{url}', url)}</td><td>{counts[url]}</td>"
        f"<td>{min(years[url])}–{max(years[url])}</td></tr>"
        for url in sorted(counts, key=urlkey)
    ]
    return _page("Simulated archive", f"<table>{''.join(lines)}</table>")


def listing_page(holdings: Holdings, url: str, base: str) -> Reply:
    """All captures of a URL, oldest first, each with a link to its playback."""
    rows = holdings.playable(urlkey(url if "://" in url else f"http://{url}"))
    lines = [
        f"<tr><td>{_link(f'{base}/web/{row.timestamp}/{row.original}', row.timestamp)}</td>"
        f"<td>{html.escape(row.statuscode)}</td><td>{html.escape(row.original)}</td></tr>"
        for row in rows
    ]
    return _page(f"Captures of {url}", f"<table>{''.join(lines)}</table>")


def _link(href: str, label: str) -> str:
    return f'<a href="{html.escape(href, quote=True)}">{html.escape(label)}</a>'


def _page(title: str, content: str) -> Reply:
    name = html.escape(title)
    page = f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{name}</title><style>{_STYLE}</style></head>"
    page += f"<body><h1>{name}</h1>{content}</body></html>"
    return Reply(200, "OK", (("Content-Type", "text/html; charset=utf-8"),), page.encode("utf-8", "surrogateescape"))
