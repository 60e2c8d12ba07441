"""Buttons and questions of a page, told by their words: what visitors may press, and whether it was of help to them."""

from __future__ import annotations

import re
from functools import lru_cache

_CONTROL = re.compile(
    r"\W*(?:(?:learn|read|show|see|view) (?:more|less|next|all)|(?:expand|collapse)(?: all)?|close|play(?: video)?"
    r"|(?:back|return|jump) to (?:the )?(?:top|contents)|ctrl\+\w|\d+:\d\d / \d+:\d\d|skip to (?:main )?content"
    r"|print(?: this page)?|(?:view )?print(?:able|er friendly) version|copy link|menu|search|contents|on this page"
    r"|table of contents|was this (?:article|page|information) helpful"
    r"|download(?: (?:now|here|(?:a |the |as )?pdf))?|save as pdf|sign up now|get started(?: (?:now|today|for free))?"
    r"|(?:download|join|try|get|start) (?:[\w.’'-]+ ){1,3}(?:now|today|for free)"
    r"|(?:select|choose) (?:your |a )?(?:country|region|language)|read lessread more"
    r"|(?:accept|allow|reject|decline|refuse) (?:all(?: cookies)?|cookies)|confirm my choices|back button"
    r"|filter button|manage consent preferences|privacy preference cent(?:er|re)|consent leg\.? ?interest|apply cancel"
    r"|(?:checkbox|switch)(?: label){1,2}"
    r"|(?:you can )?use (?:this|the) table of contents to (?:move|jump|go|navigate|find)[^.!?:]{0,80}[.]?"
    r"(?: (?:click|tap)(?: on)? [^.!?:]{0,80} (?:jump|go|move)[^.!?:]{0,40}[.]?)?"
    r"|(?:view|read|see) (?:this|these|the) [^.!?:]{3,40} in (?:an)?other languages?\b[^.!?]{0,60}"
    r"|mehr (?:erfahren|anzeigen|lesen)|schließen|drucken|herunterladen|nach oben|zum anfang"
    r"|en savoir plus|fermer|imprimer|télécharger|haut de page|más información|cerrar|imprimir|descargar|volver arriba"
    r"|baixar|scarica(?:re)?)"
    r"(?:\W*\[\d{1,3}\])?\W*",
    re.I,
)
_FEEDBACK = re.compile(
    r"\W*(?:(?:was|is|did|were) (?:this|the|that|it|we|you)\b[^.!?]{0,40}\b(?:helpful|useful|help you"
    r"|answer your questions?|find what you[^.!?]{0,24})|(?:still need|need more) help"
    r"|can[’']?t find what you[’']?re looking for|(?:was this|war dieser) [^.!?]{0,24}(?:hilfreich)"
    r"|(?:rate|share|print|give feedback about) this (?:article|page)|related (?:articles|topics|links|content)"
    r"|cet article vous a-t-il été utile|¿te ha (?:sido|resultado) útil)\W*",
    re.I,
)


@lru_cache(maxsize=20_000)  # short lines recur in every version of a policy
def is_control(text: str) -> bool:
    """True for a line that is nothing but a button.

    >>> is_control("Download the app now"), is_control("Download our app only where it is offered")
    (True, False)
    """
    return _CONTROL.fullmatch(text) is not None


def is_feedback(text: str) -> bool:
    """True for the question whether a page was of help.

    >>> is_feedback("Was this page helpful?")
    True
    """
    return _FEEDBACK.fullmatch(text) is not None
