"""How pages say things: dates, bounds, tiers, kinds of change, outcomes. The words a template needs, in one place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache

from markupsafe import Markup, escape

from harvest.compare.tokens import count_words
from harvest.corpus.queries_model import WAYBACK, Bounds, CaptureRef, Standing
from harvest.corpus.search import together
from harvest.counting import count_of
from harvest.model import Tier
from harvest.timestamps import to_iso
from harvest.web.languages import language
from harvest.web.reasons import reason, why

TIER_WORDS: Mapping[Tier, tuple[str, str]] = {
    Tier.TYPOGRAPHY: ("typography", "white space, quotes, dashes, case or punctuation only"),
    Tier.LINKS: ("links", "link targets only"),
    Tier.NUMBERING: ("numbering", "section numbers and references to them only"),
    Tier.DATES: ("dates", "stated dates and copyright years only"),
    Tier.CONTACTS: ("contacts", "phone, e-mail, postal or web addresses only"),
    Tier.ORDER: ("order", "text moved or is said twice, nothing else"),
    Tier.EDIT: ("edit", "up to 10\u00a0% of the words"),
    Tier.REVISION: ("revision", "more than 10\u00a0%, up to 50\u00a0% of the words"),
    Tier.REWRITE: ("rewrite", "more than half of the words"),
}

CHANGE_WORDS: Mapping[str, str] = {
    "added": "added",
    "removed": "removed",
    "edited": "edited",
    "moved": "moved",
    "moved-edited": "moved and edited",
    "split": "split",
    "merged": "merged",
    "heading-renamed": "heading renamed",
    "heading-renumbered": "renumbered",
    "section-added": "section added",
    "section-removed": "section removed",
    "section-moved": "section moved",
}

OUTCOME_WORDS: Mapping[str, str] = {
    "listed": "listed, not chosen yet",
    "skipped": "left out on purpose",
    "fetched": "read: showed the policy",
    "duplicate": "the same bytes as another capture",
    "redirect": "an archived redirect, followed",
    "error-page": "an archived error page",
    "blocked-page": "an archived refusal or bot check",
    "no-text": "a page without readable text",
    "off-topic": "not the policy",
    "missing": "listed, but the archive has it no more",
    "excluded": "excluded from the archive",
    "unplayable": "the archive cannot play it back",
    "failed": "could not be fetched; may be tried again",
}

_ISO_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_QUOTED = re.compile(r"(?<!\w)'([^']*)'(?!\w)")

ARCHIVE_WORDS: Mapping[str, str] = {
    "warc": "in a WARC file",
    "sample": "in the sample archive, which is invented",
    "open-terms-archive": "in Open Terms Archive",
    "tosback2": "in the history of ToSBack2",
    "files": "in a file",
}

LANGUAGES_RTL = frozenset({"ar", "fa", "he", "ur", "yi"})


@lru_cache(maxsize=20_000)  # a page says the same days again and again
def day(moment: datetime | None, none: str = "unknown") -> str:
    """Write a day as people do: ``2 Mar 2009``.

    >>> day(None)
    'unknown'
    """
    return f"{moment.day} {moment:%b %Y}" if moment else none


def stated(date: str) -> str:
    """Write the date that a text states of itself as all other days are written; what is none stays as it is.

    >>> stated("2018-05-25"), stated("2018-05")
    ('25 May 2018', '2018-05')
    """
    try:
        return day(datetime.strptime(date, "%Y-%m-%d"))
    except ValueError:
        return date


@lru_cache(maxsize=20_000)
def window(not_before: datetime | None, not_later: datetime) -> str:
    """Say when something happened, with both bounds; in seconds where they lie in one minute.

    >>> window(datetime(2026, 8, 4, 13, 22, 5), datetime(2026, 8, 4, 13, 22, 41))
    'between 13:22:05 and 13:22:41 on 4 Aug 2026 (UTC)'
    >>> window(datetime(2026, 8, 4, 13, 22, 5), datetime(2026, 8, 4, 13, 22, 5))
    'at 13:22:05 on 4 Aug 2026 (UTC)'
    """
    if not_before is None:
        return f"not later than {day(not_later)}"
    if not_before.date() == not_later.date():
        if f"{not_before:%H:%M:%S}" == f"{not_later:%H:%M:%S}":  # two commits of a history may share a second
            return f"at {not_later:%H:%M:%S} on {day(not_later)} (UTC)"
        form = "%H:%M:%S" if f"{not_before:%H:%M}" == f"{not_later:%H:%M}" else "%H:%M"
        return f"between {not_before:{form}} and {not_later:{form}} on {day(not_later)} (UTC)"
    return f"after {day(not_before)}, not later than {day(not_later)}"


def standing(standing: Standing, bounds: Bounds) -> str:
    """Say how sure it is that a version was in force at the date asked for."""
    asked = day(standing.moment)
    if standing.moment.date() in (bounds.first_seen.date(), bounds.last_seen.date()):
        return f"A capture of {asked} shows this text."
    if standing.certainty == "seen":
        return f"Captures before and after {asked} show this text."
    if standing.certainty == "between":
        if bounds.gone_by is not None and bounds.gone_by < standing.moment:
            return (
                f"Last seen on {day(bounds.last_seen)}; the capture of {day(bounds.gone_by)}, still before {asked},"
                " no longer shows it. Which text was in force on the day itself no capture tells."
            )
        return (
            f"Last seen on {day(bounds.last_seen)}, before {asked}; the next capture, of {day(bounds.gone_by)},"
            " no longer shows it. On the day itself this text or the next may have been in force."
        )
    if bounds.gone_by:
        return f"Last seen on {day(bounds.last_seen)}; the capture of {day(bounds.gone_by)} no longer shows it."
    return f"Last seen on {day(bounds.last_seen)}; no later capture of the policy is known."


def quoted(query: str) -> str:
    """Put what is searched for in quotes, where it has none.

    >>> quoted("web beacon"), quoted('"web beacon"')
    ('“web beacon”', '“web beacon”')
    """
    bare = query[1:-1] if query.startswith('"') and query.endswith('"') and query.count('"') == 2 else query
    return f"“{bare}”"


def archive(name: str) -> str:
    """Say what a capture lies in that has no public address.

    >>> archive("warc")
    'in a WARC file'
    """
    if name.startswith(("http://", "https://")):
        return "in a local archive"
    if name.startswith("git:"):
        return f"in the git history “{name.removeprefix('git:')}”"
    return ARCHIVE_WORDS.get(name, f"in {name}")


def changes_page(before: CaptureRef, after: CaptureRef) -> str:
    """Address at which the Wayback Machine compares two captures of one URL itself; '' where it cannot.

    It shows the whole page with its looks, which a corpus of words has not.
    """
    both = (before, after)
    if before.url != after.url or not all(each.archive_url.startswith(f"{WAYBACK}/") for each in both):
        return ""
    return f"{WAYBACK}/web/diff/{before.timestamp}/{after.timestamp}/{after.url}"


def sentence(message: str, name: str = "") -> str:
    """Write the message of an error as a sentence, its days as pages have them; a *name* it begins with stays.

    >>> sentence("no site 'a.example' in this corpus"), sentence("a.example was first seen on 2012-10-03", "a.example")
    ('No site “a.example” in this corpus.', 'a.example was first seen on 3 Oct 2012.')
    """
    told = message if name and message.startswith(name) else message[:1].upper() + message[1:]
    told = _ISO_DAY.sub(lambda found: stated(found[0]), _QUOTED.sub(r"“\1”", told))
    return told + ("" if told.endswith((".", "!", "?", "…")) else ".")


def breakable(name: str) -> Markup:
    """Write a host or an address so that a narrow column breaks it after dots and slashes rather than within words.

    >>> breakable("a<b.example/c")
    Markup('a&lt;b.<wbr>example/<wbr>c')
    """
    return Markup(re.sub(r"([./])(?=[^./])", r"\1<wbr>", str(escape(name))))


def number(value: int) -> str:
    """Write a count with thin groups: ``12,345``."""
    return f"{value:,}"


def percent(part: float) -> str:
    """Write a share: ``35 %``; below ten percent with a digit more.

    >>> percent(0.346), percent(0.0213), percent(1)
    ('35 %', '2.1 %', '100 %')
    """
    return f"{part:.0%}".replace("%", " %") if part >= 0.0995 or not part else f"{part:.1%}".replace("%", " %")


def direction(language: str) -> str:
    """Return the writing direction of a language for ``dir=``; ``auto`` where it is unknown."""
    if not language:
        return "auto"
    return "rtl" if language[:2] in LANGUAGES_RTL else "ltr"


FILTERS: Mapping[str, Callable[..., object]] = {
    "policy_archive": archive,
    "policy_day": day,
    "policy_iso": to_iso,
    "policy_number": number,
    "policy_percent": percent,
    "policy_breakable": breakable,
    "policy_plural": count_of,
    "policy_words": count_words,
    "policy_together": together,
    "policy_quoted": quoted,
    "policy_reason": reason,
    "policy_why": why,
    "policy_sentence": sentence,
    "policy_stated": stated,
    "policy_language": language,
    "policy_direction": direction,
    "policy_tier_named": Tier,
    "policy_tier": lambda tier: TIER_WORDS[tier][0] if tier else "same text",
    "policy_tier_explained": lambda tier: TIER_WORDS[tier][1] if tier else "no visible word differs",
    "policy_change": lambda kind: CHANGE_WORDS.get(kind, kind),
    "policy_outcome": lambda outcome: OUTCOME_WORDS.get(outcome, outcome),
}
