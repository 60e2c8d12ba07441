"""WARC files as an archive: what is in them, revisits, damage, and pages sorted into policies."""

from __future__ import annotations

import gzip
import random
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import brotli
import pytest
import zstandard

from harvest.api import import_paths, open_corpus
from harvest.archive import open_archive, warc
from harvest.archive.warc import WarcArchive
from harvest.archive.warc_index import Entry, read_entries
from harvest.config import Settings
from harvest.errors import ArchiveError, DamagedArchive, UnknownTarget
from harvest.model import Outcome

POLICY = "http://www.brook.example/privacy.html"
LONG = b"<html><title>Privacy Policy</title><h1>Privacy Policy</h1><p>%s</p>" % (
    b"We collect your name and address when you order, and give them to nobody but the post. " * 8
)
PAGE = b"<html><title>Privacy</title><p>We keep nothing.</p></html>"


def _page(at: str, body: bytes = PAGE, **more: Any) -> dict[str, Any]:
    return {"url": POLICY, "at": at, "body": body, **more}


@pytest.fixture
def archive_of(write_warc: Callable[..., Path], tmp_path: Path) -> Callable[..., WarcArchive]:
    """Return a function that writes pages into a WARC file and opens it."""

    def make(*pages: dict[str, Any], settings: Settings | None = None) -> WarcArchive:
        return WarcArchive(write_warc(tmp_path / "a.warc.gz", pages), settings or Settings())

    return make


def test_captures_are_listed_by_address_in_order(archive_of: Callable[..., WarcArchive]) -> None:
    """Spellings of one address are listed together, oldest first, with the fields of a listing."""
    archive = archive_of(
        _page("2005-01-01T00:00:00Z"),
        _page("2003-04-01T11:32:13Z", url="https://brook.example/Privacy.html"),
        _page("2004-01-01T00:00:00Z", url="http://www.brook.example/terms.html"),
    )
    listing = archive.list_captures(POLICY)

    assert listing.outcome == "ok"
    assert [capture.timestamp for capture in listing.captures] == ["20030401113213", "20050101000000"]
    assert {capture.mimetype for capture in listing.captures} == {"text/html"}
    assert {capture.statuscode for capture in listing.captures} == {"200"}
    assert {len(capture.digest) for capture in listing.captures} == {32}


def test_a_listing_is_bounded_inclusively(archive_of: Callable[..., WarcArchive]) -> None:
    """Both ends of a period belong to it."""
    archive = archive_of(*(_page(f"{year}-01-01T00:00:00Z") for year in (2003, 2004, 2005, 2006)))
    listing = archive.list_captures(
        POLICY, since=datetime(2004, 1, 1, tzinfo=UTC), until=datetime(2005, 1, 1, tzinfo=UTC)
    )

    assert [capture.timestamp[:4] for capture in listing.captures] == ["2004", "2005"]


def test_the_same_record_twice_is_one_capture(archive_of: Callable[..., WarcArchive]) -> None:
    """Files that were joined repeat records; the repeat is counted."""
    listing = archive_of(_page("2003-01-01T00:00:00Z"), _page("2003-01-01T00:00:00Z")).list_captures(POLICY)

    assert (len(listing.captures), listing.repeated) == (1, 1)


def _arc(path: Path, bodies: list[bytes]) -> Path:
    version = b"1 0 Harvest\nURL IP-address Archive-date Content-type Archive-length\n"
    parts = [b"filedesc://a.arc 0.0.0.0 20010101000000 text/plain %d\n%s\n" % (len(version), version)]
    for year, body in enumerate(bodies, start=2001):
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
        head = b"%s 192.0.2.1 %d0101000000 text/html %d\n" % (POLICY.encode(), year, len(answer))
        parts.append(head + answer + b"\n")
    path.write_bytes(b"".join(parts))
    return path


