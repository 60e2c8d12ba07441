"""What it means that no answer came: refused, not connected, or something else. Pure."""

from __future__ import annotations

import errno
import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from urllib3.exceptions import NewConnectionError

_INNERMOST = re.compile(r"\w+\((?:\d+, )?[\"']([^\"'()]+)[\"']\)+$")


def is_unconnected(error: BaseException) -> bool:
    """True where the connection could not be made at all: refused, no route, no such host."""
    return any(isinstance(cause, (NewConnectionError, ConnectionRefusedError)) for cause in _causes(error))


def is_refusal(error: BaseException) -> bool:
    """True where somebody was there and refused: how the archive blocks an address."""
    return any(isinstance(cause, OSError) and cause.errno == errno.ECONNREFUSED for cause in _causes(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        reason = getattr(cause, "reason", None) or next((arg for arg in cause.args if isinstance(arg, Exception)), None)
        cause = reason if isinstance(reason, BaseException) else cause.__cause__ or cause.__context__


def root_of(error: BaseException) -> str:
    """Return what lies at the bottom of an error, in its own words.

    >>> root_of(OSError("('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))"))
    'Remote end closed connection without response'
    >>> root_of(OSError("(Caused by NameResolutionError(\\"HTTPS: Failed to resolve 'a.example' ([Errno -2] No)\\"))"))
    "Failed to resolve 'a.example' ([Errno -2] No)"
    """
    text = str(error).rpartition("Caused by ")[2]
    inner = _INNERMOST.search(text)  # urllib3 shows the representation of the errors inside
    words = inner[1] if inner else text.rpartition(": ")[2] or text
    bare = words.strip("()'\" ")[:200]
    return bare + ")" * (bare.count("(") - bare.count(")")) or type(error).__name__


def is_loopback(address: str) -> bool:
    """True for a server on this computer.

    >>> is_loopback("http://localhost:8080/x"), is_loopback("http://[::1]:1"), is_loopback("https://web.archive.org")
    (True, True, False)
    """
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def site_of(url: str) -> str:
    """Return scheme, host and port of an address."""
    return "/".join(url.split("/")[:3])
