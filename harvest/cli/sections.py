"""``harvest sections``: files as sections and clauses."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from functools import partial
from json.encoder import encode_basestring
from pathlib import Path

import click

from harvest.cli.options import json_option
from harvest.cli.terminal import plain
from harvest.engine import collect_rarely, open_engine
from harvest.model import Clause, Document, Section

_MANY = 16  # files from which on several processes read them: starting those takes the time of a few pages
_TOGETHER = 8  # files that one process reads in a row: captures of a policy lie side by side and are much the same
_LARGE = 20_000_000  # bytes: far above any single page


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def sections(files: tuple[Path, ...], as_json: bool) -> None:
    """Print files as sections and clauses.

    HTML, Markdown (with a Princeton-Leuven header or without) and WARC records; with --json one object a line.
    """
    collect_rarely()
    if len(files) < _MANY or any(_is_archive(file) for file in files):
        for file in files:
            for line in _lines(file, as_json):
                click.echo(line)
        return
    import harvest.text.reading  # noqa: F401  # what every file needs is imported once, before processes are forked

    gc.freeze()  # what is imported is shared with the workers, and stays so
    with open_engine(forked=True) as engine:
        for text in engine.map(partial(_all_lines, as_json=as_json), _batches(files)):
            click.echo(text, nl=False)


def _batches(files: tuple[Path, ...]) -> Iterator[tuple[Path, ...]]:
    """Files to read in a row, fewer and fewer towards the end, so that no process waits long for the last."""
    while files:
        size = min(_TOGETHER, max(1, len(files) // _TOGETHER))
        yield files[:size]
        files = files[size:]


def _is_archive(file: Path) -> bool:
    """True for files that may hold any number of pages, which are printed as they are read."""
    return file.suffix.lower() in (".gz", ".warc") or file.stat().st_size > _LARGE


def _all_lines(files: tuple[Path, ...], as_json: bool) -> str:
    return "".join([f"{line}\n" for file in files for line in _lines(file, as_json)])


def _lines(file: Path, as_json: bool) -> Iterator[str]:
    from harvest.exchange.documents import read_document

    for name, document in read_document(file):
        if as_json:
            yield _as_json(name, document)
        else:
            yield _as_text(name, document)


# Texts are quoted one by one and joined: building objects for json.dumps takes twice as long, dataclasses.asdict, which
# copies deeply, ten times.
def _as_json(name: str, document: Document) -> str:
    stated = document.stated_date
    head = {
        "file": name,
        "title": document.title,
        "language": document.language,
        "stated_date": stated.day.isoformat() if stated and stated.day else None,
        "encoding": document.encoding,
    }
    sections = ", ".join(map(_section_json, document.sections))
    return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "sections": [{sections}]}}'


def _section_json(section: Section) -> str:
    head = {
        "level": section.level,
        "number": section.number,
        "heading": section.heading,
        "heading_kind": section.heading_kind,
        "confidence": section.confidence,
    }
    clauses = ", ".join(map(_clause_json, section.clauses))
    return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "clauses": [{clauses}]}}'


def _clause_json(clause: Clause) -> str:
    """A clause as JSON; ``marker`` only where it has one."""
    text = encode_basestring(clause.text)
    markdown = text if clause.markdown == clause.text else encode_basestring(clause.markdown)
    marker = f', "marker": {encode_basestring(clause.marker)}' if clause.marker else ""
    kind = encode_basestring(clause.kind)
    return f'{{"kind": {kind}, "depth": {clause.depth}, "text": {text}, "markdown": {markdown}{marker}}}'


def _as_text(name: str, document: Document) -> str:
    lines = [f"{name}: {document.title or 'without title'}"]
    for section in document.sections:
        number = f"{section.number} " if section.number else ""
        indent = "  " * max(0, section.level - 1)
        words = sum(len(clause.text.split()) for clause in section.clauses)
        heading = section.heading or "(before the first heading)"
        kind = f", {section.heading_kind} {section.confidence:.2f}" if section.heading_kind else ""
        lines.append(f"{indent}{number}{heading}  [{words} words{kind}]")
    return plain("\n".join(lines))