@pytest.mark.parametrize("kind", ["packed", "plain", "arc"])
def test_records_without_a_digest_get_that_of_their_bytes(
    write_warc: Callable[..., Path], tmp_path: Path, kind: str
) -> None:
    """ARC files say none, nor do some writers of WARC: other bytes are another capture, equal ones a repeat."""
    bodies = [PAGE, PAGE.replace(b"nothing", b"names"), PAGE]
    if kind == "arc":
        path = _arc(tmp_path / "a.arc", bodies)
    else:
        path = write_warc(
            tmp_path / "plain.warc",
            [_page(f"200{n}-01-01T00:00:00Z", body) for n, body in enumerate(bodies, 1)],
            gzip=False,
        )
        records = re.sub(rb"WARC-Payload-Digest: [^\r]*\r\n", b"", path.read_bytes()).split(b"WARC/1.0")[1:]
        if kind == "packed":
            path = tmp_path / "packed.warc.gz"
            path.write_bytes(b"".join(gzip.compress(b"WARC/1.0" + record) for record in records))
        else:
            path.write_bytes(b"".join(b"WARC/1.0" + record for record in records))
    archive = WarcArchive(path, Settings())
    captures = archive.list_captures(POLICY).captures

    assert [capture.digest == captures[0].digest for capture in captures] == [True, False, True]
    assert [archive.fetch(capture).body for capture in captures] == bodies
    assert archive.warnings() == ()


def test_an_unknown_address_is_an_empty_listing(archive_of: Callable[..., WarcArchive]) -> None:
    """The file was asked and holds nothing of it."""
    assert archive_of(_page("2003-01-01T00:00:00Z")).list_captures("http://other.example/").outcome == "empty"


def test_a_page_comes_back_as_it_was_sent(archive_of: Callable[..., WarcArchive]) -> None:
    """Bytes, status, archived headers in lower case, and where it landed."""
    archive = archive_of(_page("2003-01-01T00:00:00Z", headers=[("X-Served-By", "us")], status="404 Not Found"))
    (capture,) = archive.list_captures(POLICY).captures
    page = archive.fetch(capture)

    assert (page.outcome, page.body, page.status) == (Outcome.FETCHED, PAGE, 404)
    assert page.headers["x-served-by"] == "us"
    assert (page.landed_timestamp, page.landed_url) == ("20030101000000", POLICY)


def _chunked(body: bytes) -> bytes:
    pieces = [body[start : start + 20] for start in range(0, len(body), 20)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in [*pieces, b""])


@pytest.mark.parametrize(
    ("sent", "headers"),
    [
        pytest.param(gzip.compress(PAGE), {"Content-Encoding": "gzip"}, id="gzip"),
        pytest.param(zlib.compress(PAGE), {"Content-Encoding": "deflate"}, id="deflate"),
        pytest.param(brotli.compress(PAGE), {"Content-Encoding": "br"}, id="brotli"),
        pytest.param(zstandard.compress(PAGE), {"Content-Encoding": "zstd"}, id="zstd"),
        pytest.param(
            zstandard.compress(PAGE[:9]) + zstandard.compress(PAGE[9:]), {"Content-Encoding": "zstd"}, id="zstd frames"
        ),
        pytest.param(brotli.compress(gzip.compress(PAGE)), {"Content-Encoding": "gzip, br"}, id="two codings"),
        pytest.param(_chunked(PAGE), {"Transfer-Encoding": "chunked"}, id="chunked"),
        pytest.param(
            _chunked(brotli.compress(PAGE)), {"Transfer-Encoding": "chunked", "Content-Encoding": "br"}, id="both"
        ),
        pytest.param(PAGE, {"Transfer-Encoding": "Chunked", "Content-Encoding": "br"}, id="headers that are not so"),
    ],
)
def test_packed_bodies_are_unpacked(
    sent: bytes, headers: dict[str, str], archive_of: Callable[..., WarcArchive]
) -> None:
    """A record holds what went over the wire, in any coding that browsers ask for."""
    archive = archive_of(_page("2003-01-01T00:00:00Z", sent, headers=list(headers.items())))
    page = archive.fetch(archive.list_captures(POLICY).captures[0])

    assert (page.outcome, page.body, page.reason) == (Outcome.FETCHED, PAGE, "")
    assert "content-encoding" not in page.headers


