"""Our templates as pieces of a page, filled without Datasette's coroutines: every call in them is half as dear."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from types import CodeType, SimpleNamespace
from typing import Any

from jinja2 import BytecodeCache, Environment, Template, TemplateError
from jinja2.bccache import Bucket
from jinja2.runtime import Macro
from markupsafe import Markup

#: What `policy/base.html` makes, cut apart, and `policy/frame.html` puts into Datasette's base template.
PIECES = ("title", "extra_head", "crumbs", "content")


#: Of Datasette's own templates what stands around every page of ours.
_AROUND = ("policy/frame.html", "base.html", "_crumbs.html", "_footer.html", "_close_open_menus.html")


class Compiled(BytecodeCache):
    """Templates as code, for all instances of Datasette in a process: the first one compiles them, 0.5 s for all."""

    def __init__(self) -> None:
        self._code: dict[tuple[object, ...], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket if its template was compiled, from the same source and for the same kind of environment."""
        bucket.code = self._code.get(_known_by(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._code[_known_by(bucket)] = bucket.code


def _known_by(bucket: Bucket) -> tuple[object, ...]:
    environment = bucket.environment
    return bucket.key, bucket.checksum, environment.is_async, *sorted(environment.extensions)


COMPILED = Compiled()


def compile_ahead(datasette: Any, names: Iterable[str]) -> None:
    """Compile our templates *names* and those around them, so that no reader waits for it: 0.1 s for a difference.

    What cannot be compiled, an operator's own in a --template-dir, is left to its page to tell.
    """
    environment = environment_of(datasette, None)
    asked = [(environment, name) for name in names] + [(environment.linked_to or environment, name) for name in _AROUND]
    for each, name in asked:
        with suppress(TemplateError):
            each.get_template(name)


def environment_of(datasette: Any, request: Any) -> Environment:
    """Return the environment of Datasette's templates for a request, but one that awaits nothing.

    Datasette's own waits for every value that it calls for, as its menu may have to be waited for; that is half of the
    time of a page of ours, in which nothing has. The templates compiled are kept with Datasette's environment.
    """
    try:
        given: Environment = datasette.get_jinja_environment(request)  # 1.0
    except AttributeError:  # 0.65; goes when 0.65 is no longer supported
        given = datasette.jinja_env
    plain: Environment | None = vars(given).get("policy_plain")
    if plain is None or plain.linked_to is not given:  # an overlay has the attributes of what it lies over
        plain = given.overlay(enable_async=False)
        given.extend(policy_plain=plain)
    return plain


#: What `policy/_words.html` says again and again of the same values: days, bounds, tiers, counts.
_REMEMBERED = frozenset({"time", "stated", "window", "presence", "seen", "tier", "words"})


def words_of(environment: Environment) -> SimpleNamespace:
    """Return the macros of ``policy/_words.html`` by name; what they said of a value is remembered.

    A macro takes 10 µs, to remember one; a page of a long difference or timeline calls 300.
    """
    return _words_of(environment.get_template("policy/_words.html"))


@lru_cache(maxsize=8)  # templates, not requests: a template that was edited is another one
def _words_of(template: Template) -> SimpleNamespace:
    macros: dict[str, Callable[..., Any]] = {
        name: macro for name, macro in vars(template.module).items() if isinstance(macro, Macro)
    }
    remembered = {name: lru_cache(maxsize=5_000)(macros[name]) for name in _REMEMBERED}
    return SimpleNamespace(**{**macros, **remembered})


def fill(environment: Environment, template: str, context: Mapping[str, Any]) -> dict[str, Markup]:
    """Return the pieces of a page by their names. Run it in a worker thread: a long page takes 10 ms."""
    cut = secrets.token_hex(16)  # no archived text holds it
    pieces = environment.get_template(template).render(context, cut=cut).split(cut)
    return {name: Markup(piece) for name, piece in zip(PIECES, pieces, strict=True)}


def marks() -> dict[str, Markup]:
    """Return what stands in the frame for each piece until `put_in`; no text holds one, by chance or on purpose."""
    token = secrets.token_hex(16)
    return {name: Markup(f"{token}-{name}") for name in PIECES}


def put_in(frame: str, marked: Mapping[str, Markup], pieces: Mapping[str, Markup]) -> str:
    """Return a frame with the pieces of a page where their marks are.

    >>> put_in("<h1>0-title</h1>", {"title": Markup("0-title")}, {"title": Markup("Cookies")})
    '<h1>Cookies</h1>'
    """
    for name, mark in marked.items():
        frame = frame.replace(mark, pieces[name])
    return frame
