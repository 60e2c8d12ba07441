"""Say how well links to policies are found on invented home pages: precision and recall by kind, and what went wrong.

    python tests/benchmarks/discovery.py [PAGES]

PAGES is a Python file with a list ``PAGES`` like that of ``tests/archive/home_pages.py``, the default.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import util
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from harvest.archive.discovery_links import read_home
from harvest.urls import urlkey

KINDS = ("privacy", "terms", "cookies")


def main() -> None:
    """Run from the command line."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "archive" / "home_pages.py"
    for line in report(load(path)):
        print(line)


def load(path: Path) -> list[Any]:
    """Return the pages of a file."""
    spec = util.spec_from_file_location("home_pages", path)
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return list(module.PAGES)


def report(pages: Iterable[Any]) -> Iterator[str]:
    """Yield the figures, and one line for each page that went wrong."""
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    wrong = []
    count = 0
    for page in pages:
        count += 1
        given = {(link.kind, urlkey(link.url)) for link in read_home(page.body, page.headers, page.url).policies}
        asked = {(kind, urlkey(urljoin(page.url, url))) for kind in KINDS for url in getattr(page, kind)}
        for kind in KINDS:
            ours, theirs = ({url for what, url in some if what == kind} for some in (given, asked))
            right[kind] += len(ours & theirs)
            found[kind] += len(ours)
            wanted[kind] += len(theirs)
        if given != asked:
            wrong.append(f"{page.name}: too many {sorted(given - asked)}, missed {sorted(asked - given)}")
    yield f"{count} pages"
    for kind in KINDS:
        precision = right[kind] / found[kind] if found[kind] else 1.0
        recall = right[kind] / wanted[kind] if wanted[kind] else 1.0
        counts = f"{right[kind]} of {found[kind]} found are right, {wanted[kind]} are there"
        yield f"{kind}: precision {precision:.3f}, recall {recall:.3f} ({counts})"
    yield from wrong


if __name__ == "__main__":
    main()
