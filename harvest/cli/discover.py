"""``harvest discover``: a domain → the addresses of its policies over time."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harvest.cli.options import SINCE, UNTIL, db_option, emit_json, in_order, json_option, refuse_sample
from harvest.cli.output import table
from harvest.cli.reading import reading
from harvest.cli.settings import harvest_options, settings_of
from harvest.cli.terminal import echo
from harvest.clock import held
from harvest.config import Settings
from harvest.counting import count_of
from harvest.policy_names import full_name
from harvest.urls import host_of, urlkey

if TYPE_CHECKING:
    from harvest.archive.discovery import FoundPolicy
    from harvest.archive.discovery_home import Discovery
    from harvest.corpus.queries_known import KnownAddress


@click.command()
@click.argument("domain", required=False)
@click.option("--archive", default="wayback", show_default=True, metavar="ARCHIVE", help="As of `run`.")
@click.option("--from", "since", type=SINCE, help="Only home pages from this date on.")
@click.option("--to", "until", type=UNTIL, help="Only home pages up to the end of this date.")
@click.option("--save", is_flag=True, help="Record what is found in the corpus, with the evidence, for `run` to fetch.")
@click.option("--review", is_flag=True, help="Ask nothing: show the recorded addresses and why each is there.")
@harvest_options
@db_option
@json_option
@click.pass_context
def discover(
    ctx: click.Context,
    /,
    domain: str | None,
    archive: str,
    since: datetime | None,
    until: datetime | None,
    save: bool,
    review: bool,
    db: Path,
    as_json: bool,
    **talk: Any,
) -> None:
    """Find the policies of a site in its archived home pages.

    Reads about two home pages a year, through frames and pages of legal matters, and says from when to when they
    linked to which policy, with the words of the link. Addresses that follow each other are one policy where an
    archived redirect or a shared text shows it. Put right what is wrong with `harvest mark`.
    """
    host = host_of(f"http://{domain.strip()}" if "://" not in domain else domain.strip()) if domain else ""
    if review:
        _review(db, host, as_json=as_json)
        return
    if not host or "." not in host:
        raise click.UsageError("name a DOMAIN, such as example.com")
    in_order(since, until)
    found = _ask(host, archive, settings_of(talk), since=since, until=until)
    if save:
        _save(db, found)
    if as_json:
        emit_json(found_json(found))
    else:
        print_found(found)
    if not found.policies:
        ctx.exit(1)


def _ask(host: str, spec: str, settings: Settings, *, since: datetime | None, until: datetime | None) -> Discovery:
    from harvest.archive import open_archive
    from harvest.archive.discovery_home import discover as ask

    def tell(message: str) -> None:
        echo(f"{host}: {message}", err=True)

    with held(settings.clock), closing(open_archive(spec, settings)) as archive:
        return ask(archive, host, since=since, until=until, tell=tell)


def _save(db: Path, found: Discovery) -> None:
    from harvest.corpus.store import Store
    from harvest.pipeline_discovery import remember
    from harvest.resolve import named

    with Store.open(db) as store:
        refuse_sample(store.is_sample, db)
        for policy in named(store.conn, found.policies, found.host):
            remember(store, policy)


def print_found(found: Discovery) -> None:
    """Print each policy with its addresses, from when to when they were linked, and why they are one."""
    for policy in found.policies:
        echo(full_name(policy.host, policy.kind, policy.label), bold=True)
        echo(table(("linked", "score", "words", "address"), _lines(policy), right=(1,)))
        for seam in policy.seams:
            echo(f"  {seam.evidence}: {seam.why}")
    span = f" of {found.first[:4]} to {found.last[:4]}" if found.pages else ""
    echo(f"{count_of(found.pages, 'home page')} of {found.host}{span} read in {found.archive}", err=True)
    if not found.policies:
        echo(f"no policy found: give `harvest run` the URL of one, such as http://www.{found.host}/privacy.html")
    for message in found.trouble:
        echo(message, err=True)


def _lines(policy: FoundPolicy) -> Sequence[tuple[str, ...]]:
    return [
        (f"{_day(one.first)} … {_day(one.last)}", f"{one.score:.2f}", one.words[:40] or "–", one.url)
        for one in sorted(policy.pointers, key=lambda one: (one.first, one.url))
    ]


def found_json(found: Discovery) -> dict[str, Any]:
    """Return what was found: policies with their addresses, pointers and seams."""
    return {
        "host": found.host,
        "archive": found.archive,
        "pages": found.pages,
        "first": found.first,
        "last": found.last,
        "trouble": found.trouble,
        "policies": [
            {
                "name": full_name(policy.host, policy.kind, policy.label),
                "host": policy.host,
                "kind": policy.kind,
                "label": policy.label,
                "urls": [_url_json(policy, url) for url, _ in policy.urls],
                "seams": policy.seams,
            }
            for policy in found.policies
        ],
    }


def _url_json(policy: FoundPolicy, url: str) -> dict[str, Any]:
    links = [one for one in policy.pointers if urlkey(one.url) == urlkey(url)]
    return {
        "url": url,
        "kind": policy.kind,
        "score": max((one.score for one in links), default=0.0),
        "first": min((one.first for one in links), default=""),
        "last": max((one.last for one in links), default=""),
        "why": policy.why(url),
        "evidence": links,
    }


def _review(db: Path, host: str, *, as_json: bool) -> None:
    from harvest.corpus.queries_known import known_addresses

    with reading(db) as conn:
        known = known_addresses(conn, host)
    if as_json:
        emit_json(known)
        return
    for item in known:
        echo(_reviewed(item))
    if not known:
        echo(f"no address of {host or 'any site'} is recorded", err=True)


def _reviewed(item: KnownAddress) -> str:
    dates = " ".join(
        filter(None, (item.valid_from and f"from {item.valid_from[:10]}", item.valid_to and f"to {item.valid_to[:10]}"))
    )
    lines = [f"{item.policy}  {item.url}  {item.evidence} {dates}".rstrip()]
    lines += [f"    {why}" for why in (item.why, *item.pointers) if why]
    return "\n".join(lines)


def _day(stamp: str) -> str:
    return f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}"