@pytest.mark.parametrize(
    ("pack", "coding"), [(gzip.compress, "gzip"), (zstandard.compress, "zstd")], ids=["gzip", "zstd"]
)
def test_packed_bodies_that_were_cut_say_so(
    pack: Callable[[bytes], bytes], coding: str, archive_of: Callable[..., WarcArchive]
) -> None:
    """What can be read of them is the page, with a word on what is missing."""
    body = b"".join(b"<p>Clause %d, number %d.</p>" % (number, number * 7919 % 65521) for number in range(40_000))
    archive = archive_of(_page("2003-01-01T00:00:00Z", pack(body)[:-200_000], headers=[("Content-Encoding", coding)]))
    page = archive.fetch(archive.list_captures(POLICY).captures[0])

    assert page.body and body.startswith(page.body)
    assert (page.outcome, page.reason) == (Outcome.FETCHED, "the body ends early")


def test_a_revisit_answers_with_the_body_it_repeats(archive_of: Callable[..., WarcArchive]) -> None:
    """A revisit has no status and no body of its own; its digest finds them."""
    first = archive_of(_page("2003-01-01T00:00:00Z"))
    digest = first.list_captures(POLICY).captures[0].digest
    archive = archive_of(
        _page("2003-01-01T00:00:00Z"), _page("2004-01-01T00:00:00Z", kind="revisit", digest=f"sha1:{digest}")
    )
    _, revisit = archive.list_captures(POLICY).captures
    page = archive.fetch(revisit)

    assert (revisit.mimetype, revisit.statuscode, revisit.digest) == ("warc/revisit", "", digest)
    assert (page.outcome, page.body, page.landed_timestamp) == (Outcome.FETCHED, PAGE, "20040101000000")


def test_a_revisit_of_nothing_cannot_be_played(archive_of: Callable[..., WarcArchive]) -> None:
    """The body lies in a file that is not here: that is said, and with that file it is read."""
    archive = archive_of(_page("2004-01-01T00:00:00Z", kind="revisit", digest="sha1:AAAA"))
    page = archive.fetch(archive.list_captures(POLICY).captures[0])

    assert page.outcome is Outcome.FAILED
    assert "the folder that holds both" in page.reason


def test_a_revisit_may_come_before_what_it_repeats(write_warc: Callable[..., Path], tmp_path: Path) -> None:
    """Files are read in the order of their names, which is not that of time: a folder is imported at once."""
    folder = tmp_path / "crawl"
    folder.mkdir()
    write_warc(folder / "b.warc.gz", [_page("2003-01-01T00:00:00Z", LONG)])
    (original,) = open_archive(str(folder / "b.warc.gz")).list_captures(POLICY).captures
    late = _page("2004-01-01T00:00:00Z", kind="revisit", digest=f"sha1:{original.digest}")
    alone = write_warc(folder / "a.warc.gz", [late])
    outcomes = "SELECT timestamp, outcome FROM captures ORDER BY 1"
    with open_corpus(tmp_path / "c.db") as corpus:
        assert not import_paths(corpus, alone).ok
        report = import_paths(corpus, folder)

        assert report.ok, report.trouble
        found = [tuple(row) for row in corpus.conn.execute(outcomes)]
        assert found == [("20030101000000", "fetched"), ("20040101000000", "duplicate")]
        assert corpus.conn.execute("SELECT count(*), max(last_seen) FROM versions").fetchone()[1] > "2004"


def test_arc_files_are_imported(tmp_path: Path) -> None:
    """What crawlers wrote before WARC is recognised by its name, too."""
    with open_corpus(tmp_path / "c.db") as corpus:
        report = import_paths(corpus, _arc(tmp_path / "old.arc", [LONG]))

        assert (report.ok, report.outcomes["fetched"]) == (True, 1)


def test_dates_with_an_offset_are_read_as_such(archive_of: Callable[..., WarcArchive]) -> None:
    """The standard knows UTC alone; who writes another time means it."""
    (capture,) = archive_of(_page("2003-01-01T01:30:00+02:00")).list_captures(POLICY).captures

    assert capture.timestamp == "20021231233000"


