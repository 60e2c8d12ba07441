"""Evidence bundles: made from a corpus, checked without it."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
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
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the harvest of a made-up company."""
    folder = tmp_path_factory.mktemp("bundle")
    sample.write_sample(folder / "archive", seed=42, companies=1)
    with Store.open(folder / "c.db") as store:
        archive = open_archive(str(folder / "archive"), Settings())
        run(store, archive, read_targets(folder / "archive" / "targets.toml").targets, settings=Settings())
        archive.close()
    return folder / "c.db"


@pytest.fixture(scope="module")
def versions(corpus: Path) -> list[str]:
    """Return SITE@DATE of the first day of each version of the main line."""
    query = "SELECT site, first_seen FROM history WHERE variant_of IS NULL AND kind = 'privacy' ORDER BY number"
    with Store.open(corpus) as store:
        return [f"{site}@{first[:10]}" for site, first in store.conn.execute(query)]


@pytest.fixture(scope="module")
def bundle(corpus: Path, versions: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the bundle of the first and the last version, written by the command line."""
    folder = tmp_path_factory.mktemp("out")
    result = export(corpus, folder, versions[0], versions[-1])
    assert result.exit_code == 0, result.output
    (path,) = folder.iterdir()
    return path


def export(corpus: Path, folder: Path, before: str, after: str) -> Result:
    """Ask for a bundle on the command line."""
    arguments = ["export", str(folder), "--format", "bundle", "--diff", before, after, "-d", str(corpus)]
    return CliRunner().invoke(main, arguments)


def test_a_bundle_is_of_two_versions_in_their_order(corpus: Path, versions: list[str], tmp_path: Path) -> None:
    """One version has no difference to prove, and what changed backwards has bounds that cannot be."""
    same = export(corpus, tmp_path, versions[0], versions[0])
    backwards = export(corpus, tmp_path, versions[-1], versions[0])

    assert (same.exit_code, backwards.exit_code) == (1, 1)
    assert "no difference" in same.output and "older date first" in backwards.output
    assert not list(tmp_path.iterdir())


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
    assert manifest["policy"] in files["redline.html"].decode()
    assert manifest["libraries"]["selectolax"], "what reads the pages"
    first, *rest = (moment for moment in re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", files["citation.txt"].decode()))
    before = json.loads(files["before/capture.json"])
    assert first == before["captured_at"], "the page that bounds the change is the evidence"
    assert rest[0] == facts["captured_at"]


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


PAGE = "redline.html does not follow from the two bodies, the citation and the manifest"
CITED = "citation.txt cites other texts than those of the two bodies"


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
                "redline.md does not follow from the two bodies",
                PAGE,
            ],
            id="a body",
        ),
        pytest.param(
            _other_text_sha,
            ["the text read in before/body is not the one that before/capture.json names", CITED],
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
        pytest.param(
            lambda files: {"redline.md": files["redline.md"] + b"~~We sell nothing.~~\n"},
            ["redline.md does not follow from the two bodies"],
            id="a redline",
        ),
        pytest.param(
            lambda files: {"redline.html": files["redline.html"].replace(b"<ins", b"<del", 1)}, [PAGE], id="a page"
        ),
        pytest.param(
            lambda files: {"citation.txt": re.sub(rb"text [0-9a-f]", b"text 0", files["citation.txt"])},
            [PAGE, CITED],
            id="a citation",
        ),
        pytest.param(
            lambda files: {"after/capture.json": b"[]"},
            ["a file of it is not what a bundle holds (KeyError: 'body_sha256')"],
            id="facts that are none",
        ),
    ],
)
def test_a_forged_manifest_does_not_help(
    bundle: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], dict[str, bytes]], problems: list[str]
) -> None:
    """Who changes a file and all checksums still has one that does not follow from the others."""
    assert list(check_bundle(forge(bundle, tmp_path / "forged.zip", change)).problems) == problems


def test_members_in_another_order_are_told_of(bundle: Path, tmp_path: Path) -> None:
    """The zip file is one string of bytes: the same members put together otherwise are another file."""
    with zipfile.ZipFile(bundle) as archive:
        files = {name: archive.read(name) for name in reversed(archive.namelist())}
    (tmp_path / "x.zip").write_bytes(zip_bytes(files))

    assert check_bundle(tmp_path / "x.zip").problems == ("the zip file itself was changed, though not the files in it",)


def test_what_cannot_be_unpacked_is_refused(bundle: Path, tmp_path: Path) -> None:
    """A flag or a method that was changed makes a member encrypted or packed: no traceback comes of it."""
    content = bundle.read_bytes()
    with zipfile.ZipFile(bundle) as archive:
        start = content.rindex(b"PK\x01\x02")  # the entry of the last member in the directory
        assert content[start + 46 :].startswith(archive.namelist()[-1].encode())
    for at, value in ((8, 1), (10, 8), (10, 99)):
        changed = bytearray(content)
        changed[start + at] = value
        (tmp_path / "x.zip").write_bytes(changed)
        with pytest.raises(DamagedArchive, match=r"x\.zip"):
            check_bundle(tmp_path / "x.zip")


def test_several_bundles_are_checked_each(bundle: Path, tmp_path: Path) -> None:
    """One that is none does not keep the next from being checked."""
    (tmp_path / "none.zip").write_bytes(b"nothing")

    result = CliRunner().invoke(main, ["verify", str(tmp_path / "none.zip"), str(bundle)])

    assert result.exit_code == 1
    assert "none.zip cannot be read" in result.output
    assert "texts and diff follow" in result.output


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
