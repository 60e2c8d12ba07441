"""The date a policy states of itself."""

from __future__ import annotations

from collections.abc import Sequence

from harvest.model import Block, StatedDate


def stated_date(blocks: Sequence[Block], language: str = "") -> StatedDate | None:
    """The date the text says it was updated or takes effect; None where it says none."""
    return None
