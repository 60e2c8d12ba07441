"""The Princeton–Leuven corpus (Amos et al., WWW 2021): its files in and out.

One file holds one capture of one site's policy, as Markdown (``.md``, or ``.txt`` where people saved it so) or as the
page after its scripts ran (``.html``). The header of the file says where it came from; nothing else in it or in its
name is trusted.
"""

from __future__ import annotations

import base64
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from harvest.errors import NotAPolicy
from harvest.exchange.names import file_name
from harvest.model import Capture, Document
from harvest.text.derived import is_html, read_derived
from harvest.text.markdown_header import Header, read_comment_header, read_header
from harvest.text.markdown_writer import write_markdown
from harvest.timestamps import format_stamp, parse_stamp
from harvest.urls import canonical_url, host_of, urlkey

if TYPE_CHECKING:
    from harvest.corpus.queries_model import PolicyRef, Version

ARCHIVE = "princeton-leuven"
SUFFIXES = frozenset({".md", ".txt", ".html", ".htm"})


@dataclass(frozen=True, slots=True)
class Imported:
    """One file of the corpus: the capture it stands for, the site that pointed at the policy, and the text.

    *host* is the site in the header; the policy may live on another (``capture.url``). *body* is the file as it is,
    which `harvest.text.derived.read_derived` reads again.
    """

    capture: Capture
    host: str
    title: str
    document: Document
    body: bytes
    kind: str = "privacy"


def read_file(path: Path) -> Imported:
    """Read a file of the corpus. Raises NotAPolicy, saying why, for any file that is none; OSError if unreadable."""
    body = path.read_bytes()
    capture, header = header_of(body, str(path))
    document = read_derived(body, page_url=capture.url)
    if not any(section.clauses for section in document.sections):
        raise NotAPolicy(f"{path}: nothing but a header and title; there is no policy text to import")
    return Imported(capture, header.host.lower(), document.title, document, body, header.kind)


def header_of(body: bytes, name: str, *, fallback: Header | None = None) -> tuple[Capture, Header]:
    """Return the capture a file stands for, and its header; *fallback* where the file has none.

    Raises NotAPolicy, naming the file by *name*, where neither says at which address and when.
    """
    text = body.decode("utf-8", "replace").removeprefix("\ufeff")
    html = is_html(text)
    header = (read_comment_header(text) if html else read_header(text)) or fallback
    if header is None:
        raise NotAPolicy(f"{name}: no Princeton–Leuven header at its start, so neither URL nor date is known")
    return _capture(header, body, html, name), header


def iter_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files to import: a file as it is given, of a folder everything below it that may be one, sorted.

    Tables and other files beside the texts are passed over; a file that only looks like a text is found out by
    `read_file`.
    """
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.is_file() and _may_be_text(file))
        else:
            yield path


def export_tree(conn: sqlite3.Connection, folder: Path, policies: Sequence[PolicyRef] | None = None) -> int:
    """Write every version as ``SITE/TIMESTAMP.md`` with the header of the corpus; return the number of files.

    The timestamp and URL are those of the version's first capture. Policies other than privacy policies get a folder
    of their own (``SITE/terms/TIMESTAMP.md``). `read_file` reads the files back.
    """
    from harvest.corpus import queries

    written = 0
    for policy in queries.every_policy(conn) if policies is None else policies:
        place = folder.joinpath(*map(file_name, policy.address.split("/", 1)))
        for version in queries.versions(conn, policy):
            sections, _ = queries.text_sections(conn, version.text.id)
            path = place / f"{_stamp(version)}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            url, title = version.first_capture.url, version.text.title
            header = write_header(policy.host, _stamp(version), url, title, kind=policy.kind)
            path.write_text(header + write_markdown(sections), encoding="utf-8")
            written += 1
    return written


def write_header(host: str, timestamp: str, url: str, title: str, *, kind: str = "privacy") -> str:
    """Return the header of a Markdown file of the corpus: provenance, then the page's title as H1."""
    day = f"{timestamp[:4]}-{timestamp[4:6]}-{timestamp[6:8]}"
    link = f"https://web.archive.org/web/{timestamp}id_/{quote(url, safe='/')}"
    return (
        f"> *The following text is extracted and transformed from the {host} {kind} policy that was archived on {day}."
        f" Please check the [original snapshot on the Wayback Machine]({link}) for the most accurate reproduction.*\n\n"
        f"# {' '.join(title.split()).replace(chr(92), chr(92) * 2)}\n\n"
    )


def _stamp(version: Version) -> str:
    return format_stamp(version.first_capture.captured_at)


def _may_be_text(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not any(part.startswith(".") for part in path.parts[-4:])


def _capture(header: Header, body: bytes, html: bool, path: str) -> Capture:
    try:
        moment, approximate = parse_stamp(header.timestamp)
    except ValueError as error:
        raise NotAPolicy(f"{path}: the archive link in its header holds no date ({error})") from error
    url = canonical_url(header.url)
    if not host_of(url) or host_of(url) in ("web.archive.org", "archive.org"):
        raise NotAPolicy(f"{path}: the archive link in its header leads to no page ({header.url[:80]!r})")
    return Capture(
        archive=ARCHIVE,
        url=url,
        urlkey=urlkey(url),
        timestamp=header.timestamp,
        captured_at=moment,
        approximate=approximate,
        mimetype="text/html" if html else "text/markdown",
        digest=base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode("ascii"),
        length=len(body),
        form="derived",
    )
