"""Tables that hold data against tables that hold the page together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harvest.text.extract_tree import HEADINGS, Node, text_of

_PARTS = frozenset(("tbody", "thead", "tfoot"))
_MARKER = re.compile(r"^(?:[•·●○▪■□►▶»>*o–—-]|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)]|\d{1,2})$")
_MAX_LAYOUT_CELL = 1500  # characters: cells of data tables in real policies stay below, content cells of layouts above


def is_data_table(table: Node) -> bool:
    """True for a table a reader reads by row and column. Tables are layout unless they look like data."""
    role = table.get("role")
    if role in ("presentation", "none"):
        return False
    rows = [row for row in table_rows(table) if row.tag == "tr"]
    cells = [[cell for cell in row.nodes() if cell.tag in ("td", "th") and cell.chars] for row in rows]
    wide = [row for row in cells if len(row) >= 2]
    if len(wide) < 2 or len(wide) * 2 < len([row for row in cells if row]):
        return False
    flat = [cell for row in cells for cell in row]
    if _holds(flat, "table") or all(item_of(row) for row in rows if row.chars):
        return False
    if role in ("table", "grid") or any(cell.tag == "th" for cell in flat):
        return True
    return max(cell.chars for cell in flat) <= _MAX_LAYOUT_CELL and not _holds(flat, *HEADINGS)


def item_of(row: Node) -> tuple[str, Node] | None:
    """Marker and text cell of a row that draws a list item: a bullet or number in one cell, the text in the next."""
    cells = [cell for cell in row.nodes() if cell.tag in ("td", "th") and cell.chars]
    if len(cells) != 2 or cells[0].chars > 5 or cells[1].chars < 15:
        return None
    marker = text_of(cells[0])
    return (marker, cells[1]) if _MARKER.match(marker) else None


def table_rows(table: Node) -> Iterator[Node]:
    """Rows of a table (and its captions) in document order, those of nested tables excluded."""
    for kid in table.nodes():
        if kid.tag in ("tr", "caption"):
            yield kid
        elif kid.tag in _PARTS:
            yield from (row for row in kid.nodes() if row.tag == "tr")


def _holds(cells: list[Node], *tags: str) -> bool:
    todo = list(cells)
    while todo:
        for kid in todo.pop().nodes():
            if kid.tag in tags:
                return True
            todo.append(kid)
    return False
