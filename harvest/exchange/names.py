"""Names of files made of names in a corpus, which may be anything: labels are free, a corpus may be a stranger's."""

from __future__ import annotations

import re

# What separates folders anywhere, what Windows does not allow, and what a terminal would act on.
_UNFIT = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f-\x9f]+')


def file_name(text: str) -> str:
    """Return a text as the name of one file or folder, never of another place.

    >>> file_name("example.org"), file_name("terms:developers"), file_name("../../etc"), file_name("..")
    ('example.org', 'terms-developers', '--..-etc', '-')
    """
    name = _UNFIT.sub("-", text)
    return "-" + name.lstrip(".") if name.startswith(".") else name or "-"
