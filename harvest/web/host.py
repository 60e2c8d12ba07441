"""What every view of ours does: permission, read, answer.

A view is a function of a `Visit`; `routes_of` turns views into routes. It reads its URL variables, asks
`Visit.read` (which checks permission and the time limit) and returns `Visit.page` or `Visit.data`.
"""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import json
import logging
import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar

from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import Base400, Response
from markupsafe import Markup

from harvest.errors import UnknownTarget
from harvest.text.cells import plain_cell
from harvest.web import csp, rendering
from harvest.web.access import NoCorpus, choose_corpus
from harvest.web.links import Links

T = TypeVar("T")
View = Callable[["Visit"], Awaitable[Any]]

_log = logging.getLogger(__name__)

#: A page may take this long in SQLite before it gives up, whatever Datasette's own limit for visitors' SQL is.
_TIME_LIMIT_MS = 5_000


class TooSlow(Exception):
    """A page's queries hit the time limit. Narrow the question."""


class OurFault(Exception):
    """A page failed in a way nobody foresaw. Its traceback is in the server's log; please report it."""


class OldShape(Exception):
    """A corpus lacks columns that the pages read. Run ``harvest migrate`` on it."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for one of our pages: which corpus, in which form (``''``, ``.json``, ``.atom`` or ``.csv``)."""

    datasette: Any
    request: Any
    database: str
    databases: tuple[str, ...]
    extension: str

    @property
    def links(self) -> Links:
        """Addresses of our pages for this corpus."""
        return Links(self.datasette.urls.path, self.database if len(self.databases) > 1 else "")

    def variable(self, name: str) -> str:
        """Return a part of the path, percent-encoded as it came; '' if absent."""
        return self.request.url_vars.get(name) or ""

    def argument(self, name: str, default: str = "") -> str:
        """Return a query parameter, stripped; *default* if absent. Longer than 500 characters is cut."""
        return (self.request.args.get(name) or default).strip()[:500]

    def arguments(self, name: str) -> tuple[str, ...]:
        """Return all values of a query parameter as `argument` does, without empty ones and repeats."""
        values = (value.strip()[:500] for value in self.request.args.getlist(name))
        return tuple(dict.fromkeys(value for value in values if value))

    def number(self, name: str, default: int, *, most: int) -> int:
        """Return a query parameter as a number from 0 to *most*. Raises ValueError for what is none."""
        text = self.argument(name)
        if not text:
            return default
        if not (text.isascii() and text.isdigit()):
            raise ValueError(f"{name}={text!r} is no number")
        return min(int(text[:9]), most)

    async def read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Run a read of the corpus in Datasette's thread for it, under the time limit. Raises TooSlow, OldShape."""

        def bounded(conn: sqlite3.Connection) -> T:
            # Datasette calls a function of Python for every text that SQLite returns, 0.3 µs each: a page reads 10,000
            tolerant, conn.text_factory = conn.text_factory, str
            try:
                with sqlite_timelimit(conn, max(_TIME_LIMIT_MS, int(self.datasette.setting("sql_time_limit_ms")))):
                    return query(conn)
            finally:
                conn.text_factory = tolerant

        try:
            found: T = await self.datasette.get_database(self.database).execute_fn(bounded)
        except sqlite3.OperationalError as error:
            if "no such column" in str(error) or "no such table" in str(error):
                raise OldShape(
                    f"{self.database} was made by an older version of this program ({error}):"
                    " run `harvest migrate -d` with its file, which keeps a copy"
                ) from error
            if "interrupted" not in str(error):
                raise
            raise TooSlow("this took too long; ask for less: one site, fewer years, rarer words") from error
        return found

    async def compute(self, work: Callable[[], T]) -> T:
        """Run something that takes a while (a diff) in a worker thread."""
        return await asyncio.to_thread(work)

    async def page(self, template: str, context: Mapping[str, Any], *, status: int = 200) -> Any:
        """Answer with one of our templates, under our Content-Security-Policy."""
        names = {"links": self.links, "database": self.database, "databases": self.databases}
        environment = rendering.environment_of(self.datasette, self.request)
        given = {**context, **names, "urls": self.datasette.urls, "w": rendering.words_of(environment)}
        filled = await self.compute(lambda: rendering.fill(environment, f"policy/{template}", given))
        frame, marks = await self._frame()
        hashes = csp.script_hashes(frame)  # before anything archived is in it
        headers = {"Content-Security-Policy": csp.policy(hashes)}
        return self.answer(rendering.put_in(frame, marks, filled), "text/html", status=status, headers=headers)

    def data(self, payload: Mapping[str, Any], *, status: int = 200) -> Any:
        """Answer with JSON: ``ok``, ``database`` and the payload. Raises UnknownTarget where a feed was asked for."""
        if self.extension == ".atom":
            raise UnknownTarget(
                "this page has no feed; the corpus, a policy, the changes and a search in them have one"
            )
        body = {"ok": status < 400, "database": self.database, **payload}
        return self.answer(_json(body), "application/json", status=status)

    def table(self, lines: Iterable[Sequence[object]]) -> Any:
        """Answer with CSV; the first line holds the names of the columns. No cell is a formula."""
        text = io.StringIO()
        csv.writer(text).writerows([plain_cell(value) for value in line] for line in lines)
        return self.answer(text.getvalue(), "text/csv")

    def text(self, text: str) -> Any:
        """Answer with plain text for a person to copy."""
        return self.answer(text, "text/plain")

    def feed(self, xml: str) -> Any:
        """Answer with an Atom feed."""
        return self.answer(xml, "application/atom+xml")

    def redirect(self, path: str) -> Any:
        """Send the reader on to another page of ours."""
        return Response.redirect(path)

    def url(self, path: str) -> str:
        """Return the absolute address of a path (with ``base_url`` already in it)."""
        address: str = self.datasette.absolute_url(self.request, path)
        return address

    def answer(self, body: str, kind: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Any:
        """Answer, or say that what the reader has is still right: feed readers and browsers ask again and again.

        The tag is a hash of the very answer, so it holds for this reader, actor and database alone.
        """
        tag = f'"{hashlib.sha256(body.encode("utf-8", "replace")).hexdigest()[:24]}"'
        kept = "private, no-cache" if self.request.actor else "no-cache"
        sent = {**_SAFE_HEADERS, **(headers or {}), "ETag": tag, "Cache-Control": kept}
        if status == 200 and tag in (self.request.headers.get("if-none-match") or ""):
            return Response("", status=304, headers=sent)
        return Response(body, status=status, headers=sent, content_type=f"{kind}; charset=utf-8")

    async def _frame(self) -> tuple[str, Mapping[str, Markup]]:
        """Return Datasette's base template around marks for the pieces of a page, and the marks."""
        marks = rendering.marks()
        context = {"filled": marks, "database": self.database}
        html: str = await self.datasette.render_template("policy/frame.html", context, request=self.request)
        # Datasette 0.65 leaves the language of its pages out; 1.0 has it.
        return html.replace("<html>", '<html lang="en">', 1), marks


_SAFE_HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}


