"""Evidence bundles: made from a corpus, checked without it."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvest.archive import open_archive
from harvest.cli import main
from harvest.config import Settings
from harvest.corpus.store import Store
from harvest.errors import DamagedArchive
from harvest.exchange.bundle import seal
from harvest.exchange.bundle_check import check_bundle
from harvest.exchange.zipped import zip_bytes
from harvest.pipeline import run
from harvest.simulator import sample
from harvest.targets import read_targets


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the bundle of a change of a made-up company, written by the command line."""
    folder = tmp_path_factory.mktemp("bundle")
    sample.write_sample(folder / "archive", seed=42, companies=1)
    with Store.open(folder / "c.db") as store:
        archive = open_archive(str(folder / "archive"), Settings())
        run(store, archive, read_targets(folder / "archive" / "targets.toml").targets, settings=Settings())
        archive.close()
        site, first, last = store.conn.execute(
            "SELECT site, min(first_seen), max(first_seen) FROM history WHERE variant_of IS NULL AND kind = 'privacy'"
        ).fetchone()
    arguments = [
        "--format",
        "bundle",
        "--diff",
        f"{site}@{first[:10]}",
        f"{site}@{last[:10]}",
        "-d",
        str(folder / "c.db"),
    ]
    result = CliRunner().invoke(main, ["export", str(folder / "out"), *arguments])
    assert result.exit_code == 0, result.output
    (path,) = (folder / "out").iterdir()
    return path


def test_a_bundle_proves_itself(bundle: Path) -> None:
    """Checksums hold, and both texts and the diff follow from the two bodies, with nothing but the zip file."""
    result = CliRunner().invoke(main, ["verify", str(bundle)])

    assert result.exit_code == 0, result.output
    assert "texts and diff follow" in result.output
    assert check_bundle(bundle).problems == ()


def test_a_bundle_holds_what_evidence_needs(bundle: Path) -> None:
    """Bodies with hashes, addresses and times, both bounds in the citation, a page without scripts."""
    with zipfile.ZipFile(bundle) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    facts = json.loads(files["after/capture.json"])
    manifest = json.loads(files["manifest.json"])

    assert facts["body_sha256"] == hashlib.sha256(files["after/body"]).hexdigest()
    assert facts["landed_timestamp"] and facts["landed_url"].startswith("http") and facts["fetched_at"]
    assert "Changed after " in files["citation.txt"].decode() and "not later than" in files["citation.txt"].decode()
    assert b"<script" not in files["redline.html"] and b"<ins" in files["redline.html"]
    assert set(manifest["files"]) == set(files) - {"manifest.json", "manifest.sha256"}
    assert manifest["program"].startswith("policy-harvest ")


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_changed_byte_is_found(bundle: Path, tmp_path: Path, data: st.DataObject) -> None:
    """No byte of the zip file can be changed without a complaint."""
    changed = bytearray(bundle.read_bytes())
    at = data.draw(st.integers(0, len(changed) - 1))
    changed[at] ^= data.draw(st.integers(1, 255))
    forged = tmp_path / "forged.zip"
    forged.write_bytes(changed)

    try:
        problems = check_bundle(forged).problems
    except DamagedArchive:
        return
    assert problems


def forge(bundle: Path, forged: Path, change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> Path:
    """Write a bundle in which some files are others, and all checksums and the seal are made to fit."""
    with zipfile.ZipFile(bundle) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files |= change(files)
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {n: hashlib.sha256(c).hexdigest() for n, c in files.items() if not n.startswith("manifest.")}
    files["manifest.json"] = json.dumps(manifest).encode()
    forged.write_bytes(zip_bytes({**files, "manifest.sha256": seal(files["manifest.json"])}))
    return forged


def _other_body(files: dict[str, bytes]) -> dict[str, bytes]:
    body = files["after/body"].replace(b"information", b"knowledge")
    assert body != files["after/body"]
    facts = {**json.loads(files["after/capture.json"]), "body_sha256": hashlib.sha256(body).hexdigest()}
    return {"after/body": body, "after/capture.json": json.dumps(facts).encode()}


def _other_text_sha(files: dict[str, bytes]) -> dict[str, bytes]:
    facts = {**json.loads(files["before/capture.json"]), "text_sha256": "0" * 64}
    return {"before/capture.json": json.dumps(facts).encode()}


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        pytest.param(lambda files: {}, [], id="nothing"),
        pytest.param(
            _other_body,
            [
                "the text read in after/body is not the one that after/capture.json names",
                "after/text.md does not follow from after/body",
                "diff.json does not follow from the two bodies",
            ],
            id="a body",
        ),
        pytest.param(
            _other_text_sha,
            ["the text read in before/body is not the one that before/capture.json names"],
            id="the name of a text",
        ),
        pytest.param(
            lambda files: {"before/text.md": b"# Nothing\n"},
            ["before/text.md does not follow from before/body"],
            id="a text",
        ),
        pytest.param(
            lambda files: {"diff.json": b"{}"}, ["diff.json does not follow from the two bodies"], id="a diff"
        ),
    ],
)
def test_a_forged_manifest_does_not_help(
    bundle: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], dict[str, bytes]], problems: list[str]
) -> None:
    """Who changes a file and all checksums still has one that does not follow from the others."""
    assert list(check_bundle(forge(bundle, tmp_path / "forged.zip", change)).problems) == problems


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_stands_twice_is_refused(bundle: Path, tmp_path: Path) -> None:
    """Of two files of one name a reader may see one and a check the other."""
    twice = tmp_path / "twice.zip"
    twice.write_bytes(bundle.read_bytes())
    with zipfile.ZipFile(twice, "a") as archive:
        archive.writestr("diff.json", "{}")

    with pytest.raises(DamagedArchive, match="two files of one name"):
        check_bundle(twice)


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + bytes(18), b"not a zip"], ids=["empty", "no-files", "words"])
def test_what_is_no_bundle_is_named(content: bytes, tmp_path: Path) -> None:
    """Any other file is refused with its name, not with a traceback."""
    path = tmp_path / "x.zip"
    path.write_bytes(content)

    with pytest.raises(DamagedArchive, match=r"x\.zip"):
        check_bundle(path)
