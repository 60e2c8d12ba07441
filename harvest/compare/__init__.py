"""The compare room: two texts to a diff, a history to lineages. Pure, deterministic, bounded; never raises on text."""

from __future__ import annotations

from harvest.compare.diff import compare

__all__ = ["compare"]
