"""Addresses within the page of a difference: the same page shown otherwise, its parts, the changes on them."""

from __future__ import annotations

from collections.abc import Callable

from harvest.web.difference_model import Anchor
from harvest.web.difference_parts import DiffPart

#: How an address names the change that it cites. No name of a policy or database can hold it: its ``=`` is quoted.
_NAMED = "change="


class Places:
    """Where anchors are, from one part of a difference.

    *here* returns the address of the difference as it is shown, but for the query parameters it is given. A page has
    some 200 anchors in a dozen parts: an address is put together once for each part, and once for all changes.
    """

    def __init__(self, part: DiffPart, here: Callable[..., str]) -> None:
        self._part, self._here = part, here
        self._parts = {0: ""}
        self._cited: tuple[str, str] | None = None

    def at(self, anchor: Anchor) -> str:
        """Return the address of an anchor, which names the part only where it is another."""
        home = self._part.elsewhere(anchor)
        if home not in self._parts:
            self._parts[home] = self._here(part=home)
        return f"{self._parts[home]}#{anchor}"

    def cite(self, anchor: Anchor) -> str:
        """Return the address by which to cite a change: of whatever part it stands on by then."""
        if self._part.count == 1:
            return f"#{anchor}"
        if self._cited is None:
            start, named, end = self._here(change="-").partition(_NAMED)
            self._cited = start + named, end.removeprefix("-")
        start, end = self._cited
        return f"{start}{anchor}{end}#{anchor}"
