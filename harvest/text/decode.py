"""Bytes to text."""

from __future__ import annotations

from collections.abc import Mapping

from harvest.model import Decoded


def decode(body: bytes, headers: Mapping[str, str]) -> Decoded:
    """Decode."""
    return Decoded(body.decode("utf-8", "replace"), "utf-8", "default")
