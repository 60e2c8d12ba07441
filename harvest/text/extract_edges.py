"""What is left of the page's frame before and behind the document once elements were dropped: lines, not elements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from harvest.model import Block
from harvest.text.fold import fold

_LONG = 100  # characters of a paragraph that is certainly text
_SHORT = 80
_LINE = 400  # characters of a block that are looked at
_DATED = re.compile(r"\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}")
_SENTENCE = re.compile(r"[.!?:;。！？：][\"'”’)\]]*\s*$")
_CRUMBS = re.compile(r"^\s*(?:[>»›/|:]|(?:[\w'’&. -]{1,40}\s*(?:>|»|›|::|→|/(?= ))\s*){1,6}[\w'’&. -]{0,60}$)")
_COPYRIGHT = re.compile(
    r"^\W*(?:(?:©|\(c\)|copyright|copr\.)\W|all (?:content|material|text)s? (?:is |are )?(?:©|copyright))|"
    r"(?:^|\W)(?:all rights reserved|tous droits r[ée]serv[ée]s|alle rechte vorbehalten|todos los derechos reservados|"
    r"todos os direitos reservados|tutti i diritti riservati|alle rechten voorbehouden)\W*$|"
    r"^.{0,40}©\W*\d{4}\W*$|^\W*(?:版权所有|版權所有)",
    re.I,
)
# What servers and counters write under a page: it differs at every visit.
_MACHINE = re.compile(
    r"^\W*(?:(?:this )?page )?(?:was )?(?:rendered|generated|loaded|created|executed|served)\b.{0,40}\d\s*"
    r"(?:ms|s|secs?|seconds?|milliseconds?)\b|"
    r"(?:visitors?|hits?|page ?views|impressions|besucher|zugriffe|visiteurs|visites|visitas|visitantes|bezoekers)"
    r"(?: (?:since|seit|depuis|desde|sinds) [^:]{4,30})?\W{0,4}\d[\d.,' ]*\W*$|"
    r"^\W*(?:you are|sie sind|vous [êe]tes|es usted|u bent)\b.{0,30}\b(?:visitor|besucher|visiteur|visitante|bezoeker)"
    r"\b|^\W*\d[\d.,' ]* (?:visitors?|hits?|page ?views|(?:users?|guests?|members?) online|besucher|visiteurs|visitas)"
    r"\b|^\W*version:? v?\d+(?:\.\d+){2,}[\w.-]*\W*$",
    re.I,
)
_CONTROL = re.compile(
    r"^\W*(?:skip (?:to|navigation)\b.{0,30}|(?:go )?back|close(?: (?:this )?window)?|print(?: (?:this )?page)?|"
    r"e-?mail this page|home|"
    r"(?:back to |return to |go to )?(?:the )?top(?: of (?:this |the )?page)?|share(?: this)?(?: page)?|search|"
    r"menu|site navigation|navigation|"
    r"was this (?:article|page|information|answer|helpful).{0,30}|yes|no|oui|non|ja|nein|next|previous|read more|"
    r"how can we improve.{0,20}|comment pouvons-nous l['’]am[ée]liorer.{0,4}|war (?:dies|das).{0,30}hilfreich.{0,4}|"
    r"(?:ces informations|cet? (?:article|page)|cette page).{0,30} utiles?.{0,4}|"
    r"copy (?:the )?link|copier le lien|learn more|log ?in|sign "
    r"?in|sign ?up|register|"
    r"contact us|follow us.{0,20}|get the app|download(?: pdf)?|table of contents|loading\W*|"
    r"zur[üu]ck|nach oben|drucken|seite drucken|schlie[ßs]+en|retour(?: en haut)?|haut de page|imprimer|fermer|"
    r"partager|volver|imprimir|"
    r"cerrar|compartir|indietro|stampa|chiudi|terug|afdrukken|sluiten|tilbage|tillbaka|tilbake)?\W*$",
    re.I,
)

# When a page of help was changed, as told to who asks today: the words differ in every capture.
_AGO = re.compile(
    r"^\W*(?:(?:last |article )?(?:updated|modified|edited|written by .{1,40})\W+(?:over |about |more than |almost )?"
    r"(?:an?|\d+|one|two|yesterday|today|last)\b.{0,20}(?:ago|yesterday|today|week|month|year)|"
    r"(?:mis [àa] jour|modifi[ée]e?) il y a .{1,25}|(?:zuletzt )?(?:aktualisiert|ge[äa]ndert) vor .{1,25}|"
    r"vor .{1,20} (?:aktualisiert|ge[äa]ndert)|(?:actualizado|modificado) hace .{1,25}|"
    r"(?:atualizado|modificado) h[áa] .{1,25}|(?:aggiornato|modificato) .{1,20} fa)\W*$",
    re.I,
)
_RELATED = re.compile(
    r"^\W*(?:related (?:articles?|pages?|topics?|content|links)|(?:you may|might) also like|see also|"
    r"more articles.{0,20}|"
    r"articles? (?:connexes|associ[ée]s|similaires)|voir aussi|verwandte (?:artikel|themen)|[äa]hnliche artikel|"
    r"siehe auch|art[íi]culos relacionados|artigos relacionados|articoli correlati|gerelateerde artikelen|"
    r"関連記事|相关文章)\W*$",
    re.I,
)


def trim_edges(blocks: Sequence[Block], title: str = "") -> list[Block]:
    """Drop breadcrumbs, stray labels and links before the document, copyright lines and controls behind it.

    *title* is what the page calls its document: where a line says it, only dates and headings stand before it.
    """
    blocks = [block for block in blocks if len(text := block.text) > _SHORT or not _says_ago(text)]
    blocks = blocks[: _related(blocks)]
    first, last = _first(blocks, fold(title)), _last(blocks)
    return list(blocks[first:last]) if first < last else []


@lru_cache(maxsize=4096)  # the short lines of a site are those of all its captures
def _says_ago(text: str) -> bool:
    return _AGO.match(text) is not None


def _first(blocks: Sequence[Block], title: str) -> int:
    """Index of the first block of the document."""
    for at, block in enumerate(blocks[:12]):
        if len(block.text) >= _LONG or block.kind == "heading":
            break
        if title and fold(block.text) == title:
            return next(
                (one for one in range(at) if _DATED.search(blocks[one].text) and len(blocks[one].text) < 60), at
            )
    head = next((at for at, block in enumerate(blocks[:25]) if _opens(block)), None)
    if head is None:
        return 0
    titled = blocks[head].kind == "heading"
    return next((at for at in range(head) if _belongs_before(blocks[at], titled)), head)


def _opens(block: Block) -> bool:
    return (block.kind == "heading" and block.level <= 3) or len(block.text) >= _LONG


def _belongs_before(block: Block, titled: bool) -> bool:
    """True for a line before the first heading (*titled*) or first long paragraph that is the document's own."""
    text = block.text.strip()[:_LINE]
    if block.kind == "rule" or _CONTROL.match(text) or _CRUMBS.match(text) or _is_links(block):
        return False
    if block.kind == "heading" or _DATED.search(text):
        return True
    if not titled:
        return True
    return len(text) > _SHORT or (len(text) > 30 and _SENTENCE.search(text) is not None)


