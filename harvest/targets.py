"""What to harvest: targets as given on the command line, and ``targets.toml``.

::

    contact = "you@university.example"    # optional: settings of the whole file
    every = "6m"
    from = "2005"

    [settings]                            # optional: see `harvest settings`
    mementos_per_minute = 240

    [archives."replay.library.example"]   # optional: its limits
    listings_per_minute = 10
    mementos_per_minute = 60

    [[target]]
    url = "http://www.softperfect.com/privacy.htm"
    every = "change"                      # optional: every, from and to for this target alone

    [[target]]
    url = "https://policies.example.com/privacy"
    urls = ["http://www.example.com/privacy.html"]   # where the same policy lived before
    kind = "privacy"
    label = "eu"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Any

from harvest.config import RATES, Rate, Settings, with_values
from harvest.errors import UnknownTarget
from harvest.timestamps import end_of, start_of

_ENDPOINTS = {name: rate.removesuffix("_rate") for name, rate in RATES.items()}
EVERY = ("all", "1m", "6m", "1y", "change")
SETTINGS: Mapping[str, type] = {
    "contact": str,
    "listings_per_minute": int,
    "mementos_per_minute": int,
    "concurrency": int,
    "timeout_s": float,
    "attempts": int,
    "patience_s": float,
    "give_up_after": int,
    "max_body_bytes": int,
    "listing_page_rows": int,
    "landing_window_days": int,
    "state": str,
}
"""What ``[settings]`` of a targets file may set, and of which type."""
_MAY_BE_ZERO = frozenset({"patience_s", "give_up_after", "landing_window_days"})
KINDS = ("privacy", "terms", "cookies", "other")


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to harvest. *text* is a URL or a bare host; *urls* further addresses of the same policy.

    *kind* '' leaves the decision to the pipeline: what the corpus or the archive says, else ``privacy``. *every*,
    *since*, *until*: of this target alone; '' and None for what the run says.
    """

    text: str
    kind: str = ""
    label: str = ""
    urls: tuple[str, ...] = ()
    every: str = ""
    since: datetime | None = None
    until: datetime | None = None

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
    settings: Mapping[str, str | int | float] = field(default_factory=dict)
    archives: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def as_targets(items: Sequence[str | Target], *, kind: str = "") -> tuple[Target, ...]:
    """Return targets for what a command line or a script gives, blanks dropped; *kind* where none is set."""
    given = [item if isinstance(item, Target) else Target(item.strip()) for item in items]
    return tuple(replace(item, kind=item.kind or kind) for item in given if item.text)


def read_targets(path: str | Path) -> TargetFile:
    """Read ``targets.toml``. Raises UnknownTarget, with the place and what is allowed, for what it cannot read."""
    try:
        content = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UnknownTarget(f"{path}: there is no such file of targets") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnknownTarget(f"{path}: not a TOML file: {error}") from error
    return _read(content, str(path))


def settings_of(file: TargetFile) -> Settings:
    """Return the settings that a targets file asks for, the defaults where it says nothing."""
    limits = {host: {_ENDPOINTS[name]: Rate(rate) for name, rate in own.items()} for host, own in file.archives.items()}
    return replace(with_values(Settings(), own_settings(file)), archives=limits)


def own_settings(file: TargetFile) -> dict[str, str | int | float]:
    """Return what a targets file sets; its older place for the contact counts."""
    return {**({"contact": file.contact} if file.contact else {}), **file.settings}


def setting_fault(name: str, value: Any) -> str:
    """Say what a setting wants that has a value it cannot have; '' for one it can."""
    if SETTINGS[name] is str:
        return "" if isinstance(value, str) else "write a text in quotes"
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return "write a number"
    if not isfinite(value) or value < 0 or (value == 0 and name not in _MAY_BE_ZERO):
        return f"write a number {'of 0 or more' if name in _MAY_BE_ZERO else 'above 0'}"
    return ""


def _read(content: Mapping[str, Any], where: str) -> TargetFile:
    _refuse_unknown(content, {"target", "archive", "contact", "every", "from", "to", "settings", "archives"}, where)
    rows = content.get("target", [])
    if not isinstance(rows, list) or not rows:
        raise UnknownTarget(f'{where}: no targets: write [[target]] and url = "https://…" for each')
    every, since, until = _bounds(content, where)
    return TargetFile(
        targets=tuple(_target(row, f"{where}: target {number}") for number, row in enumerate(rows, start=1)),
        archive=_text(content, "archive", where),
        contact=_text(content, "contact", where),
        every=every,
        since=since,
        until=until,
        settings=_settings(content.get("settings", {}), f"{where}: [settings]"),
        archives=_archives(content.get("archives", {}), where),
    )


def _bounds(table: Mapping[str, Any], where: str) -> tuple[str, datetime | None, datetime | None]:
    every = _text(table, "every", where)
    if every and every not in EVERY:
        raise UnknownTarget(f"{where}: every = {every!r}: write one of {', '.join(EVERY)}")
    try:
        since = start_of(str(table["from"])) if "from" in table else None
        until = end_of(str(table["to"])) if "to" in table else None
    except ValueError as error:
        raise UnknownTarget(f"{where}: {error}") from error
    return every, since, until


def _settings(table: Any, where: str) -> dict[str, str | int | float]:
    if not isinstance(table, Mapping):
        raise UnknownTarget(f"{where}: write a table")
    _refuse_unknown(table, set(SETTINGS), where)
    for name, value in table.items():
        if fault := setting_fault(name, value):
            raise UnknownTarget(f"{where}: {name} = {value!r}: {fault}")
    return {name: SETTINGS[name](value) for name, value in table.items()}


def _archives(table: Any, where: str) -> dict[str, dict[str, int]]:
    if not isinstance(table, Mapping) or not all(isinstance(rates, Mapping) for rates in table.values()):
        raise UnknownTarget(f'{where}: write [archives."HOST"] and its limits below')
    for host, rates in table.items():
        _refuse_unknown(rates, set(RATES), f'{where}: [archives."{host}"]')
        if not all(isinstance(rate, int) and rate > 0 for rate in rates.values()):
            raise UnknownTarget(f'{where}: [archives."{host}"]: write whole numbers above 0')
    return {host: dict(rates) for host, rates in table.items()}


def _target(row: Any, where: str) -> Target:
    if not isinstance(row, Mapping):
        raise UnknownTarget(f"{where}: write a table with a url")
    _refuse_unknown(row, {"url", "host", "kind", "label", "urls", "every", "from", "to"}, where)
    text = _text(row, "url", where) or _text(row, "host", where)
    if not text:
        raise UnknownTarget(f"{where}: neither url nor host")
    kind = _text(row, "kind", where)
    if kind and kind not in KINDS:
        raise UnknownTarget(f"{where}: kind = {kind!r}: write one of {', '.join(KINDS)}")
    urls = row.get("urls", [])
    if not isinstance(urls, list) or not all(isinstance(url, str) for url in urls):
        raise UnknownTarget(f"{where}: urls is a list of addresses")
    every, since, until = _bounds(row, where)
    return Target(text, kind, _text(row, "label", where), tuple(urls), every, since, until)


def _text(table: Mapping[str, Any], key: str, where: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise UnknownTarget(f"{where}: {key} = {value!r}: write it in quotes")
    return value.strip()


def _refuse_unknown(table: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise UnknownTarget(f"{where}: unknown setting {', '.join(unknown)}: there are {', '.join(sorted(known))}")
