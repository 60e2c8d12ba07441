"""The light tree of a page that the extractor walks: elements, their text, and how much of it are links or prose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

INLINE = frozenset(
    "a abbr acronym b basefont bdi bdo big blink br button cite code data del dfn em font i img ins kbd label mark "
    "nobr q ruby rb rt rp s samp small span strike strong sub sup time tt u var wbr".split()
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
CONTAINERS = frozenset("div section aside header footer ul ol dl table tbody tr td center form blockquote main".split())


@dataclass(slots=True, eq=False)
class Node:
    """An element. *kids* are nodes and raw strings in document order; measures are filled in by ``measure``."""

    tag: str
    attrs: dict[str, str | None]
    parent: Node | None = None
    at: int = 0  # position in Tree.order
    kids: list[Node | str] = field(default_factory=list)
    chars: int = 0  # characters of text below, white space trimmed
    links: int = 0  # of those, inside links
    prose: int = 0  # of those, in runs long enough to be sentences
    controls: int = 0  # form fields below
    elder: Node | None = None  # the last element with text before it under the same parent

    def get(self, name: str) -> str:
        """An attribute's value, '' where it is absent or empty."""
        return self.attrs.get(name) or ""

    def nodes(self) -> Iterator[Node]:
        """Child elements, without text."""
        return (kid for kid in self.kids if isinstance(kid, Node))

    def below(self) -> Iterator[Node]:
        """This element and all elements in it, in document order."""
        todo = [self]
        while todo:
            node = todo.pop()
            yield node
            todo.extend(kid for kid in reversed(node.kids) if isinstance(kid, Node))


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed page: its body, its elements (parents before children), and what the head says."""

    body: Node
    order: list[Node]
    title: str = ""
    language: str = ""
    refresh: str = ""
    base: str = ""
    frames: tuple[str, ...] = ()
    styles: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)  # all that is shown, in order
    prose: list[tuple[int, int]] = field(default_factory=list)  # where in *order* sentences stand, and how much
    aside: tuple[str, ...] = ()  # markup for browsers without frames or scripts


def measure(tree: Tree, *, dense: bool = False) -> None:
    """Fill in the sizes of every node, children before parents, and where the sentences are.

    *dense*: the page is in Chinese, Japanese or Korean, which say in 20 characters what takes others 50.
    """
    least = 20 if dense else 50
    inline: dict[int, tuple[int, int]] = {}  # by position, of inline elements: text of the run they are in, its links
    for node in reversed(tree.order):
        chars = links = prose = run = run_links = 0
        elder = None
        for kid in node.kids:
            if isinstance(kid, str):
                size = len(kid.strip())
                chars += size
                run += size
                continue
            kid.elder = elder
            if kid.controls:
                node.controls += kid.controls
            if not kid.chars:
                continue
            elder = kid
            chars += kid.chars
            links += kid.links
            prose += kid.prose
            if kid.at in inline:
                inside, inside_links = inline.pop(kid.at)
                run += inside
                run_links += inside_links
        if node.tag == "a" and "href" in node.attrs:
            links, run_links = chars, run
        if node.tag in INLINE:
            if run:
                inline[node.at] = (run, run_links)
        elif run - run_links >= least and run_links <= run * 0.5:
            tree.prose.append((node.at, run))
            prose += run
        node.chars, node.links, node.prose = chars, links, prose
    tree.prose.reverse()


def contains(outer: Node, inner: Node) -> bool:
    """Return whether an element is another one or stands in it."""
    node: Node | None = inner
    while node is not None:
        if node is outer:
            return True
        node = node.parent
    return False


def text_of(node: Node) -> str:
    """All text below an element, white space collapsed."""
    if len(node.kids) == 1 and isinstance(node.kids[0], str):
        return " ".join(node.kids[0].split())
    pieces: list[str] = []
    todo: list[Node | str] = [node]
    while todo:
        kid = todo.pop()
        if isinstance(kid, str):
            pieces.append(kid)
        else:
            todo.extend(reversed(kid.kids))
    return " ".join(" ".join(pieces).split())
