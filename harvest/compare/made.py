"""What programs add to a page: a summary that a machine wrote above the text, the names of pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from harvest.compare.menus import HEADING, Place, Short
from harvest.model import Section

_SUMMARY = re.compile(
    r"\W*(?:(?:ai|machine|automatically)[- ]generated (?:\w+ )?(?:summary|takeaways|overview|highlights)"
    r"|page summary)\W*",
    re.I,
)
_MAY_BE_SUMMARY = re.compile(r"summary|takeaways|overview|highlights", re.I)
_PICTURE = re.compile(r"(?:[\w&'’-]+ ){1,2}(?:icon|logo)", re.I)
_MAY_BE_PICTURE = ("icon", "logo", "Icon", "Logo")
_BUTTON = re.compile(
    r"(?:stay organized with collections\W*)?save and categorize content based on your preferences\W*", re.I
)
_BUTTON_LENGTH = 100
_CAPTION_WORDS = 8
_PICTURE_NAME = 30  # characters of the name that a font of pictures has for one: "outlined_flag"


def is_summary(heading: str) -> bool:
    """True for the heading of a summary that says of itself that a machine wrote it, or that it is of the page.

    >>> is_summary("AI-generated key takeaways"), is_summary("Summary of changes")
    (True, False)
    """
    return _MAY_BE_SUMMARY.search(heading) is not None and _SUMMARY.fullmatch(heading) is not None


def is_caption(before: str, after: str) -> bool:
    """True for what a picture is called, or stands for, where one of two short lines says that it is one.

    >>> is_caption("Alder logo", "Alder: trees for everybody"), is_caption("Trees", "Trees for everybody")
    (True, False)
    """
    if not (before.endswith(_MAY_BE_PICTURE) or after.endswith(_MAY_BE_PICTURE)):
        return False
    named = _PICTURE.fullmatch(before) or _PICTURE.fullmatch(after)
    return named is not None and all(
        len(text.split()) <= _CAPTION_WORDS and text[-1:] != "." for text in (before, after)
    )


def made_of(sections: Sequence[Section], short: Sequence[Short]) -> Iterator[Place]:
    """Yield the lines of a text that a program added. *short*: the short lines of each section.

    Of a summary its heading and the list below it; a paragraph there may be the policy's first.
    """
    for number, section in enumerate(sections):
        for place, text in short[number]:
            if (
                text.endswith(_MAY_BE_PICTURE)
                and section.clauses[place].kind == "paragraph"
                and _PICTURE.fullmatch(text)
            ):
                yield number, place
        if number == 0:  # above the text, or nowhere
            for place, clause in enumerate(section.clauses):
                if len(clause.text) <= _BUTTON_LENGTH and _BUTTON.fullmatch(clause.text):
                    yield number, place
        if is_summary(section.heading):
            yield number, HEADING
            for place, clause in enumerate(section.clauses):
                if clause.kind != "item" and (" " in clause.text or len(clause.text) > _PICTURE_NAME):
                    break
                yield number, place
