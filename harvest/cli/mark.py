"""``harvest mark`` and ``forget``: a person's word on captures and addresses, and taking things down."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harvest import marking
from harvest.cli.options import db_option, emit_json, json_option, refuse_sample
from harvest.cli.reading import reading
from harvest.cli.terminal import echo
from harvest.counting import count_of

if TYPE_CHECKING:
    from harvest.corpus.forgotten import Tombstone
    from harvest.corpus.queries_judgements import RecordedJudgement
    from harvest.corpus.store_forget import Removed

_Command = Callable[..., Any]


def _person(command: _Command) -> _Command:
    command = click.option("--by", default="", help="Who says so; your user name where nothing is said.")(command)
    return click.option("--why", default="", help="The reason, kept with the word.")(command)


@click.command()
@click.argument("verdict", type=click.Choice(marking.VERDICTS), required=False)
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
        raise click.UsageError(f"say one of {', '.join(marking.VERDICTS)} and of what; --list shows what was said")
    by = by or _user()
    from harvest.corpus.store import Store

    with Store.open(db, create=False) as store:
        refuse_sample(store.is_sample, db)
        with store.transaction():
            for number in undo:
                store.undo_judgement(number, by=by)
            for line in marking.mark(store, verdict, subjects, by=by, why=why) if verdict else ():
                echo(line, err=True)


def _list(db: Path, host: str, *, as_json: bool) -> None:
    with reading(db) as conn:
        said, gone = marking.said(conn, host)
    if as_json:
        emit_json({"judgements": said, "forgotten": gone})
        return
    for word in said:
        echo(_word(word))
    for stone in gone:
        echo(_stone(stone))
    if not said and not gone:
        echo("nothing was said", err=True)


def _word(word: RecordedJudgement) -> str:
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
            if undo:
                marking.lift(store, subject, by=by)
                echo(f"{subject} may be harvested again; what was removed comes back by harvesting it", err=True)
                continue
            if not yes:
                click.confirm(f"Remove all that the corpus has of {subject}?", abort=True, err=True)
            scope, named, removed = marking.forget(store, subject, by=by, why=why)
            if as_json:
                emit_json({"scope": scope, "subject": named, **_counts(removed)}, indent=None)
            else:
                echo(
                    f"{subject}: {count_of(removed.captures, 'capture')}, {count_of(removed.policies, 'policy')}"
                    f" and {count_of(removed.bodies, 'body')} removed from {db};"
                    " copies of the file may still hold them",
                    err=True,
                )


def _counts(removed: Removed) -> dict[str, int]:
    return {"captures": removed.captures, "policies": removed.policies, "bodies": removed.bodies}


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user: containers
        return ""
