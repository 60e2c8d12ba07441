"""What a page says of its links to those who cannot see them: "(opens in a new window)". The policy does not say it."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
    if _may_be_hint(text):
        yield from (match.span() for match in _HINT.finditer(text))


def without_hints(text: str) -> str:
    """Return a text without what it says to those who cannot see its links.

    >>> without_hints("More informationOpens in new tab"), without_hints("Keep the window open.")
    ('More information', 'Keep the window open.')
    >>> without_hints("Opens a new window or tabOur rules"), without_hints("The shop opens a new window in May.")
    ('Our rules', 'The shop opens a new window in May.')
    """
    return _HINT.sub("", text) if _may_be_hint(text) else text


def _may_be_hint(text: str) -> bool:
    folded = text.lower()
    needed = [act in folded and any(map(folded.__contains__, where)) for act, where in _NEEDS]
    return any(needed) and _SAYS.search(folded) is not None
