"""What to harvest: targets as given on the command line, and ``targets.toml``.

::

    contact = "you@university.example"    # optional: settings of the whole file
    every = "6m"
    from = "2005"

    [[target]]
    url = "http://www.softperfect.com/privacy.htm"

    [[target]]
    url = "https://policies.example.com/privacy"
    urls = ["http://www.example.com/privacy.html"]   # where the same policy lived before
    kind = "privacy"
    label = "eu"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from harvest.errors import UnknownTarget
from harvest.timestamps import end_of, start_of

EVERY = ("all", "1m", "6m", "1y", "change")
KINDS = ("privacy", "terms", "cookies", "other")


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to harvest. *text* is a URL or a bare host; *urls* further addresses of the same policy.

    *kind* '' leaves the decision to the pipeline: what the corpus or the archive says, else ``privacy``.
    """

    text: str
    kind: str = ""
    label: str = ""
    urls: tuple[str, ...] = ()

    @property
    def is_url(self) -> bool:
        """True for an address, False for a bare host."""
        return "/" in self.text.strip()


@dataclass(frozen=True, slots=True)
class TargetFile:
    """The content of a targets file. None and '' mean: not said, the command's own default holds."""

    targets: tuple[Target, ...]
    archive: str = ""
    contact: str = ""
    every: str = ""
    since: datetime | None = None
    until: datetime | None = None


def as_targets(items: Sequence[str | Target], *, kind: str = "") -> tuple[Target, ...]:
    """Return targets for what a command line or a script gives, blanks dropped; *kind* where none is set."""
    given = [item if isinstance(item, Target) else Target(item.strip()) for item in items]
    return tuple(Target(item.text, item.kind or kind, item.label, item.urls) for item in given if item.text)


def read_targets(path: str | Path) -> TargetFile:
    """Read ``targets.toml``. Raises UnknownTarget, with the place and what is allowed, for what it cannot read."""
    try:
        content = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UnknownTarget(f"{path}: there is no such file of targets") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnknownTarget(f"{path}: not a TOML file: {error}") from error
    return _read(content, str(path))


def _read(content: Mapping[str, Any], where: str) -> TargetFile:
    _refuse_unknown(content, {"target", "archive", "contact", "every", "from", "to"}, where)
    rows = content.get("target", [])
    if not isinstance(rows, list) or not rows:
        raise UnknownTarget(f'{where}: no targets: write [[target]] and url = "https://…" for each')
    every = _text(content, "every", where)
    if every and every not in EVERY:
        raise UnknownTarget(f"{where}: every = {every!r}: write one of {', '.join(EVERY)}")
    try:
        since = start_of(str(content["from"])) if "from" in content else None
        until = end_of(str(content["to"])) if "to" in content else None
    except ValueError as error:
        raise UnknownTarget(f"{where}: {error}") from error
    return TargetFile(
        targets=tuple(_target(row, f"{where}: target {number}") for number, row in enumerate(rows, start=1)),
        archive=_text(content, "archive", where),
        contact=_text(content, "contact", where),
        every=every,
        since=since,
        until=until,
    )


def _target(row: Any, where: str) -> Target:
    if not isinstance(row, Mapping):
        raise UnknownTarget(f"{where}: write a table with a url")
    _refuse_unknown(row, {"url", "host", *(item.name for item in fields(Target))} - {"text"}, where)
    text = _text(row, "url", where) or _text(row, "host", where)
    if not text:
        raise UnknownTarget(f"{where}: neither url nor host")
    kind = _text(row, "kind", where)
    if kind and kind not in KINDS:
        raise UnknownTarget(f"{where}: kind = {kind!r}: write one of {', '.join(KINDS)}")
    urls = row.get("urls", [])
    if not isinstance(urls, list) or not all(isinstance(url, str) for url in urls):
        raise UnknownTarget(f"{where}: urls is a list of addresses")
    return Target(text, kind, _text(row, "label", where), tuple(urls))


def _text(table: Mapping[str, Any], key: str, where: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise UnknownTarget(f"{where}: {key} = {value!r}: write it in quotes")
    return value.strip()


def _refuse_unknown(table: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise UnknownTarget(f"{where}: unknown setting {', '.join(unknown)}: there are {', '.join(sorted(known))}")
