"""What a page is: a policy, or an error, a wall, a shell, a stub that a harvester must not take for one."""

from __future__ import annotations

from harvest.model import Extracted, PageKind


def judge_page(extracted: Extracted, *, status: int | None = None, words: int = 0) -> tuple[PageKind, str]:
    """Say what the page is, and why. *words* are those of the extracted text."""
    if status is not None and status >= 400:
        return PageKind.ERROR, f"archived status {status}"
    if words < 60 and extracted.refresh:
        return PageKind.STUB, f"sends the browser on to {extracted.refresh}"
    if words < 30:
        return PageKind.SHELL, f"only {words} words of text"
    return PageKind.POLICY, ""
