"""What commands print for people: safe to show, whatever an archived page holds.

What is printed is made plain first; colours are ours alone, and carried by `Painted`, which nothing of a page becomes
by accident.
"""

from __future__ import annotations

from typing import Any

import click

from harvest.visible import visible


class Painted(str):
    """A text that was made plain before its colours were added; joined or formatted it is an ordinary string again."""

    __slots__ = ()


def plain(text: str) -> str:
    """Return a text with a mark in the place of whatever commands a terminal; `Painted` comes back as it is."""
    return text if isinstance(text, Painted) else visible(text)


def painted(*texts: str, between: str = "") -> Painted:
    """Return texts as one, each made plain unless it is painted.

    >>> painted("a\\x1b[31m ", paint("b", bold=True))
    'a\ufffd[31m \\x1b[1mb\\x1b[0m'
    """
    return Painted(between.join(map(plain, texts)))


def paint(text: str, **style: Any) -> Painted:
    """Return a text in a style, as `click.style` takes it."""
    return Painted(click.style(plain(text), **style))


def echo(text: str = "", *, err: bool = False, nl: bool = True, **style: Any) -> None:
    """Print a text made plain; without colours where what reads it is no terminal."""
    click.echo(paint(text, **style) if style else plain(text), err=err, nl=nl)
