"""What an archive says when it will not answer: excluded, or not there. Pure; for answers of the archive itself."""

from __future__ import annotations

import re
from collections.abc import Mapping

_HEADER = "x-archive-wayback-runtime-error"
_EXCLUDED = re.compile(
    r"AdministrativeAccessControlException|RobotAccessControl(?:led)?Exception|Blocked By Robots|Blocked Site Error"
    r"|URL has been excluded from the Wayback Machine|cannot be (?:crawled or )?displayed due to robots\.txt"
    r"|Access to this URL has been (?:blocked|denied)",
    re.I,
)
_ABSENT = re.compile(r"ResourceNotInArchiveException|has not archived that URL", re.I)


def exclusion(headers: Mapping[str, str], text: str) -> str:
    """Return how the archive words that a site is excluded; '' where it does not say so.

    The words stand in the body, or (time maps, robots exclusions) in a header over an empty body. The status says
    nothing: playback has answered 403, and in 2020 200.
    """
    match = _EXCLUDED.search(headers.get(_HEADER, "")) or _EXCLUDED.search(text)
    return f"excluded from the archive ({match[0]})" if match else ""


def is_absent(status: int, headers: Mapping[str, str], text: str) -> bool:
    """True where the archive says that it has no such capture."""
    return status == 404 or bool(_ABSENT.search(headers.get(_HEADER, "")) or _ABSENT.search(text))
