"""``harvest mark`` and ``forget``: a person's word on captures and addresses, and taking things down."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harvest.cli.options import db_option, emit_json, json_option, refuse_sample
from harvest.cli.reading import reading
from harvest.errors import UnknownTarget
from harvest.urls import host_of

if TYPE_CHECKING:
    from harvest.corpus.forgotten import Tombstone
    from harvest.corpus.queries_words import Word
    from harvest.corpus.store import Store

VERDICTS = ("off-topic", "on-topic", "one-policy", "not-policy", "note")
_Command = Callable[..., Any]


def _person(command: _Command) -> _Command:
    command = click.option("--by", default="", help="Who says so; your user name where nothing is said.")(command)
    return click.option("--why", default="", help="The reason, kept with the word.")(command)


@click.command()
@click.argument("verdict", type=click.Choice(VERDICTS), required=False)
@click.argument("subjects", nargs=-1, metavar="[SUBJECT]…")
@_person
@click.option("--undo", type=int, multiple=True, metavar="ID", help="Take the judgement with this number back.")
@click.option("--list", "listing", is_flag=True, help="Show what was said, and what was taken down.")
@db_option
@json_option
def mark(
    verdict: str | None,
    subjects: tuple[str, ...],
    why: str,
    by: str,
    undo: tuple[int, ...],
    listing: bool,
    db: Path,
    as_json: bool,
) -> None:
    """Say what only a person can see; history follows, and every rebuild keeps it.

    off-topic CAPTURE…: it shows no policy. on-topic CAPTURE…: it does after all. one-policy POLICY URL…: these
    addresses are that policy. not-policy URL…: this address is a policy of its own. note SUBJECT --why TEXT: something
    worth knowing. A CAPTURE is URL@TIMESTAMP or the archive's address of the page; a POLICY is SITE, SITE/KIND or
    SITE/KIND:LABEL.
    """
    if listing:
        _list(db, subjects[0] if subjects else "", as_json=as_json)
        return
    if not undo and (verdict is None or not subjects):
        raise click.UsageError(f"say one of {', '.join(VERDICTS)} and of what; --list shows what was said")
    by = by or _user()
    from harvest.corpus.store import Store

    with Store.open(db, create=False) as store:
        refuse_sample(store.is_sample, db)
        with store.transaction():
            for number in undo:
                store.undo_judgement(number, by=by)
            for line in _say(store, verdict or "", subjects, by=by, why=why) if verdict else ():
                click.echo(line, err=True)


def _say(store: Store, verdict: str, subjects: tuple[str, ...], *, by: str, why: str) -> list[str]:
    if verdict in ("off-topic", "on-topic"):
        return [line for subject in subjects for line in _judge_capture(store, verdict, subject, by=by, why=why)]
    if verdict == "note":
        return [line for subject in subjects for line in _note(store, subject, by=by, why=why)]
    return _place(store, verdict, subjects, by=by, why=why)


def _judge_capture(store: Store, verdict: str, subject: str, *, by: str, why: str) -> list[str]:
    from harvest.corpus.queries_words import captures_named

    done = []
    for capture in captures_named(store.conn, subject):
        place = {"archive": capture.archive, "url": capture.url, "timestamp": capture.timestamp}
        store.judge(capture.policy_id, verdict, **place, by=by, why=why)
        done.append(f"{capture.url} of {capture.timestamp} is {verdict}")
    return done


def _note(store: Store, subject: str, *, by: str, why: str) -> list[str]:
    from harvest.corpus.queries_known import known_by_key
    from harvest.corpus.queries_words import captures_named
    from harvest.urls import urlkey

    if not why:
        raise click.UsageError("say with --why what is worth knowing")
    known = known_by_key(store.conn, urlkey(subject)) if "://" in subject else None
    if known is not None:
        store.judge(known.policy_id, "note", url=known.url, by=by, why=why)
    elif "@" in subject or "://" in subject:
        for capture in captures_named(store.conn, subject)[:1]:
            place = {"archive": capture.archive, "url": capture.url, "timestamp": capture.timestamp}
            store.judge(capture.policy_id, "note", **place, by=by, why=why)
    else:
        store.judge(_policy(store, subject), "note", by=by, why=why)
    return [f"noted of {subject}"]


def _place(store: Store, verdict: str, subjects: tuple[str, ...], *, by: str, why: str) -> list[str]:
    """Put addresses to a policy, or each to one of its own."""
    from harvest.urls import canonical_url

    urls = subjects if verdict == "not-policy" else subjects[1:]
    if not urls:
        raise click.UsageError("name the policy and then its addresses: mark one-policy example.com/privacy URL…")
    done = []
    for url in map(canonical_url, urls):
        if not host_of(url):
            raise UnknownTarget(f"{url!r} is no URL of a web page")
        policy_id = _policy(store, subjects[0]) if verdict == "one-policy" else _own_policy(store, url)
        store.judge(policy_id, "one-policy", url=url, by=by, why=why)
        done.append(f"{url} is {_name(store, policy_id)}")
    return done


def _policy(store: Store, text: str) -> int:
    from harvest.corpus.queries import resolve_policy

    return resolve_policy(store.conn, text).id


def _own_policy(store: Store, url: str) -> int:
    """Make the policy that an address is by itself: of its host, its kind by its words, labelled by its path."""
    from harvest.archive.discovery import guess_kind, label_of
    from harvest.corpus.queries_known import known_by_key
    from harvest.urls import urlkey

    known = known_by_key(store.conn, urlkey(url))
    guess = guess_kind(url)
    kind = guess if guess != "other" or known is None else known.kind
    return store.ensure_policy(host=host_of(url), kind=kind, label=label_of(url))


def _name(store: Store, policy_id: int) -> str:
    host, kind, label = store.conn.execute(
        "SELECT s.host, p.kind, p.label FROM policies p JOIN sites s ON s.id = p.site_id WHERE p.id = ?", (policy_id,)
    ).fetchone()
    return f"{host}/{kind}" + (f":{label}" if label else "")


def _list(db: Path, host: str, *, as_json: bool) -> None:
    from harvest.corpus.forgotten import tombstones
    from harvest.corpus.queries_words import words

    with reading(db) as conn:
        said, gone = words(conn, host), tombstones(conn)
    if as_json:
        emit_json({"judgements": said, "forgotten": gone})
        return
    for word in said:
        click.echo(_word(word))
    for stone in gone:
        click.echo(_stone(stone))
    if not said and not gone:
        click.echo("nothing was said", err=True)


def _word(word: Word) -> str:
    subject = " ".join(filter(None, (word.url, word.timestamp))) or word.policy
    by = f" by {word.decided_by}" if word.decided_by else ""
    undone = f", taken back {word.undone_at[:10]}" if word.undone_at else ""
    why = f": {word.why}" if word.why else ""
    to = f" → {word.policy}" if word.verdict == "one-policy" else ""
    return f"{word.id}  {word.verdict}  {subject}{to}  {word.decided_at[:10]}{by}{undone}{why}"


def _stone(stone: Tombstone) -> str:
    lifted = f", lifted {stone.lifted_at[:10]}" if stone.lifted_at else ""
    return (
        f"forgotten  {stone.scope} {stone.subject}  {stone.decided_at[:10]} by {stone.decided_by or 'nobody named'}"
        f"{lifted}: {stone.why}"
    )


@click.command()
@click.argument("subjects", nargs=-1, required=True, metavar="SITE|URL|CAPTURE…")
@_person
@click.option("--undo", is_flag=True, help="Lift the ban. What was removed comes back by harvesting again.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@db_option
@json_option
def forget(subjects: tuple[str, ...], why: str, by: str, undo: bool, yes: bool, db: Path, as_json: bool) -> None:
    """Take a site, a URL or a capture down, and keep it from coming back.

    Bodies, texts and clauses that nobody else uses are removed so that the file holds no byte of them; what remains
    is a note of what was taken down, when, by whom and why. Neither harvests nor imports bring it back until --undo
    lifts the ban. Copies of the file, such as backups, are yours to look after.
    """
    from harvest.corpus.store import Store

    if not undo and not why:
        raise click.UsageError("say with --why for what reason; it is all that will be left")
    by = by or _user()
    with Store.open(db, create=False) as store:
        refuse_sample(store.is_sample, db)
        for subject in subjects:
            scope, named = _scope(store, subject)
            if undo:
                _lift(store, scope, named, subject, by=by)
                continue
            if not yes:
                click.confirm(f"Remove all that the corpus has of {subject}?", abort=True, err=True)
            removed = store.forget(scope, named, by=by, why=why)
            if as_json:
                emit_json({"scope": scope, "subject": named, **_counts(removed)}, indent=None)
            else:
                click.echo(
                    f"{subject}: {removed.captures} captures, {removed.policies} policies and {removed.bodies} bodies"
                    f" removed from {db}; copies of the file may still hold them",
                    err=True,
                )


def _counts(removed: Any) -> dict[str, int]:
    return {"captures": removed.captures, "policies": removed.policies, "bodies": removed.bodies}


def _lift(store: Store, scope: str, named: str, subject: str, *, by: str) -> None:
    if not store.lift(scope, named, by=by):
        raise UnknownTarget(f"{subject} was not taken down: harvest mark --list shows what was")
    click.echo(f"{subject} may be harvested again; what was removed comes back by harvesting it", err=True)


def _scope(store: Store, subject: str) -> tuple[str, str]:
    """Return what a person means: a capture, a URL or a site."""
    from harvest.corpus.queries_words import captures_named
    from harvest.resolve import is_url

    if not is_url(subject):
        return "site", host_of(f"http://{subject}")
    try:
        captures = captures_named(store.conn, subject)
    except UnknownTarget as error:
        if "names no capture" not in str(error):
            raise
        return "url", subject if "://" in subject else f"http://{subject}"
    return "capture", f"{captures[0].archive} {captures[0].url} {captures[0].timestamp}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user: containers
        return ""
