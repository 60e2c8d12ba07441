"""Cookie dialogs: the largest piece of furniture on modern pages, often longer than the policy under it.

Found by the names consent software gives its elements, or, where class names are meaningless hashes, by what a
dialog is: buttons that accept or refuse, around a short text about cookies.
"""

from __future__ import annotations

import re
from functools import lru_cache

from harvest.text.extract_tree import Node, Tree, text_of

_NAME = re.compile(
    r"onetrust-(?:consent|banner|pc|group)|ot-sdk-(?:container|row)|optanon|cookiebot(?:dialog|banner|"
    r"widget)?(?![a-z])|"
    r"cybotcookie|didomi-(?:host|popup|notice|consent)|usercentrics-(?:root|cmp)|(?<![a-z])uc-(?:banner|cmp)|"
    r"trust(?:e|arc)[-_](?:consent|banner|overlay|popup|cm)|consent[-_]?blackbar|qc-cmp|quantcast-choice|"
    r"cookie-?consent|cookie-law|cookielaw|(?<![a-z])cli-(?:modal|bar|tab)|wt-cli|(?<![a-z])cky-|cmplz|cmp(?:box|"
    r"wrapper)|"
    r"(?<![a-z])cc-(?:window|banner|revoke|dialog)|borlabs|cookiefirst|cookiehub|(?<![a-z])ch2-|cookie-script|"
    r"cookiescript|"
    r"tarteaucitron|axeptio|klaro(?![a-z])|osano-cm|iubenda-cs|orejime|moove[-_]gdpr|eupopup|eu-cookie|termsfeed-com|"
    r"sp_message|fc-consent|privacymanager|tc-privacy|ppms[-_]cm|transcend-consent|ketch-|ccc-(?:overlay|notify|"
    r"module)|"
    r"evidon|catapult-cookie|(?<![a-z])cn-notice|shopify-pc__|amgdpr|gdpr-cookie|cookie-?control|cookiereports|"
    r"cookies?[-_]?(?:banner|bar|notice|consent|popup|pop-up|modal|dialog|wall|message|alert|overlay|settings|"
    r"preferences|"
    r"warning|disclaimer|info(?:bar|box)?|accept|agree|layer|drawer|toast|prompt|manager|bot)(?![a-z])|"
    r"(?:banner|consent|gdpr|rgpd|dsgvo|cmp|ccpa|eu|accept)[-_]?cookies?(?![a-z])|"
    r"(?:consent|gdpr|rgpd|dsgvo|cmp|privacy)[-_](?:banner|modal|manager|popup|dialog|layer|overlay|wall|prompt|"
    r"center|bar)"
)
# One of these is in all that _NAME finds; looking for them takes a fifth of the time.
_STEMS = (
    "cookie consent onetrust ot-sdk- optanon didomi usercentrics uc- trust qc-cmp quantcast cli- wt-cli cky- cmp cc- "
    "borlabs ch2- tarteaucitron axeptio klaro osano iubenda orejime moove eupopup termsfeed sp_message privacy "
    "ppms ketch- ccc- evidon cn- shopify-pc amgdpr gdpr rgpd dsgvo"
).split()
_BUTTON = re.compile(
    r"^\W*(?:(?:i |yes,? i )?(?:accept|agree|allow|consent|reject|decline|deny|refuse)(?: (?:and|&) \w+)?(?: "
    r"to)?(?: only)?"
    r"(?: all| necessary| essential| selected| non-essential| optional| additional)?(?: the)?(?: cookies?| "
    r"selection)?|got it|"
    r"(?:manage|customi[sz]e|cookie|change|adjust|save|confirm|show|view|more)(?: my| your| cookies?)?"
    r" ?(?:cookies?|preferences|settings|choices|options|purposes|details)|"
    r"(?:tout )?(?:accepter|refuser|autoriser)(?: tout| et \w+| les cookies| tous les cookies)?|j['’]accepte|"
    r"continuer sans accepter|"
    r"personnaliser(?: mes choix)?|param[ée]trer(?: les cookies| mes choix)?|g[ée]rer (?:mes|les) (?:choix|cookies|"
    r"pr[ée]f[ée]rences)|"
    r"(?:alle |alles )?(?:cookies )?(?:akzeptieren|ablehnen|zulassen|zustimmen|erlauben)|(?:alle[ns]? )zustimmen|"
    r"(?:cookie-?)?einstellungen(?: anpassen| verwalten)?|auswahl (?:speichern|erlauben|best[äa]tigen)|nur "
    r"(?:notwendige|essenzielle)\w*(?: cookies)?|"
    r"(?:aceptar|rechazar|permitir|aceitar|recusar|rejeitar|accetta|rifiuta|accetto|configurar)(?: todas?| todos?| "
    r"tutt[io]| e? ?\w+)?(?: las| los| os| i)?(?: cookies?)?|"
    r"(?:alle[sa]? )?(?:cookies )?(?:accepteren|weigeren|toestaan)|akkoord|(?:acceptera|godk[äa]nn|godta|tillad|"
    r"accepter|afvis|hyv[äa]ksy|avvis|neka)(?: \w+){0,2}|"
    r"(?:akceptuj[ęe]?|zgadzam si[ęe]|odrzu[ćc]|kabul et|reddet|принять|отклонить|согласен)(?: \w+){0,2}|同意する?|"
    r"接受.{0,4}|拒绝.{0,4}|すべて許可)\W*$",
    re.I,
)
_NEVER = frozenset(("body", "html", "main", "article", "a", "h1", "h2", "h3", "h4", "h5", "h6", "p", "li"))
_ABOUT = re.compile(r"cookie|кук|ク ?ッキー|trackers?\b|traceurs?\b", re.I)
_DRESSED = re.compile(r"btn|button|cookie|accept|agree|consent", re.I)
_MAX_BUTTON = 45
_MAX_WALL = 2500  # characters of sentences: longer dialogs list every partner, and all their parts bear the name
_NOTHING = 200  # characters of sentences beside a dialog that are no document
_MAX_DIALOG = 3000  # characters; larger ones are recognised by name only


