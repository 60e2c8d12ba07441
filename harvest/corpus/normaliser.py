"""The stamp of derived rows."""

from __future__ import annotations

NORMALISER = "7"
"""Version of the rules that make texts and diffs out of bodies (rooms ``text`` and ``compare``).

Raise it with a change of these rules that changes what is stored; ``harvest status`` then asks for ``harvest build``.
A number, not a digest of the sources: a changed comment must not make a corpus look out of date. ``harvest verify``
finds a change that was forgotten here.
"""
