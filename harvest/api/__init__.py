"""The functions of the command line for scripts; `import harvest` gives them.

Parameters are named as the options are (``since`` and ``until`` are ``--from`` and ``--to``, ``form`` is ``--format``).
Dates are ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``, full timestamps, or aware datetimes. Everything returned is a frozen
dataclass; `as_dict` makes plain JSON types of it. Errors are those of `harvest.errors`.
"""

from harvest.api.collecting import discover, import_paths, open_corpus, run, update
from harvest.api.keeping import audit, build, export, forget, judgements, lift, mark, merge, undo, verify
from harvest.api.moments import Moment
from harvest.api.reading import (
    LAST_RUN,
    as_dict,
    blame,
    blame_words,
    changes,
    diff,
    history,
    phrase,
    policies,
    read_page,
    search,
    show,
    status,
    trends,
)

__all__ = [
    "LAST_RUN",
    "Moment",
    "as_dict",
    "audit",
    "blame",
    "blame_words",
    "build",
    "changes",
    "diff",
    "discover",
    "export",
    "forget",
    "history",
    "import_paths",
    "judgements",
    "lift",
    "mark",
    "merge",
    "open_corpus",
    "phrase",
    "policies",
    "read_page",
    "run",
    "search",
    "show",
    "status",
    "trends",
    "undo",
    "update",
    "verify",
]
