"""Headings and words on the labelled and real documents of the evaluation data."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from harvest.text.fold import fold
from harvest.text.markdown import read_markdown, read_sections
from harvest.text.markdown_header import read_header

pytestmark = pytest.mark.evaluation


def key(text: str) -> str:
    return re.sub(r"[\W_]+", " ", fold(text)).strip()


def test_headings_of_labelled_documents(eval_data: Path) -> None:
    """Found and labelled headings agree: F1 of 0.95 or more, counted as sets of titles a document."""
    gold = json.loads((eval_data / "headings/headings.json").read_text(encoding="utf-8"))
    right = wrong = missed = 0
    for name, labels in gold.items():
        document = read_markdown((eval_data / f"headings/src/{name}.md").read_text(encoding="utf-8"))
        found = Counter(key(s.heading) for s in document.sections if s.heading)
        wanted = Counter(key(h["text"]) for h in labels["headings"] if h["level"] > 1 and not h.get("optional"))
        allowed = Counter(key(h["text"]) for h in labels["headings"])
        right += (found & wanted).total()
        missed += (wanted - found).total()
        wrong += (found - allowed).total()

    assert 2 * right / (2 * right + wrong + missed) >= 0.95


def test_no_word_of_real_documents_is_lost(eval_data: Path) -> None:
    """At least 99.8 % of the letters and digits of each document land in its sections; link targets do not count."""
    paths = [*eval_data.glob("headings/src/*.md"), *eval_data.glob("princeton-leuven/*/*.md")]
    for path in paths:
        text = path.read_text(encoding="utf-8")
        header = read_header(text)
        source = re.sub(
            r"<br>|\]\([^)\s]*(?:\([^)]*\))?[^)]*\)|^\s*\d+\.\s", " ", text[header.end if header else 0 :], flags=re.M
        )
        shown = "".join(s.number + s.heading + "".join(c.text for c in s.clauses) for s in read_sections(text))

        missing = Counter(filter(str.isalnum, source)) - Counter(filter(str.isalnum, shown))
        assert missing.total() <= 0.002 * len(source), path.name
