"""What a fault log says afterwards: which captures met which trouble, and what should have become of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

from harvest.simulator.faults.model import Kind, Scene
from harvest.simulator.limits import endpoint_of
from harvest.simulator.playback import parse_address
from harvest.urls import host_of, urlkey


@dataclass(frozen=True, slots=True)
class Record:
    """The faults of a run. *hits*: name of the kind → what it met: captures (``STAMP KEY``) and sites."""

    hits: Mapping[str, frozenset[str]]
    kinds: Mapping[str, Kind]

    def outcomes(self, url: str, stamp: str, *, landed_url: str = "", landed_stamp: str = "") -> set[str]:
        """Return what a careful client may make of a capture; empty where it gets the true answer in the end.

        *landed_url*, *landed_stamp*: where the capture leads without trouble, if that is another place.
        """
        places = {host_of(url), f"{stamp} {urlkey(url)}", f"{landed_stamp} {urlkey(landed_url or url)}"}
        found = {self.kinds[name].outcome for name, met in self.hits.items() if name in self.kinds and met & places}
        if "fetched" in found:
            found.add("no-text")  # of a page cut in two only the head may be left
        return found - {""}


def read_record(fault_log: Path, kinds: Mapping[str, Kind]) -> Record:
    """Read a fault log. Raises OSError where there is none: nothing went wrong."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in fault_log.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        found[entry["fault"]] |= _met(entry["request"], kinds.get(entry["fault"]))
    return Record({name: frozenset(met) for name, met in found.items()}, kinds)


def _met(target: str, kind: Kind | None) -> set[str]:
    if endpoint_of(target) == "listing":
        return {host_of(parse_qs(target.partition("?")[2]).get("url", [""])[0])}
    asked = parse_address(target)
    if asked is None:
        return set()
    capture = f"{asked.stamp} {urlkey(asked.url)}"
    return {capture, host_of(asked.url)} if kind is not None and kind.by is Scene.host else {capture}
