"""How people write policies: ``SITE``, ``SITE/KIND``, ``SITE/KIND:LABEL``, and ``@DATE`` behind any of them. Pure."""

from __future__ import annotations


def full_name(host: str, kind: str, label: str = "") -> str:
    """Return the name that leaves nothing out.

    >>> full_name("a.example", "privacy"), full_name("a.example", "terms", "eu")
    ('a.example/privacy', 'a.example/terms:eu')
    """
    return f"{host}/{kind}:{label}" if label else f"{host}/{kind}"


def short_name(host: str, kind: str, label: str = "") -> str:
    """Return the shortest name that means the same policy: ``privacy`` is left out.

    >>> short_name("a.example", "privacy"), short_name("a.example", "privacy", "eu")
    ('a.example', 'a.example/privacy:eu')
    """
    return host if kind == "privacy" and not label else full_name(host, kind, label)


def split_name(name: str) -> tuple[str, str, str]:
    """Return host, kind and label, ``''`` for what is left out. A label may be the path of a page.

    >>> split_name("a.example/terms:/legal/eu/"), split_name("a.example/")
    (('a.example', 'terms', '/legal/eu/'), ('a.example', '', ''))
    """
    host, _, rest = name.strip(" /").partition("/")
    kind, colon, _ = rest.partition(":")
    return host, kind, name.partition(f"/{kind}:")[2] if colon else ""  # spaces and slashes at its ends are the label's


def split_as_of(text: str) -> tuple[str, str]:
    """Return what stands before and behind the last ``@``: a policy and a date, which is ``''`` where none is written.

    >>> split_as_of("a.example/terms@2010-05"), split_as_of("http://a.example/@acme/privacy")
    (('a.example/terms', '2010-05'), ('http://a.example/@acme/privacy', ''))
    """
    name, at, date = text.rpartition("@")
    return (name, date) if at and "/" not in date else (text, "")
