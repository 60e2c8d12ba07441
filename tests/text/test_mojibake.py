"""Text decoded wrongly before it was published."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.text.decode import decode
from harvest.text.mojibake import repair


@pytest.mark.parametrize(
    ("broken", "right"),
    [
        ("Â© 2004 Acme", "© 2004 Acme"),
        ("the user¡¯s data", "the user’s data"),
        ("our ¡°partners¡±, ¡®agents¡¯ ¡ª all", "our “partners”, ‘agents’ — all"),
        ("we donâ€™t sell", "we don’t sell"),
        ("itâ€œs", "it“s"),
        ("AcmeÂ® and Widgetâ„¢", "Acme® and Widget™"),
        ("DonnÃ©es personnelles Ã  caractÃ¨re", "Données personnelles à caractère"),
        ("fÃ¼r Ã„nderungen", "für Änderungen"),
        ("Ð”Ð°Ð½Ð½Ñ‹Ðµ", "Данные"),
        ("policy.Â We", "policy. We"),
        ("Ã¢â‚¬â„¢", "’"),
    ],
)
def test_mojibake_is_repaired(broken, right):
    """The usual wrongs of twenty years of editors are undone."""
    assert repair(broken) == right


@pytest.mark.parametrize(
    "text",
    [
        "¡Hola! ¡¡Aviso!! ¿Qué datos?",
        "NESTLÉ® and CAFÉ™",
        "POLÍTICA DE PROTEÇÃO",
        "São João, MAÇÃ",
        "naïve café, 50 % – “quoted” … ©",
        "Âge, À propos, Ã",
        "Данные пользователя",
        "隐私政策 “更新”",
        "plain ASCII",
    ],
)
def test_good_text_is_left_alone(text):
    """Capital letters of Portuguese and marks behind capitals look like mojibake and are not."""
    assert repair(text) == text


def test_repair_is_recorded():
    """The decision says that the text was changed."""
    decoded = decode("<meta charset=utf-8><p>Â© 2003 Acme".encode(), {})

    assert decoded.repaired
    assert decoded.text.endswith("© 2003 Acme")


@given(st.text(max_size=300))
def test_repair_never_raises_and_settles(text):
    """Repairing twice is repairing once, for all text without the rare nested kinds."""
    once = repair(text)

    assert repair(once) == once or len(once) < len(text)


@given(st.text(alphabet="abcdefgh éèàüöäñç,.’“”–", max_size=200))
def test_misread_western_text_comes_back(text):
    """UTF-8 read as windows-1252 is undone, up to the spaces."""
    misread = text.encode().decode("cp1252", "replace")

    if "\ufffd" not in misread:
        assert "Ã©" not in repair(misread)
