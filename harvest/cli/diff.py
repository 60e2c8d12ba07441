"""``harvest diff``: two files, two dates of a policy, or many pairs as JSON Lines."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

import click

from harvest.cli.options import db_option, emit_json, json_option
from harvest.compare import compare
from harvest.compare.render import to_json, to_markdown, to_terminal
from harvest.compare.texts import mark_up_only
from harvest.errors import HarvestError, NotAPolicy, UnknownTarget
from harvest.model import Diff, Document, Section
from harvest.policy_names import split_as_of
from harvest.text.markdown import read_sections

_TOGETHER = 4  # pairs that one process compares in a row
_FEW = 5  # batches up to which one process is as fast as several


@click.command()
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option("--all", "include_same", is_flag=True, help="List unchanged clauses too, as kind `same`.")
@click.option("--noise", is_flag=True, help="Show typography, links, numbering, dates and contacts too.")
@click.option("--html", "form", flag_value="html", help="Print HTML.")
@click.option("--markdown", "form", flag_value="markdown", help="Print a Markdown redline.")
@click.option(
    "--jsonl", is_flag=True, help="Compare the pairs {id, before, after} of a file, one a line; - is standard input."
)
@json_option
@db_option
def diff(
    old: str | None,
    new: str | None,
    include_same: bool,
    noise: bool,
    form: str | None,
    jsonl: bool,
    as_json: bool,
    db: Path,
) -> None:
    """Compare two texts or two dates of a policy.

    OLD and NEW are files (Markdown, HTML, Princeton-Leuven) or SITE[/KIND]@DATE of the corpus. With --jsonl OLD is
    a file (or - for standard input) of which each line holds {"id", "before", "after"} with Markdown texts; each
    answer stands on one line with its id, always as JSON.
    """
    if jsonl:
        if new or form:
            raise click.UsageError("--jsonl takes one FILE and prints JSON only.")
        _compare_lines(old or "-", include_same=include_same)
        return
    if old is None or new is None:
        raise click.UsageError("Name two files or two SITE@DATE, or many pairs with --jsonl FILE.")
    before, after = _read(old, db), _read(new, db)
    found, elapsed_ms = _timed(before.sections, after.sections)
    if as_json:
        emit_json(to_json(found, elapsed_ms=elapsed_ms, include_same=include_same))
    else:
        click.echo(_in_form(found, form, noise=noise), nl=False)


def _in_form(found: Diff, form: str | None, *, noise: bool) -> str:
    if form == "html":
        from harvest.compare.render_html import to_page

        return to_page(found, noise=noise)
    if form == "markdown":
        return to_markdown(found, noise=noise)
    return to_terminal(found, colour=sys.stdout.isatty(), noise=noise)


def _timed(before: Sequence[Section], after: Sequence[Section]) -> tuple[Diff, float]:
    start = time.perf_counter()
    found = compare(before, after)
    return found, (time.perf_counter() - start) * 1000


# --- one pair --------------------------------------------------------------------------------------------------


def _read(source: str, db: Path) -> Document:
    path = Path(source)
    if path.exists():
        return _read_file(path)
    if not split_as_of(source)[1]:
        raise UnknownTarget(f"{source}: there is no such file; a policy of the corpus is SITE@DATE")
    return _read_corpus(source, db)


def _read_file(path: Path) -> Document:
    from harvest.exchange.documents import read_document

    documents = [document for _, document in read_document(path)]
    if len(documents) != 1:
        raise NotAPolicy(f"{path} holds {len(documents)} documents: name a file with one.")
    return documents[0]


def _read_corpus(target: str, db: Path) -> Document:
    from harvest.cli.reading import reading
    from harvest.cli.show import as_of
    from harvest.corpus.queries import resolve_policy, version_as_of

    name, moment = as_of(target)
    with reading(db) as conn:
        view = version_as_of(conn, resolve_policy(conn, name), moment)
    return Document(title=view.version.text.title, sections=tuple(view.sections))


# --- many pairs ------------------------------------------------------------------------------------------------


def _compare_lines(source: str, *, include_same: bool) -> None:
    """Answer every line in order; a line that cannot be read is answered with its error, and the status is 1."""
    failed = 0
    with nullcontext(sys.stdin.buffer) if source == "-" else open(source, "rb") as stream:
        for answers in _answered(_batches(stream), partial(_answer_all, include_same=include_same)):
            for answer, is_error in answers:
                failed += is_error
                sys.stdout.write(answer + "\n")
    if failed:
        raise HarvestError(f"{failed} lines could not be read; each is answered with its error.")


def _batches(stream: Iterable[bytes]) -> Iterator[list[tuple[int, bytes]]]:
    lines = ((number, line) for number, line in enumerate(stream, start=1) if line.strip())
    while batch := list(islice(lines, _TOGETHER)):
        yield batch


def _answered(
    batches: Iterator[list[tuple[int, bytes]]], answer: Callable[[list[tuple[int, bytes]]], list[tuple[str, bool]]]
) -> Iterator[list[tuple[str, bool]]]:
    """Answer a few pairs here, many by all processors."""
    few = list(islice(batches, _FEW))
    if len(few) < _FEW:
        yield from map(answer, few)
        return
    from harvest.engine import open_engine

    with open_engine(forked=True) as engine:
        yield from engine.map(answer, chain(few, batches))


def _answer_all(lines: list[tuple[int, bytes]], *, include_same: bool) -> list[tuple[str, bool]]:
    """Return the answer to each line as JSON, and whether it is an error."""
    answers = [_answer(number, line, include_same) for number, line in lines]
    return [(json.dumps(answer, ensure_ascii=False), "error" in answer) for answer in answers]


def _answer(number: int, line: bytes, include_same: bool) -> dict[str, Any]:
    try:
        pair = json.loads(line)
        identity, before, after = pair["id"], str(pair["before"] or ""), str(pair["after"] or "")
    except (ValueError, KeyError, TypeError) as error:
        return {"line": number, "error": f"no pair of id, before and after: {error!r}"}
    found, elapsed_ms = _timed(read_sections(before), read_sections(after))
    if found.tier is None and before != after:
        found = mark_up_only(found)
    return {"id": identity, **to_json(found, elapsed_ms=elapsed_ms, include_same=include_same)}
