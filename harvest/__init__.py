"""A historical policy corpus and diff explorer."""

from harvest._version import __version__

__all__ = ["__version__"]
