"""What a page says of its links to those who cannot see them: "(opens in a new window)". The policy does not say it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from harvest.compare.tokens import count_words

_WHERE = r"(?:window|tab)(?:\sor\s(?:window|tab))?"
_HINT = re.compile(
    rf"""[\s\u2013\u2014-]{{0,3}}[(\[]?\s?(?:
        (?:(?:this\s|the\s)?links?\s)?(?:will\s)?opens?\s(?:up\s)?in\s(?:an?\s)?(?:new|another|external)\s
            (?:browser\s)?{_WHERE}
      | (?:(?:le\s|ce\s)?lien\s)?(?:s['\u2019])?ouvr(?:e|ira)\s(?:dans\s|sur\s)?une?\s(?:nouvel(?:le)?|autre)\s
            (?:fenêtre|onglet|page\b)(?:\s(?:de|du)\snavigateur)?
      | (?:(?:der\s)?link\s)?(?:öffnet|wird)\s(?:sich\s)?in\s(?:einem\s)?neue[mn]\s
            (?:browser)?(?:fenster|tab)(?:\sgeöffnet)?
      | (?:(?:el\s)?enlace\s)?se\sabre\sen\s(?:una\s)?(?:nueva\s)?(?:ventana|pestaña)(?:\snueva)?
      | (?:(?:o\s)?link\s)?abre\s(?:em|numa|en)\s(?:uma\s)?nova\s(?:janela|aba|guia)
      | (?:(?:il\s)?link\s)?si\sapre\sin\s(?:una\s)?(?:nuova\s)?(?:finestra|scheda)
      | (?:(?:de\s)?link\s)?opent\sin\s(?:een\s)?nieuw\s(?:venster|tabblad)
      | ^opens\sa\snew\s{_WHERE}
      | (?<=[(\[])(?:link\sis\sexternal|link\ssends\se-?mail|external\slink|lien\sexterne|externer\slink)
      )\s?[)\]]?""",
    re.X | re.I,
)
# What each of them needs, in small letters. Both words are in one text of two hundred, most of which say other things
# with them; of 7 MB of policies the pattern above has 50 kB to read, at some 0.8 µs a character.
_NEEDS = (
    ("open", ("window", "tab", "venster")),
    ("ouvr", ("fenêtre", "onglet", "page")),
    ("neue", ("fenster", "tab")),
    ("abre", ("ventana", "pestaña", "janela", "aba", "guia")),
    ("apre", ("finestra", "scheda")),
    ("link", ("extern", "send")),
    ("lien", ("extern",)),
)
_SAYS = re.compile(
    r"open[st]?\s(?:up\s)?in\s|^opens\sa\snew\s|ouvr(?:e|ira)\s(?:dans|sur|une?)\s|\sin\s(?:einem\s)?neue[mn]\s"
    r"|a[bp]re\s(?:e[mn]|numa|in)\s|[(\[](?:link\s|lien\se|extern)"
)


def hints_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a text says what happens to whoever follows a link, as (start, end).

    >>> text = "Read the rules (opens in a new window) of the garden."
    >>> [text[start:end] for start, end in hints_in(text)]
    [' (opens in a new window)']
    """
    if may_be_hint(text):
        yield from (match.span() for match in _HINT.finditer(text))


# With what each of them ends, but for brackets.
_LAST = tuple(
    "window tab venster tabblad onglet page navigateur fenster ventana nueva janela aba guia finestra scheda"
    " external mail link externe".split()
)
_LAST_LENGTH = max(map(len, _LAST))
_BEHIND = " .,;:!?)]\u2019\u201d"


def is_hint(text: str) -> bool:
    """Return whether a text with words has none but those of hints.

    >>> is_hint("(opens in a new window)."), is_hint("Our rules (opens in a new window)")
    (True, False)
    """
    last = text.rstrip(_BEHIND)[-_LAST_LENGTH:]
    if last[-1:].isalnum() and last.isascii() and not last.lower().endswith(_LAST):
        return False  # thirty times quicker than to look for one
    return not count_words(without_hints(text))


def without_hints(text: str) -> str:
    """Return a text without what it says to those who cannot see its links.

    >>> without_hints("More informationOpens in new tab"), without_hints("Keep the window open.")
    ('More information', 'Keep the window open.')
    >>> without_hints("Opens a new window or tabOur rules"), without_hints("The shop opens a new window in May.")
    ('Our rules', 'The shop opens a new window in May.')
    """
    return _HINT.sub("", text) if may_be_hint(text) else text


def may_be_hint(text: str) -> bool:
    """Return whether a text may say what happens to whoever follows a link; False is sure."""
    return names_hint(text) and _SAYS.search(text.lower()) is not None


@lru_cache(maxsize=16)  # both sides of what is compared are asked for three times over
def names_hint(text: str) -> bool:
    """Return whether a text has the words of a hint, if not beside one another; no part of one without them has."""
    folded = text.lower()
    for act, where in _NEEDS:
        if act in folded:
            for place in where:
                if place in folded:
                    return True
    return False
