"""Check an evidence bundle: the bytes by their checksums, the texts and the diff by making them again."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harvest.archive.warc_wrapped import UNREADABLE_ZIP
from harvest.compare import compare
from harvest.compare.render import to_json, to_markdown
from harvest.corpus.normaliser import NORMALISER
from harvest.corpus.reading import Page, read_document
from harvest.errors import DamagedArchive
from harvest.exchange.bundle import (
    FORMAT,
    NAMES,
    PROGRAM,
    libraries,
    redline_page,
    seal,
    text_of,
    without_times,
)
from harvest.exchange.zipped import zip_bytes
from harvest.model import Diff, Document
from harvest.text.identity import text_sha

_LARGEST = 200_000_000  # of a file in the zip: what says it is larger is not unpacked
_SIDES = ("before", "after")
_SEAL = "manifest.sha256"
_CITED = re.compile(r", text ([0-9a-f]{64})$", re.M)
#: What the files of a bundle raise where they are JSON of another shape, forged with checksums that agree.
_MALFORMED = (ValueError, TypeError, KeyError, AttributeError)


@dataclass(frozen=True, slots=True)
class BundleCheck:
    """What a check found. *problems* empty: every byte is as it was, and text and diff follow from the bodies.

    *notes*: what could not be decided here, such as texts made by another version of the rules.
    """

    files: int
    made_by: str
    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()


def check_bundle(path: Path) -> BundleCheck:
    """Check a bundle, offline. Raises DamagedArchive for a file that is none; any other trouble is a problem."""
    try:
        files = _read(path)
    except (OSError, *UNREADABLE_ZIP) as error:
        raise DamagedArchive(f"{path} cannot be read as an evidence bundle: {error}") from error
    try:
        manifest = json.loads(files["manifest.json"])
        listed = dict(manifest["files"])
    except (KeyError, ValueError, TypeError) as error:
        raise DamagedArchive(f"{path} has no readable manifest.json ({error}): it is no evidence bundle") from error
    made_by = f"{manifest.get('program', '?')}, rules {manifest.get('normaliser', '?')}"
    problems = list(_checksums(files, listed))
    if files.get(_SEAL) != seal(files["manifest.json"]):
        problems.append("manifest.json is not what it was: its sha256 differs from manifest.sha256")
    problems += [f"{name} is missing" for name in NAMES if name not in files and name not in listed and name != _SEAL]
    if not problems and zip_bytes({name: files[name] for name in NAMES}) != path.read_bytes():
        problems.append("the zip file itself was changed, though not the files in it")
    if manifest.get("format") != FORMAT:
        problems.append(f"format {manifest.get('format')!r} is unknown to this program: use a newer one")
    notes: tuple[str, ...] = ()
    if not problems:
        try:
            problems, notes = _derived(files, manifest)
        except _MALFORMED as error:
            problems = [f"a file of it is not what a bundle holds ({type(error).__name__}: {error})"]
    return BundleCheck(len(listed), made_by, tuple(problems), notes)


def _derived(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> tuple[list[str], tuple[str, ...]]:
    """Return problems of what follows from the bodies, and notes on what cannot be told here."""
    problems = list(_bodies(files))
    if manifest.get("normaliser") != NORMALISER:
        said = f"texts and diff were made by rules {manifest.get('normaliser')}, this program has {NORMALISER}"
        return problems, (said,)
    derived, diff = _derivations(files)
    problems += derived
    same_program = manifest.get("program") == PROGRAM
    if same_program:
        problems += _readings(files, diff, str(manifest.get("policy") or ""))
    notes = [] if same_program else [f"how a diff is drawn differs from program to program; this one is {PROGRAM}"]
    made_with, here = dict(manifest.get("libraries") or {}), libraries()
    others = [
        f"{name} {made_with[name]} (here {here.get(name)})" for name in made_with if made_with[name] != here.get(name)
    ]
    if problems and others:
        notes.append(f"it was made with {', '.join(others)}: check it with these before you believe it was forged")
    return problems, tuple(notes)


def _read(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        names = [entry.filename for entry in archive.infolist()]
        if len(names) != len(set(names)):
            raise ValueError("it holds two files of one name")
        if any(entry.file_size > _LARGEST for entry in archive.infolist()):
            raise ValueError("it holds a file too large to be a page")
        return {name: archive.read(name) for name in names}


def _checksums(files: Mapping[str, bytes], listed: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*files, *listed} - {"manifest.json", _SEAL}):
        if name not in files:
            yield f"{name} is missing"
        elif name not in listed or name not in NAMES:
            yield f"{name} is not in the manifest: it was added"
        elif hashlib.sha256(files[name]).hexdigest() != listed[name]:
            yield f"{name} is not what it was: its sha256 differs from the manifest"


def _bodies(files: Mapping[str, bytes]) -> Iterator[str]:
    for side in _SIDES:
        if hashlib.sha256(files[f"{side}/body"]).hexdigest() != _facts(files, side)["body_sha256"]:
            yield f"{side}/body is not the body that {side}/capture.json names"


def _derivations(files: Mapping[str, bytes]) -> tuple[list[str], Diff]:
    """Read both bodies and compare them again; return what does not follow, and the diff."""
    problems, documents = [], []
    for side in _SIDES:
        facts = _facts(files, side)
        document = _document(files[f"{side}/body"], facts)
        documents.append(document)
        if text_sha(document.sections) != facts["text_sha256"]:
            problems.append(f"the text read in {side}/body is not the one that {side}/capture.json names")
        if text_of(document) != files[f"{side}/text.md"]:
            problems.append(f"{side}/text.md does not follow from {side}/body")
    diff = compare(*(document.sections for document in documents))
    if without_times(json.loads(json.dumps(to_json(diff)))) != without_times(json.loads(files["diff.json"])):
        problems.append("diff.json does not follow from the two bodies")
    return problems, diff


def _readings(files: Mapping[str, bytes], diff: Diff, address: str) -> Iterator[str]:
    """Yield what people read and is not what the bodies say: the redlines, and the texts that the citation names."""
    if to_markdown(diff).encode("utf-8", "replace") != files["redline.md"]:
        yield "redline.md does not follow from the two bodies"
    if redline_page(address, diff, files["citation.txt"]) != files["redline.html"]:
        yield "redline.html does not follow from the two bodies, the citation and the manifest"
    cited = _CITED.findall(files["citation.txt"].decode())
    if cited != [_facts(files, side)["text_sha256"] for side in _SIDES]:
        yield "citation.txt cites other texts than those of the two bodies"


def _facts(files: Mapping[str, bytes], side: str) -> dict[str, Any]:
    return dict(json.loads(files[f"{side}/capture.json"]))


def _document(body: bytes, facts: Mapping[str, Any]) -> Document:
    url = str(facts.get("landed_url") or "")
    headers = {str(name): str(value) for name, value in dict(facts.get("headers") or {}).items()}
    return read_document(Page(0, str(facts.get("form")), body, url, facts.get("status"), headers))
