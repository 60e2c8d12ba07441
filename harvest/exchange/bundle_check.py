"""Check an evidence bundle: the bytes by their checksums, the texts and the diff by making them again."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harvest.compare import compare
from harvest.compare.render import to_json
from harvest.corpus.normaliser import NORMALISER
from harvest.corpus.reading import Page, read_document
from harvest.errors import DamagedArchive
from harvest.exchange.bundle import FORMAT, seal, text_of, without_times
from harvest.exchange.zipped import zip_bytes
from harvest.model import Document
from harvest.text.identity import text_sha

_LARGEST = 200_000_000  # of a file in the zip: what says it is larger is not unpacked
_SIDES = ("before", "after")
_SEAL = "manifest.sha256"


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
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
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
    if not problems and zip_bytes(files) != path.read_bytes():
        problems.append("the zip file itself was changed, though not the files in it")
    if manifest.get("format") != FORMAT:
        problems.append(f"format {manifest.get('format')!r} is unknown to this program: use a newer one")
    notes: tuple[str, ...] = ()
    if not problems and manifest.get("normaliser") == NORMALISER:
        problems += _derivations(files)
    elif not problems:
        notes = (f"texts and diff were made by rules {manifest.get('normaliser')}, this program has {NORMALISER}",)
        problems += _bodies(files)
    return BundleCheck(len(listed), made_by, tuple(problems), notes)


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
        elif name not in listed:
            yield f"{name} is not in the manifest: it was added"
        elif hashlib.sha256(files[name]).hexdigest() != listed[name]:
            yield f"{name} is not what it was: its sha256 differs from the manifest"


def _bodies(files: Mapping[str, bytes]) -> Iterator[str]:
    for side in _SIDES:
        facts = json.loads(files[f"{side}/capture.json"])
        if hashlib.sha256(files[f"{side}/body"]).hexdigest() != facts["body_sha256"]:
            yield f"{side}/body is not the body that {side}/capture.json names"


def _derivations(files: Mapping[str, bytes]) -> Iterator[str]:
    yield from _bodies(files)
    documents = {}
    for side in _SIDES:
        facts = json.loads(files[f"{side}/capture.json"])
        documents[side] = document = _document(files[f"{side}/body"], facts)
        if facts["text_sha256"] and text_sha(document.sections) != facts["text_sha256"]:
            yield f"the text read in {side}/body is not the one that {side}/capture.json names"
        if text_of(document) != files[f"{side}/text.md"]:
            yield f"{side}/text.md does not follow from {side}/body"
    diff = compare(documents["before"].sections, documents["after"].sections)
    if without_times(json.loads(json.dumps(to_json(diff)))) != without_times(json.loads(files["diff.json"])):
        yield "diff.json does not follow from the two bodies"


def _document(body: bytes, facts: Mapping[str, Any]) -> Document:
    url = str(facts.get("landed_url") or "")
    headers = {str(name): str(value) for name, value in dict(facts.get("headers") or {}).items()}
    return read_document(Page(0, str(facts.get("form")), body, url, facts.get("status"), headers))
