"""Signs of Chinese, Japanese and Korean, which say in one what takes others several."""

from __future__ import annotations

_EAST = bytes(range(0xE3, 0xEE))  # with which U+3000 to U+DFFF begin in UTF-8
_SIGNS = b"\xe3\x80"  # with which their punctuation does


def count_east(text: str) -> int:
    """Return how many characters of *text* are Chinese, Japanese or Korean, punctuation aside.

    Bytes are deleted at the speed of memory; a regular expression takes 2 ms to compile for so many signs.

    >>> count_east("プライバシー、privacy"), count_east("“we” – données")
    (6, 0)
    """
    if text.isascii():
        return 0
    body = text.encode("utf-8", "replace")
    return len(body) - len(body.translate(None, _EAST)) - body.count(_SIGNS)