def test_addresses_of_damaged_records_do_not_reach_the_terminal(
    write_warc: Callable[..., Path], tmp_path: Path
) -> None:
    """warcio warns of spaces in an address, and prints it as it is."""
    file = write_warc(tmp_path / "a.warc", [_page("2003-01-01T00:00:00Z", url=f"{POLICY}/ \x1b[31m")], gzip=False)
    command = [sys.executable, "-m", "harvest", "run", "--archive", str(file), "-d", str(tmp_path / "c.db")]
    done = subprocess.run(command, capture_output=True, check=False)

    assert b"\x1b[31m" not in done.stderr + done.stdout


def test_a_redirect_says_where_to(archive_of: Callable[..., WarcArchive]) -> None:
    """A Location relative to the page is made whole."""
    moved = _page("2003-01-01T00:00:00Z", b"", status="301 Moved", headers=[("Location", "legal/privacy")])
    archive = archive_of(moved)
    page = archive.fetch(archive.list_captures(POLICY).captures[0])

    assert (page.outcome, page.body) == (Outcome.REDIRECT, None)
    assert page.redirects == ("http://www.brook.example/legal/privacy",)


def test_a_body_beyond_the_cap_is_not_read(archive_of: Callable[..., WarcArchive]) -> None:
    """Memory stays flat, and the outcome says why there is no page."""
    archive = archive_of(_page("2003-01-01T00:00:00Z", b"x" * 10_000), settings=Settings(max_body_bytes=1_000))
    page = archive.fetch(archive.list_captures(POLICY).captures[0])

    assert (page.outcome, page.body) == (Outcome.UNPLAYABLE, None)
    assert "1000 bytes" in page.reason


# --- damage --------------------------------------------------------------------------------------------------

SEVEN = [_page(f"{year}-01-01T00:00:00Z", PAGE + str(year).encode() * 50) for year in range(2001, 2008)]


@pytest.mark.parametrize("packed", [True, False], ids=["gzip", "plain"])
@pytest.mark.parametrize("share", [0.3, 0.5, 0.85, 0.99])
def test_a_cut_file_keeps_what_was_whole(
    write_warc: Callable[..., Path], tmp_path: Path, packed: bool, share: float
) -> None:
    """What came before the cut is there, what is missing is said."""
    path = write_warc(tmp_path / ("a.warc.gz" if packed else "a.warc"), SEVEN, gzip=packed)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    archive = WarcArchive(path, Settings())
    captures = archive.list_captures(POLICY).captures

    assert 0 < len(captures) < 7
    assert all(archive.fetch(capture).body for capture in captures)
    assert any(path.name in warning for warning in archive.warnings())


def test_a_hole_in_a_file_loses_only_what_was_in_it(write_warc: Callable[..., Path], tmp_path: Path) -> None:
    """Records after a damaged one are found again."""
    path = write_warc(tmp_path / "a.warc.gz", SEVEN)
    content = bytearray(path.read_bytes())
    lost = next(entry for entry in read_entries(path) if isinstance(entry, Entry) and entry.timestamp[:4] == "2004")
    middle = lost.offset + lost.length // 2  # of one record: its length varies with the ids in it
    content[middle : middle + 40] = bytes(40)
    path.write_bytes(content)
    archive = WarcArchive(path, Settings())
    years = [capture.timestamp[:4] for capture in archive.list_captures(POLICY).captures]

    assert years == ["2001", "2002", "2003", "2005", "2006", "2007"]
    assert len(archive.warnings()) == 1


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"not a WARC file at all\n" * 50, id="text"),
        pytest.param(gzip.compress(b"nor is this" * 500), id="gzip-of-text"),
        pytest.param(bytes(5_000), id="zeros"),
        pytest.param(b"SQLite format 3\0" + bytes(4_000), id="database"),
        pytest.param(b"PK\x03\x04 no zip", id="half-a-zip"),
        pytest.param(b"WARC/1.0\r\nContent-Length: 12\r\n", id="cut-in-its-first-record"),
    ],
)
def test_a_file_without_pages_is_refused(tmp_path: Path, content: bytes) -> None:
    """The message names the file and says what to do; there is no traceback."""
    path = tmp_path / "a.warc.gz"
    path.write_bytes(content)

    with pytest.raises(DamagedArchive, match=r"a\.warc\.gz"):
        open_archive(str(path))


