"""The names by which cookie dialogs are known."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.text.extract_consent import _NAME, _STEMS, _names_consent


@given(st.from_regex(re.compile(_NAME.pattern, re.A)))
def test_every_name_of_consent_software_holds_a_stem(label: str) -> None:
    """The quick look before the slow one misses nothing."""
    assert any(stem in label for stem in _STEMS)


@pytest.mark.parametrize(
    ("names", "ident", "expected"),
    [
        ("wt-cli-button", "", True),
        ("", "onetrust-banner-sdk", True),
        ("box CookieBanner", "", True),
        ("gdpr-modal", "", True),
        ("cookie-recipes", "", False),
        ("privacy-policy", "", False),
        ("entrust", "", False),
    ],
    ids=str,
)
def test_names_of_dialogs(names: str, ident: str, expected: bool) -> None:
    """Consent software is known by its names; policies have cookies and privacy in theirs too."""
    assert _names_consent(names, ident) is expected