def find_consent(tree: Tree) -> set[int]:
    """Ids of the outermost elements of cookie dialogs. What they hold besides is nothing of the document."""
    found: set[int] = set()
    buttons: list[Node] = []
    for node in tree.order:
        if node.parent is None:
            continue
        if id(node.parent) in found or (node.attrs and _is_named(node) and not _holds_page(node, tree.body)):
            found.add(id(node))
        elif 0 < node.chars <= _MAX_BUTTON and _is_button(node):
            buttons.append(node)
    for button in buttons:
        if id(button) not in found and _BUTTON.match(text_of(button)):
            dialog = _dialog_around(button, tree.body)
            if dialog is not None:
                found.update(id(node) for node in dialog.below())
    return found


def _is_button(node: Node) -> bool:
    """A button, or a link that acts as one: it leads nowhere, or is dressed as a button."""
    if node.tag == "button" or node.attrs.get("role") == "button":
        return True
    if node.tag != "a":
        return False
    href = node.get("href")
    return href in ("", "#") or href.startswith("javascript:") or _DRESSED.search(node.get("class")) is not None


def _is_named(node: Node) -> bool:
    names = node.attrs.get("class") or ""
    ident = node.attrs.get("id") or ""
    return (names != "" or ident != "") and node.tag not in _NEVER and _names_consent(names, ident)


def _holds_page(node: Node, body: Node) -> bool:
    """True for the page itself under such a name: a cookie notice, or a dialog whose end tag is missing.

    What is in it is judged by its own names.
    """
    return node.prose > _MAX_WALL and body.prose - node.prose < _NOTHING


@lru_cache(maxsize=4096)
def _names_consent(names: str, ident: str) -> bool:
    label = f"{names[:400]} {ident[:200]}".lower()
    return any(map(label.__contains__, _STEMS)) and _NAME.search(label) is not None


def _dialog_around(button: Node, body: Node) -> Node | None:
    """The outermost small element around a button of consent, if it speaks of cookies."""
    best: Node | None = None
    node = button.parent
    while node is not None and node is not body and node.tag not in ("main", "article"):
        if node.chars > _MAX_DIALOG or node.prose > 0.4 * body.prose:
            break
        if node.tag not in ("p", "li", "td", "tr", "table") and _ABOUT.search(text_of(node)):
            if best is not None and node.chars > 2 * best.chars + 200:
                break
            best = node
        node = node.parent
    return best