def _last(blocks: Sequence[Block]) -> int:
    """Index after the last block of the document."""
    at = len(blocks)
    while at > 0:
        block = blocks[at - 1]
        text = block.text.strip()[:_LINE]
        if not _is_tail(block, text, at):
            break
        at -= 1
    return at


def _related(blocks: Sequence[Block]) -> int:
    """Where a list of links to other pages begins that its label calls so; the end where there is none."""
    for at in range(len(blocks) - 1, max(3, len(blocks) - 15), -1):
        block = blocks[at]
        if len(block.text) < 40 and _RELATED.match(block.text):
            return at
        links = block.spans and not any(re.search(r"\w", span.text) for span in block.spans if not span.href)
        if not links and not _CONTROL.match(block.text[:_LINE]):
            break
    return len(blocks)


def _is_tail(block: Block, text: str, at: int) -> bool:
    if block.kind == "heading":
        return at > 3  # a heading with nothing under it: its links were dropped
    if len(text) < 40 and text.endswith(":") and block.kind == "paragraph" and at > 3:
        return True  # so were those of a label
    if block.kind == "rule" or (len(text) < 60 and _CONTROL.match(text)):
        return True
    if len(text) < 250 and (_COPYRIGHT.search(text) or _MACHINE.search(text)):
        return True
    return _is_links(block) and len(text) < 200 and block.kind != "row"


def _is_links(block: Block) -> bool:
    """Two or more links with nothing but separators between them, or a single one of a word or two."""
    links = [span for span in block.spans if span.href]
    if not links:
        return False
    plain = "".join(span.text for span in block.spans if not span.href)
    if re.search(r"\w", plain) and not (len(plain) < 60 and _COPYRIGHT.search(plain)):
        return False
    return len(links) > 1 or (len(block.text.split()) <= 3 and "@" not in block.text and "." not in block.text)
