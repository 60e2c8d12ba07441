"""``--map FILE``: which files of a history are which policies, where the layout does not say so itself."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harvest.errors import UnknownTarget
from harvest.exchange.git_layouts import Place, kind_and_label, slug

_FORMATS = {
    "html": ("raw", "text/html"),
    "page": ("derived", "text/html"),
    "markdown": ("derived", "text/markdown"),
    "text": ("derived", "text/plain"),
}
_SUFFIXES = {"html": "html", "htm": "html", "md": "markdown", "markdown": "markdown"}
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
    """What a map file says. *layout* is None where it only gives hosts of services; *date*: committer or author."""

    layout: Mapped | None
    hosts: Mapping[str, str]
    date: str = "committer"


def read_map(path: Path) -> MapFile:
    """Read a map file. Raises UnknownTarget, saying what is wrong and where."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnknownTarget(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnknownTarget(f"{path} is no TOML: {error}") from error
    date = data.get("date", "committer")
    if date not in ("committer", "author"):
        raise UnknownTarget(f"{path}: date is {date!r}; it may be 'committer' or 'author'")
    hosts = {str(name): str(host) for name, host in data.get("services", {}).items()}
    rules = tuple(_rule(entry, path) for entry in data.get("files", []))
    name = str(data.get("name", path.stem))
    return MapFile(Mapped(f"git:{name}", rules) if rules else None, hosts, date)


def _rule(entry: Mapping[str, Any], path: Path) -> Rule:
    unknown = set(entry) - {"path", "regex", "site", "kind", "label", "name", "url", "format"}
    if unknown or ("path" in entry) == ("regex" in entry) or "site" not in entry:
        said = f"unknown: {', '.join(sorted(unknown))}" if unknown else "it needs 'site', and 'path' or 'regex'"
        raise UnknownTarget(f"{path}: an entry of files cannot be used: {said}")
    try:
        pattern = re.compile(entry["regex"] if "regex" in entry else _as_regex(entry["path"]))
    except re.error as error:
        raise UnknownTarget(f"{path}: {entry.get('regex') or entry['path']!r} is no pattern: {error}") from error
    form = entry.get("format", "")
    if form and form not in _FORMATS:
        raise UnknownTarget(f"{path}: format is {form!r}; it may be {', '.join(_FORMATS)}")
    text = {key: str(entry.get(key, "")) for key in ("site", "kind", "name", "url")}
    return Rule(pattern=pattern, label=entry.get("label"), format=form, **text)


def _as_regex(path: str) -> str:
    """Make a pattern of a path with ``{name}`` (one part of it), ``*`` (the same, unnamed) and ``**`` (any parts)."""
    parts, end = [], 0
    for hole in _HOLE.finditer(path):
        parts.append(re.escape(path[end : hole.start()]))
        parts.append(f"(?P<{hole[1]}>[^/]+?)" if hole[1] else ".*" if hole[2] else "[^/]*")
        end = hole.end()
    return "".join(parts) + re.escape(path[end:])


def _place(rule: Rule, caught: Mapping[str, str], path: str) -> Place:
    def fill(text: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda hole: caught.get(hole[1], hole[0]), text)

    stem, _, suffix = path.rpartition("/")[2].rpartition(".")
    kind, label = kind_and_label(stem)
    form, mimetype = _FORMATS[rule.format or _SUFFIXES.get(suffix.lower(), "text")]
    if rule.kind:
        kind, label = fill(rule.kind), ""
    if rule.label is not None:
        label = slug(fill(rule.label)) if rule.label else ""
    site = fill(rule.site).lower()
    return Place(site, kind, label, fill(rule.name), fill(rule.url), form, mimetype)
