"""Whether histories that were derived before would be derived the same today: by the sources of the rules themselves.

`harvest build` after a change of how pages are read need not compare again what reads as before. A number that is
raised by hand would be forgotten once, and differences of older rules would stay; a comment that changes costs one
build a few minutes. A corpus has it in ``meta`` as ``rules``, after the normaliser it goes with; '' after several.
"""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

#: Where the rules are that make diffs and histories out of texts, in the package.
RULES = (
    "compare/*.py",
    "corpus/codes.py",
    "corpus/compact.py",
    "corpus/comparing.py",
    "corpus/derive*.py",
    "corpus/migrations.py",
    "corpus/runs.py",
    "corpus/schema_*.py",
    "corpus/site_lines.py",
    "corpus/store_diffs.py",
    "corpus/store_half_years.py",
    "corpus/store_history*.py",
    "corpus/store_lineages.py",
    "corpus/store_runs.py",
    "corpus/store_sections.py",
    "corpus/store_settle.py",
    "corpus/store_sightings.py",
    "corpus/store_site_lines.py",
    "corpus/store_stays.py",
    "corpus/store_urls.py",
    "corpus/store_wide.py",
    "corpus/store_wordings.py",
    "model/*.py",
    "text/digits.py",
    "text/fold.py",
    "text/scripts.py",
    "text/stated_days.py",
    "text/stated_words.py",
    "timestamps.py",
    "urls.py",
)
_LIBRARIES = ("fast_diff_match_patch", "rapidfuzz")


@cache
def rules_digest() -> str:
    """Return a digest of the rules, '' where their sources cannot be read. Takes 6 ms."""
    digest = hashlib.sha256(sys.version.encode())
    try:
        for path in (*rule_files(), *map(_origin, _LIBRARIES)):
            # a library in C, of megabytes, is told by its size
            digest.update(path.read_bytes() if path.suffix == ".py" else b"%d" % path.stat().st_size)
    except OSError:
        return ""
    return digest.hexdigest()[:16]


def rule_files() -> list[Path]:
    """Return the files of this package that `rules_digest` is of."""
    package = Path(__file__).parents[1]
    return [path for pattern in RULES for path in sorted(package.glob(pattern))]


def _origin(library: str) -> Path:
    spec = find_spec(library)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(library)
    return Path(spec.origin)
