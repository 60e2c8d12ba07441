"""What a page says of its links to those who cannot see them, in the languages of policies."""

from __future__ import annotations

import pytest

from harvest.compare.hints import hints_in, without_hints

HINTS = [
    pytest.param(" (opens in a new window)", id="English"),
    pytest.param(" This link opens up in another browser tab", id="English, a sentence"),
    pytest.param("Opens in new tab", id="English, glued"),
    pytest.param(" – LINK WILL OPEN IN AN EXTERNAL WINDOW", id="English, capitals"),
    pytest.param(" (link is external)", id="English, a mark"),
    pytest.param(" [link sends e-mail]", id="English, a mark of mail"),
    pytest.param(" (external link)", id="English, two words"),
    pytest.param(" (s’ouvre dans une nouvelle fenêtre)", id="French"),
    pytest.param(" Ce lien s'ouvrira sur une autre page du navigateur", id="French, a sentence"),
    pytest.param(" (lien externe)", id="French, two words"),
    pytest.param(" (öffnet sich in einem neuen Fenster)", id="German"),
    pytest.param(" Der Link wird in neuem Browserfenster geöffnet", id="German, a sentence"),
    pytest.param(" (externer Link)", id="German, two words"),
    pytest.param(" (se abre en una nueva pestaña)", id="Spanish"),
    pytest.param(" (abre numa nova janela)", id="Portuguese"),
    pytest.param(" (si apre in una nuova scheda)", id="Italian"),
    pytest.param(" (opent in een nieuw venster)", id="Dutch"),
]

SAID = [
    pytest.param("The window of the shop opens in spring, and every table in it is new.", id="window of a shop"),
    pytest.param("Links to external shops are not ours; we open an account for you in a tab.", id="links and accounts"),
    pytest.param("Das Fenster wird in neuer Farbe gestrichen.", id="a German window"),
    pytest.param("La page ouvre à neuf heures.", id="a French page"),
]


@pytest.mark.parametrize("hint", HINTS)
def test_hints_are_found_in_every_language(hint):
    """What happens to whoever follows a link is no word of the policy."""
    text = f"Read the rules of the orchard{hint}"

    assert without_hints(text) == "Read the rules of the orchard"
    assert [text[start:end] for start, end in hints_in(text)] == [hint]


@pytest.mark.parametrize("text", SAID)
def test_what_is_said_of_windows_and_links_is_no_hint(text):
    """The same words in a sentence of the policy stay."""
    assert without_hints(text) == text
    assert list(hints_in(text)) == []
