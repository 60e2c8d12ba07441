"""When the archive came by, and what it stored: one Record a capture, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from harvest.simulator.sample import eras, history, specials
from harvest.simulator.sample.model import Company, Look, Page, Wording

# Shown beside the policy and different every time: it must never count as a change.
_TEASERS = (
    "Our spring catalogue is out: have a look.",
    "Ten questions our customers ask most often.",
    "Did you know? You can change your password in your account at any time.",
    "We are hiring in three cities.",
    "Opening hours over the holidays.",
    "Meet the team: this month, the people who answer the phone.",
    "A new version is here, and it is faster.",
    "Win a weekend for two.",
)


@dataclass(frozen=True, slots=True)
class Record:
    """One capture as it goes into a WARC file.

    *repeats* is the earlier record a revisit record refers to. *wording* is what the page says, None where it is no
    policy; *kind* says what else it is (a key of `specials.KINDS`, or ``revisit``).
    """

    url: str
    when: datetime
    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    repeats: Record | None = None
    wording: Wording | None = None
    kind: str = ""


def records(company: Company, *, seed: str = "") -> list[Record]:
    """Every capture of a company, oldest first."""
    rng = random.Random(f"{seed}/{company.host}/{company.kind}/{company.label}")
    times = capture_times(company, rng)
    pages = [
        _page_record(company, when, wording, rng)
        for when, wording in zip(times, history.wordings_at(company, times), strict=True)
    ]
    found = [*pages, *_special_records(company, pages)]
    return sorted(found, key=lambda record: (record.when, record.url))


def capture_times(company: Company, rng: random.Random) -> list[datetime]:
    """When pages were captured: at the crawls' pace with jitter, and at least once between two edits in a crawl."""
    days: set[date] = set()
    for since, until, months in company.crawls:
        day = since
        while day <= until:
            days.add(day)
            day += timedelta(days=max(1, round(months * 30.44 * rng.uniform(0.65, 1.35))))
        days |= set(_missed(company, days, since, until, rng))
    taken = {special.when.date() for special in company.specials}
    return [
        datetime.combine(day, time(rng.randrange(24), rng.randrange(60), rng.randrange(60)), UTC)
        for day in sorted(days - taken)
    ]


def _missed(company: Company, days: set[date], since: date, until: date, rng: random.Random) -> Iterator[date]:
    starts = [edit.when for edit in company.edits if since <= edit.when <= until]
    for start, end in pairwise([*starts, until + timedelta(days=1)]):
        if not any(start <= day < end for day in days):
            room = (end - start).days
            yield start + timedelta(days=rng.randrange(min(room, 45))) if room > 1 else start


def _page_record(company: Company, when: datetime, wording: Wording, rng: random.Random) -> Record:
    look = history.look_at(company, when)
    url = history.address_at(company, when)
    noise = (
        f"{rng.getrandbits(40):010x}",
        str(rng.randrange(10, 99)),
        str(rng.randrange(1000, 99999)),
        rng.choice(_TEASERS),
    )
    body = encode(eras.render(Page(company, wording, look, url, when, noise)), look)
    charset = f"; charset={look.header}" if look.header else ""
    headers = (
        ("Date", f"{when:%a, %d %b %Y %H:%M:%S} GMT"),
        ("Server", "Apache/1.3.33 (Unix)" if when.year < 2008 else "nginx"),
        ("Content-Type", f"text/html{charset}"),
        ("Content-Length", str(len(body))),
        ("Set-Cookie", f"visit={noise[0]}; path=/"),
    )
    return Record(url, when, "200 OK", headers, body, wording=wording)


def encode(text: str, look: Look) -> bytes:
    """Bytes as the site sent them. ``mojibake``: UTF-8 read as windows-1252 and written as UTF-8 once more."""
    if look.encoding == "mojibake":
        return text.encode().decode("windows-1252", "replace").encode()
    return text.encode(look.encoding, "xmlcharrefreplace")


def _special_records(company: Company, pages: list[Record]) -> Iterator[Record]:
    for special in company.specials:
        if special.kind == "revisit":
            yield _revisit(pages, special.when)
            continue
        found = specials.answer(company, special)
        url = special.url or history.address_at(company, special.when)
        headers = (*found.headers, ("Content-Length", str(len(found.body))))
        yield Record(url, special.when, found.status, headers, found.body, kind=special.kind)


def _revisit(pages: list[Record], when: datetime) -> Record:
    earlier = [record for record in pages if record.when < when][-1]
    return replace(earlier, when=when, repeats=earlier, kind="revisit")
