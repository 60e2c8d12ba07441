"""An evidence bundle: one zip that shows what changed between two versions, and lets anybody check it offline.

::

    citation.txt           how to cite the change, with both bounds and both archive addresses
    redline.html           the change for reading and printing, without scripts
    redline.md             the same as Markdown
    diff.json              the diff as `harvest diff --json` gives it
    before/, after/
        capture.json       address and time asked for and landed at, archive, status, headers, sha256 of the body
        body               the bytes as the archive sent them
        text.md            the text that was read in them
    manifest.json          sha256 of every file above, and the program and libraries that made them
    manifest.sha256        of that

`harvest verify BUNDLE` reads the bodies again, compares them again, and fails where anything differs.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sqlite3
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from harvest._version import __version__
from harvest.compare import compare
from harvest.compare.render import to_html, to_json, to_markdown
from harvest.corpus.normaliser import NORMALISER
from harvest.corpus.queries_captures import StoredCapture, captures_of_version
from harvest.corpus.queries_model import TextPair, Version
from harvest.corpus.reading import Page, read_document
from harvest.errors import CorpusError, UnknownTarget
from harvest.exchange.beside import put_when_whole
from harvest.exchange.redline import citation, printable
from harvest.exchange.zipped import zip_bytes
from harvest.model import Diff, Document, Outcome
from harvest.text.identity import text_sha
from harvest.text.markdown_writer import write_markdown
from harvest.timestamps import to_iso

FORMAT = 1
PROGRAM = f"policy-harvest {__version__}"
#: The files of a bundle, in the order in which they stand in it.
NAMES = (
    *(f"{side}/{name}" for side in ("before", "after") for name in ("capture.json", "body", "text.md")),
    "diff.json",
    "redline.md",
    "redline.html",
    "citation.txt",
    "manifest.json",
    "manifest.sha256",
)
#: What texts and diffs depend on beside this program.
_LIBRARIES = ("brotli", "fast-diff-match-patch", "ftfy", "pyphen", "rapidfuzz", "resiliparse", "selectolax")


def write_bundle(conn: sqlite3.Connection, pair: TextPair, path: Path) -> None:
    """Write the bundle of a diff to *path*; the same corpus gives the same bytes, whoever writes it.

    Of the version before, its last page is the evidence, of the version after its first: nearest to the change.
    Raises UnknownTarget where a version has no body (a copy without bodies), CorpusError where the corpus was
    derived by other rules than this program's.
    """
    files: dict[str, bytes] = {}
    documents: list[Document] = []
    for side, view in (("before", pair.before), ("after", pair.after)):
        capture = _capture(conn, view.version, last=side == "before")
        document = document_of(capture)
        if text_sha(document.sections) != capture.text_sha:
            raise CorpusError("the texts of the corpus were made by other rules than this program's: harvest build")
        documents.append(document)
        files[f"{side}/capture.json"] = _json(capture_facts(capture))
        files[f"{side}/body"] = capture.body or b""
        files[f"{side}/text.md"] = text_of(document)
    diff = compare(*(document.sections for document in documents))
    said = citation(pair)
    files["diff.json"] = _json(without_times(to_json(diff)))
    files["redline.md"] = to_markdown(diff).encode("utf-8", "replace")
    files["citation.txt"] = said.encode("utf-8", "replace")
    files["redline.html"] = redline_page(pair.policy.address, diff, files["citation.txt"])
    files["manifest.json"] = manifest(files, pair.policy.address)
    files["manifest.sha256"] = seal(files["manifest.json"])
    with put_when_whole(path) as part:
        part.write_bytes(zip_bytes({name: files[name] for name in NAMES}))


def document_of(capture: StoredCapture) -> Document:
    """Read the body of a capture."""
    page = Page(0, capture.form, capture.body or b"", capture.url, capture.status, capture.headers)
    return read_document(page)


def redline_page(address: str, diff: Diff, cited: bytes) -> bytes:
    """Return the page that prints, of a policy's address, a diff and its citation."""
    return printable(address, to_html(diff, noise=True), cited.decode()).encode("utf-8", "replace")


def _capture(conn: sqlite3.Connection, version: Version, *, last: bool) -> StoredCapture:
    """Return the first or *last* capture of a version that was fetched; one with equal bytes where none was."""
    found = [capture for capture in captures_of_version(conn, version.id) if capture.body is not None]
    if not found:
        raise UnknownTarget(f"version {version.number} has no stored body: only the corpus it came from can prove it")
    fetched = [capture for capture in found if capture.outcome != Outcome.DUPLICATE] or found
    ordered = sorted(fetched, key=lambda capture: (capture.captured_at, capture.listed_url))
    return ordered[-1 if last else 0]


def capture_facts(capture: StoredCapture) -> dict[str, object]:
    """Return what is known of a capture beside its bytes; of one that was not fetched itself, whose bytes they are."""
    return {
        "archive": capture.archive,
        "asked_url": capture.listed_url,
        "asked_timestamp": capture.listed_timestamp,
        "landed_url": capture.url,
        "landed_timestamp": capture.timestamp,
        "captured_at": to_iso(capture.captured_at),
        "fetched_at": to_iso(capture.fetched_at) if capture.fetched_at else None,
        "form": capture.form,
        "status": capture.status,
        "headers": dict(capture.headers),
        "listed_digest": capture.digest,
        "body_sha256": capture.sha256,
        "text_sha256": capture.text_sha,
        **({"duplicate": capture.reason} if capture.outcome == Outcome.DUPLICATE else {}),
    }


def text_of(document: Document) -> bytes:
    """Return a text as the bundle holds it: title, then Markdown."""
    head = f"# {document.title}\n\n" if document.title else ""
    return (head + write_markdown(document.sections)).encode("utf-8", "replace")


def manifest(files: Mapping[str, bytes], address: str) -> bytes:
    """Return the list of files with their sha256, the policy's *address*, and what made them."""
    return _json(
        {
            "format": FORMAT,
            "policy": address,
            "program": PROGRAM,
            "normaliser": NORMALISER,
            "python": ".".join(platform.python_version_tuple()[:2]),
            "libraries": libraries(),
            "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
        }
    )


def libraries() -> dict[str, str]:
    """Return the versions of what texts and diffs depend on, '' where they are built in."""
    return {name: _version(name) for name in _LIBRARIES}


def seal(manifest: bytes) -> bytes:
    """Return the checksum of a manifest, in the form that ``sha256sum --check`` reads."""
    return f"{hashlib.sha256(manifest).hexdigest()}  manifest.json\n".encode()


def without_times(diff: Mapping[str, object]) -> dict[str, object]:
    """Return a diff as JSON without how long it took, which is never the same twice."""
    return {key: value for key, value in diff.items() if key != "elapsed_ms"}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "surrogatepass")