def test_a_record_without_a_date_is_told_of(write_warc: Callable[..., Path], tmp_path: Path) -> None:
    """It can be no capture, and is not passed over in silence; what stands before and after it is read."""
    path = write_warc(tmp_path / "a.warc.gz", [SEVEN[0], _page("yesterday"), SEVEN[1]])
    archive = WarcArchive(path, Settings())

    assert [capture.timestamp[:4] for capture in archive.list_captures(POLICY).captures] == ["2001", "2002"]
    assert [POLICY in warning and "'yesterday'" in warning for warning in archive.warnings()] == [True]


@pytest.mark.parametrize("share", [1, 0.7])
def test_a_file_that_was_packed_as_a_whole_is_unpacked(
    write_warc: Callable[..., Path], tmp_path: Path, share: float
) -> None:
    """As by the program gzip: no record can be reached in it, so a copy is read, as far as there is one."""
    noise = random.Random(3)
    pages = [{**page, "body": page["body"] + noise.randbytes(2_000).hex().encode()} for page in SEVEN]
    plain = write_warc(tmp_path / "a.warc", pages, gzip=False)
    packed = gzip.compress(plain.read_bytes())
    (tmp_path / "a.warc.gz").write_bytes(packed[: int(len(packed) * share)])
    plain.unlink()
    archive = WarcArchive(tmp_path / "a.warc.gz", Settings())
    captures = archive.list_captures(POLICY).captures

    assert len(captures) == 7 if share == 1 else 0 < len(captures) < 7
    assert all(archive.fetch(capture).body for capture in captures)
    assert bool(archive.warnings()) == (share < 1)
    archive.close()


def test_pages_that_all_failed_are_no_policies(archive_of: Callable[..., WarcArchive]) -> None:
    """It says so, and names no empty list of hosts."""
    archive = archive_of(_page("2003-01-01T00:00:00Z", status="503 Later"))

    with pytest.raises(UnknownTarget, match="was answered with status 200"):
        archive.find_policies(None)


