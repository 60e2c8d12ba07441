"""``--map FILE``: which files of a history are which policies, where the layout does not say so itself."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harvest.errors import UnknownTarget
from harvest.exchange.git_layouts import NO_HOST, Place, kind_and_label, slug
from harvest.targets import KINDS
from harvest.urls import host_of

_FORMATS = {
    "html": ("raw", "text/html"),
    "page": ("derived", "text/html"),
    "markdown": ("derived", "text/markdown"),
    "text": ("derived", "text/plain"),
}
_SUFFIXES = {"html": "html", "htm": "html", "md": "markdown", "markdown": "markdown"}
#: What may be a site: addresses of pages need the dot.
_SITE = re.compile(r"[^\s/?#]+\.[^\s/?#]+")
_NAMED = re.compile(r"\{(\w+)\}")
_NO_NAME = re.compile(r"\{[^{}/]*\}")
_HOLE = re.compile(r"\{(\w+)\}|(\*\*)|(\*)")


@dataclass(frozen=True, slots=True)
class Rule:
    """Files that match *pattern* are policies; the texts may use the names it catches as ``{name}``."""

    pattern: re.Pattern[str]
    site: str
    kind: str
    label: str | None
    name: str
    url: str
    format: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """A history laid out as a map says; the first rule that fits a path counts."""

    archive: str
    rules: tuple[Rule, ...]

    def place(self, path: str) -> Place | None:
        """Return the policy of a file by the first rule that fits."""
        for rule in self.rules:
            match = rule.pattern.fullmatch(path)
            if match is not None:
                return _place(rule, {name: value or "" for name, value in match.groupdict().items()}, path)
        return None


@dataclass(frozen=True, slots=True)
class MapFile:
    """What a map file says.

    *layout* is None where it only gives hosts of services; *date*: committer, author, or '' where it does not say.
    """

    layout: Mapped | None
    hosts: Mapping[str, str]
    date: str = ""

    def services_not_in(self, paths: Iterable[str]) -> list[str]:
        """Return the services that no path is of: a name written otherwise leaves its service without a host."""
        if self.layout is not None or not self.hosts:
            return []
        return sorted(set(self.hosts) - {path.partition("/")[0] for path in paths})


def read_map(path: Path) -> MapFile:
    """Read a map file. Raises UnknownTarget, saying what is wrong and where."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UnknownTarget(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnknownTarget(f"{path} is no TOML: {error}") from error
    try:
        return _map(data, path.stem)
    except _Mistake as error:
        raise UnknownTarget(f"{path}: {error}") from error


class _Mistake(Exception):
    """What cannot be used in a map, and what may stand there."""


def _map(data: Mapping[str, Any], stem: str) -> MapFile:
    _only(data, ("name", "date", "services", "files"), "a map")
    date = data.get("date", "")
    if date not in ("committer", "author", ""):
        raise _Mistake(f"date is {date!r}; it may be 'committer' or 'author'")
    services, files = data.get("services", {}), data.get("files", [])
    if not isinstance(services, dict):
        raise _Mistake(
            f"services is {services!r}; begin a table with [services], a line for each: Alder = 'alder.example'"
        )
    if not isinstance(files, list) or not all(isinstance(entry, dict) for entry in files):
        raise _Mistake("files cannot be used; begin each entry with [[files]], in two brackets")
    _strings(services, "services")
    hosts = {name: _known_host(name, value) for name, value in services.items()}
    rules = tuple(_rule(entry) for entry in files)
    if not rules and not services:
        raise _Mistake("it says nothing of any file: it needs entries of [[files]], or [services]")
    _strings({"name": data.get("name", "")}, "a map")
    name = data.get("name") or stem
    return MapFile(Mapped(f"git:{name}", rules) if rules else None, hosts, date)


def _known_host(name: str, value: str) -> str:
    if not _SITE.fullmatch(value) or ":" in value:
        raise _Mistake(f"{name} of services is {value!r}; it must be a host such as 'alder.example'")
    return value.lower() if value.isascii() else host_of(f"http://{value}/")


