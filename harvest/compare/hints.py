"""What a page says of its links to those who cannot see them: "(opens in a new window)". The policy does not say it."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WHERE = r"(?:window|tab)(?: or (?:window|tab))?"
_HINT = re.compile(
    rf"""[\s\u2013\u2014-]{{0,3}}[(\[]?\s?(?:
        (?:(?:this\s|the\s)?links?\s)?(?:will\s)?opens?\s(?:up\s)?in\s(?:an?\s)?(?:new|another|external)\s
            (?:browser\s)?{_WHERE}
      | (?:(?:le\s|ce\s)?lien\s)?(?:s['\u2019])?ouvr(?:e|ira)\s(?:dans\s|sur\s)?une?\s(?:nouvel(?:le)?|autre)\s
            (?:fenêtre|onglet|page)(?:\s(?:de|du)\snavigateur)?
      | (?:(?:der\s)?link\s)?(?:öffnet|wird)\s(?:sich\s)?in\s(?:einem\s)?neue[mn]\s
            (?:browser)?(?:fenster|tab)(?:\sgeöffnet)?
      | (?:(?:el\s)?enlace\s)?se\sabre\sen\s(?:una\s)?(?:nueva\s)?(?:ventana|pestaña)(?:\snueva)?
      | (?:(?:o\s)?link\s)?abre\s(?:em|numa|en)\s(?:uma\s)?nova\s(?:janela|aba|guia)
      | (?:(?:il\s)?link\s)?si\sapre\sin\s(?:una\s)?(?:nuova\s)?(?:finestra|scheda)
      | (?:(?:de\s)?link\s)?opent\sin\s(?:een\s)?nieuw\s(?:venster|tabblad)
      | (?<=[(\[])(?:link\sis\sexternal|link\ssends\se-?mail|external\slink|lien\sexterne|externer\slink)
      )\s?[)\]]?""",
    re.X | re.I,
)
_MAY_BE_HINT = re.compile(
    r"window|tab|fenêtre|onglet|page\b|fenster|ventana|pestaña|janela|aba|guia|finestra|scheda|venster|extern|e-?mail",
    re.I,
)


def hints_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a text says what happens to whoever follows a link, as (start, end).

    >>> text = "Read the rules (opens in a new window) of the garden."
    >>> [text[start:end] for start, end in hints_in(text)]
    [' (opens in a new window)']
    """
    if _MAY_BE_HINT.search(text):
        yield from (match.span() for match in _HINT.finditer(text))


def without_hints(text: str) -> str:
    """Return a text without what it says to those who cannot see its links.

    >>> without_hints("More informationOpens in new tab"), without_hints("Keep the window open.")
    ('More information', 'Keep the window open.')
    """
    return _HINT.sub("", text) if _MAY_BE_HINT.search(text) else text