def test_what_lies_between_records_is_not_printed(
    write_warc: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A length that is too small leaves the end of a page outside of its record: damage, told once."""
    path = write_warc(tmp_path / "a.warc", SEVEN, gzip=False)
    content = path.read_bytes()
    length = re.findall(rb"Content-Length: (\d+)\r\n", content)[0]
    path.write_bytes(content.replace(b"Content-Length: " + length, b"Content-Length: %d" % (int(length) - 90), 1))
    archive = WarcArchive(path, Settings())

    assert len(archive.list_captures(POLICY).captures) == 7
    assert len(archive.warnings()) == 1
    assert capsys.readouterr().err == ""


def test_many_captures_of_one_page_are_found_at_once(
    write_warc: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each by its place in the list, not by looking through all of them."""
    pages = [_page(f"2003-01-01T00:{n // 60:02}:{n % 60:02}Z", PAGE + bytes([65 + n % 7])) for n in range(120)]
    archive = WarcArchive(write_warc(tmp_path / "a.warc.gz", pages), Settings())
    captures = archive.list_captures(POLICY).captures
    compared: list[Entry] = []
    order = warc._ORDER
    monkeypatch.setattr(warc, "_ORDER", lambda entry: compared.append(entry) or order(entry))

    assert len([archive.fetch(capture).body for capture in captures]) == 120
    assert 120 <= len(compared) < 120 * 10


def test_a_folder_is_one_archive(write_warc: Callable[..., Path], tmp_path: Path) -> None:
    """Captures of all files in it, and below it, come together."""
    (tmp_path / "deep").mkdir()
    write_warc(tmp_path / "b.warc.gz", SEVEN[:2])
    write_warc(tmp_path / "deep" / "a.warc", SEVEN[2:4], gzip=False)
    (tmp_path / "notes.txt").write_text("not an archive")

    assert len(open_archive(str(tmp_path)).list_captures(POLICY).captures) == 4


def test_a_wacz_file_is_the_archives_in_it(write_warc: Callable[..., Path], tmp_path: Path) -> None:
    """What browsers' crawlers write: a zip with WARC files below archive/; names in it lead nowhere outside."""
    inside = write_warc(tmp_path / "inside.warc.gz", SEVEN[:3])
    with zipfile.ZipFile(tmp_path / "crawl.wacz", "w") as archive:
        archive.write(inside, "archive/data.warc.gz")
        archive.write(inside, "../../escaped.warc.gz")
        archive.writestr("datapackage.json", "{}")
    wacz = open_archive(str(tmp_path / "crawl.wacz"))
    captures = wacz.list_captures(POLICY).captures

    assert len(captures) == 3
    assert wacz.fetch(captures[0]).body == SEVEN[0]["body"]
    assert not list(tmp_path.parent.glob("escaped*"))
    wacz.close()


def test_a_wacz_file_of_wacz_files_is_all_of_them(write_warc: Callable[..., Path], tmp_path: Path) -> None:
    """Several crawls are handed out as one file."""
    with zipfile.ZipFile(tmp_path / "all.wacz", "w") as archive:
        for number, pages in enumerate((SEVEN[:2], SEVEN[2:4])):
            crawl = tmp_path / f"{number}.wacz"
            with zipfile.ZipFile(crawl, "w") as one:
                one.write(write_warc(tmp_path / "inside.warc.gz", pages), "archive/data.warc.gz")
            archive.write(crawl, crawl.name)
    wacz = open_archive(str(tmp_path / "all.wacz"))

    assert len(wacz.list_captures(POLICY).captures) == 4
    wacz.close()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
def test_a_hole_in_a_wacz_file_loses_only_what_was_in_it(
    method: int, write_warc: Callable[..., Path], tmp_path: Path
) -> None:
    """A member whose checksum is wrong is read as far as it goes, the others whole, and it is told of."""
    with zipfile.ZipFile(tmp_path / "crawl.wacz", "w", method) as archive:
        archive.write(write_warc(tmp_path / "one.warc.gz", SEVEN[:3]), "archive/1.warc.gz")
        archive.write(write_warc(tmp_path / "two.warc.gz", SEVEN[3:5]), "archive/2.warc.gz")
        middle = (tmp_path / "one.warc.gz").stat().st_size // 2
    content = bytearray((tmp_path / "crawl.wacz").read_bytes())
    content[middle : middle + 8] = bytes(8)
    (tmp_path / "crawl.wacz").write_bytes(content)
    wacz = open_archive(str(tmp_path / "crawl.wacz"))
    captures = wacz.list_captures(POLICY).captures

    assert {capture.timestamp[:4] for capture in captures} >= {"2004", "2005"}
    assert any("1.warc.gz" in line for line in wacz.warnings())
    wacz.close()


def test_no_such_archive_is_refused_with_what_would_work(tmp_path: Path) -> None:
    """A mistyped path names the three forms."""
    with pytest.raises(ArchiveError, match=r"wayback.*address.*WARC"):
        open_archive(str(tmp_path / "nothing.warc.gz"))
    with pytest.raises(DamagedArchive, match=r"\.warc\.gz"):
        open_archive(str(tmp_path))


# --- pages as policies ---------------------------------------------------------------------------------------


def test_pages_become_policies_by_kind(archive_of: Callable[..., WarcArchive]) -> None:
    """Every HTML page of the host and its subdomains is found; images, scripts and other hosts are not."""
    archive = archive_of(
        _page("2003-01-01T00:00:00Z"),
        _page("2003-01-01T00:00:00Z", url="http://legal.brook.example/tos"),
        _page("2003-01-01T00:00:00Z", url="http://www.brook.example/doc?id=7", body=b"<title>Cookie policy</title>"),
        _page("2003-01-01T00:00:00Z", url="http://www.brook.example/logo.gif", mime="image/gif"),
        _page("2003-01-01T00:00:00Z", url="http://other.example/privacy"),
    )
    found = {(policy.host, policy.kind, policy.label) for policy in archive.find_policies("brook.example")}

    assert found == {
        ("brook.example", "privacy", ""),
        ("legal.brook.example", "terms", ""),
        ("brook.example", "cookies", ""),
    }


def test_a_host_that_is_not_there_is_refused_with_those_that_are(archive_of: Callable[..., WarcArchive]) -> None:
    """The message shows what could have been meant."""
    with pytest.raises(UnknownTarget, match=r"www\.brook\.example"):
        archive_of(_page("2003-01-01T00:00:00Z")).find_policies("creek.example")