def _only(entry: Mapping[str, Any], known: Sequence[str], what: str) -> None:
    if unknown := sorted(set(entry) - set(known)):
        raise _Mistake(f"{what} cannot be used: unknown: {', '.join(unknown)}; it may have {', '.join(known)}")


def _strings(entry: Mapping[str, Any], what: str) -> None:
    for key, value in entry.items():
        if not isinstance(value, str):
            raise _Mistake(f"{key} of {what} is {value!r}; it must be a text in quotes")


def _rule(entry: Mapping[str, Any]) -> Rule:
    what = "an entry of files"
    _only(entry, ("path", "regex", "site", "kind", "label", "name", "url", "format"), what)
    _strings(entry, what)
    if ("path" in entry) == ("regex" in entry) or not entry.get("site"):
        raise _Mistake(f"{what} cannot be used: it needs 'site', and either 'path' or 'regex'")
    if "path" in entry and (odd := _NO_NAME.search(_NAMED.sub("", entry["path"]))):
        raise _Mistake(f"path is {entry['path']!r}, but {odd[0]} is no name: letters, digits and _ between {{ and }}")
    try:
        pattern = re.compile(entry["regex"] if "regex" in entry else _as_regex(entry["path"]))
    except re.error as error:
        raise _Mistake(f"{entry.get('regex') or entry['path']!r} is no pattern: {error}") from error
    form, kind = entry.get("format", ""), entry.get("kind", "")
    if form and form not in _FORMATS:
        raise _Mistake(f"format is {form!r}; it may be {', '.join(_FORMATS)}")
    if kind and kind not in KINDS and not _NAMED.search(kind):
        raise _Mistake(f"kind is {kind!r}; it may be {', '.join(KINDS)}")
    url = entry.get("url", "")
    if url and not url.lower().startswith(("http://", "https://", "{")):
        raise _Mistake(f"url is {url!r}; it must be the address of a page, such as 'https://{{site}}/privacy'")
    text = {key: entry.get(key, "") for key in ("site", "kind", "name", "url")}
    for key, value in (*text.items(), ("label", entry.get("label", ""))):
        if missed := [hole[0] for hole in _NAMED.finditer(value) if hole[1] not in pattern.groupindex]:
            raise _Mistake(f"{key} is {value!r}, but nothing in {pattern.pattern!r} is named {missed[0][1:-1]}")
    return Rule(pattern=pattern, label=entry.get("label"), format=form, **text)


def _as_regex(path: str) -> str:
    """Make a pattern of a path with ``{name}`` (one part of it), ``*`` (the same, unnamed) and ``**`` (any parts)."""
    parts, end = [], 0
    for hole in _HOLE.finditer(path):
        parts.append(re.escape(path[end : hole.start()]))
        parts.append(f"(?P<{hole[1]}>[^/]+?)" if hole[1] else ".*" if hole[2] else "[^/]*")
        end = hole.end()
    return "".join(parts) + re.escape(path[end:])


def _place(rule: Rule, caught: Mapping[str, str], path: str) -> Place | None:
    def fill(text: str) -> str:
        return _NAMED.sub(lambda hole: caught[hole[1]], text)

    stem, _, suffix = path.rpartition("/")[2].rpartition(".")
    kind, label = kind_and_label(stem)
    form, mimetype = _FORMATS[rule.format or _SUFFIXES.get(suffix.lower(), "text")]
    if rule.kind:
        kind, label = fill(rule.kind), ""
        kind = kind if kind in KINDS else kind_and_label(kind)[0]
    if rule.label is not None:
        label = slug(fill(rule.label)) if fill(rule.label) else ""
    site = fill(rule.site).lower()
    if not site:
        return None
    if not site.isascii():
        site = host_of(f"http://{site}/")  # one site however it is written
    site = site if _SITE.fullmatch(site) else slug(site) + NO_HOST
    return Place(site, kind, label, fill(rule.name), fill(rule.url), form, mimetype)
