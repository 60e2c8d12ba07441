"""A difference as Markdown to hand on: what it is of, where both sides are archived, and the redline."""

from __future__ import annotations

from harvest.compare.render import to_markdown
from harvest.corpus.queries_model import CaptureRef, PolicyRef, TextPair
from harvest.model import Diff
from harvest.web.words import archive, window


def redline(policy: PolicyRef, pair: TextPair, diff: Diff, address: str, *, noise: bool) -> str:
    """Return title, both bounds, links to both captures and the page, and what changed, with *noise* or without."""
    before, after = pair.before.version, pair.after.version
    when = window(before.bounds.last_seen, after.bounds.first_seen)
    return "\n".join(
        [
            f"# {policy.host}, {policy.kind} policy: changed {when}",
            "",
            f"- Before: {_source(before.last_capture)} (text {before.text.sha12})",
            f"- After: {_source(after.first_capture)} (text {after.text.sha12})",
            f"- Compared at <{address}>",
            "",
            to_markdown(diff, noise=noise),
        ]
    )


def _source(capture: CaptureRef) -> str:
    if capture.archive_url:
        return f"<{capture.archive_url}>"
    return f"`{capture.url}` of {capture.timestamp}, {archive(capture.archive)}"