def routes_of(views: Mapping[str, View], *, extensions: Sequence[str] = (".json", ".atom")) -> list[tuple[str, Any]]:
    """Return Datasette routes for views by path below ``/-/policies``; each also answers with *extensions*."""
    # with a slash at the end too: people and other programs put one there
    ending = f"/?(?P<extension>{'|'.join(map(re.escape, extensions))})?$" if extensions else "/?$"
    return [(rf"^/-/policies{path}{ending}", _route(view)) for path, view in views.items()]


def _route(view: View) -> Callable[..., Awaitable[Any]]:
    async def answer(datasette: Any, request: Any) -> Any:
        extension = request.url_vars.get("extension") or ""
        visit = Visit(datasette, request, "", (), extension)
        try:
            database, databases = await choose_corpus(datasette, request)
            visit = Visit(datasette, request, database, databases, extension)
            return await view(visit)
        except (UnknownTarget, NoCorpus, ValueError, TooSlow, OldShape) as error:
            return await _refuse(visit, error)
        except Base400:  # 403 and 404 of Datasette's own
            raise
        except Exception:
            # Datasette would have rich print the local variables of every frame, inside the event loop: for a page
            # of a thousand versions that took more than a minute, in which nobody else was served (0.65.5 and 1.0a41).
            _log.exception("%s failed", request.path)
            return await _refuse(visit, OurFault("this page failed; the server's log says why, for those who run it"))

    return answer


async def _refuse(visit: Visit, error: Exception) -> Any:
    status = _status_of(error)
    message = _no_corpus(str(error)) if isinstance(error, NoCorpus) else str(error)
    if visit.extension == ".json":
        body = _json({"ok": False, "error": message, "status": status})
        return visit.answer(body, "application/json", status=status)
    title = "Not understood" if status == 400 else HTTPStatus(status).phrase.capitalize()
    from harvest.web.offers import what_exists, without_list  # late: it reads the corpus, this only opens the door

    broken = isinstance(error, OldShape | OurFault)
    offer = await what_exists(visit) if visit.database and not broken else None
    said = without_list(message) if offer and (offer.policies or offer.hosts) else message
    return await visit.page("refused.html", {"message": said, "title": title, "offer": offer}, status=status)


def _no_corpus(wanted: str) -> str:
    if wanted:
        return f"no corpus called {wanted[:80]!r} is served here; leave `db` out of the address for the one there is"
    return "no database served here holds a corpus of policies; make one with `harvest run` or `harvest demo`"


def _status_of(error: Exception) -> int:
    if isinstance(error, UnknownTarget | NoCorpus):
        return 404
    if isinstance(error, OurFault):
        return 500
    return 503 if isinstance(error, TooSlow | OldShape) else 400


def _json(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, allow_nan=False)
