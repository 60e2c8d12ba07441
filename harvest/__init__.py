"""A historical policy corpus and diff explorer.

The functions of the command line, for scripts::

    import harvest

    with harvest.open_corpus("policies.db") as corpus:
        report = harvest.run(corpus, ["http://www.softperfect.com/privacy.htm"], contact="me@university.example")
        for change in harvest.changes(corpus, site="softperfect.com"):
            print(change.transition.not_before, change.transition.first_seen, change.transition.tier)

See `harvest.api` for all of them. They are imported when first used: the rooms of the program import this package too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harvest._version import __version__

if TYPE_CHECKING:
    from harvest.api import (
        as_dict,
        audit,
        blame,
        blame_words,
        build,
        changes,
        diff,
        discover,
        export,
        forget,
        history,
        import_paths,
        judgements,
        lift,
        mark,
        merge,
        open_corpus,
        phrase,
        policies,
        read_page,
        run,
        search,
        show,
        status,
        trends,
        undo,
        update,
        verify,
    )
    from harvest.targets import Target, read_targets

__all__ = [
    "Target",
    "__version__",
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
    "read_targets",
    "run",
    "search",
    "show",
    "status",
    "trends",
    "undo",
    "update",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'harvest' has no attribute {name!r}")
    if name in ("Target", "read_targets"):
        from harvest import targets

        return getattr(targets, name)
    from harvest import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted(__all__)
