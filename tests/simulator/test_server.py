"""The simulated archive over HTTP: what a client sees."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.cli import main
from harvest.errors import DamagedArchive
from harvest.simulator import Simulator, serve
from harvest.simulator.faults import KINDS

PAGE = "http://www.fernmail.example/privacy.html"


def get(simulator: Simulator, path: str, *, follow: bool = False) -> requests.Response:
    return requests.get(f"{simulator.url}{path}", allow_redirects=follow, timeout=10)


def test_the_index_speaks_seven_fields(simulator: Simulator) -> None:
    """A row has key, stamp, URL, type, status, digest and length; captures of one second are all there."""
    answer = get(simulator, f"/cdx/search/cdx?url={PAGE}&limit=3&gzip=false")
    rows = [line.split(" ") for line in answer.text.splitlines()]

    assert answer.headers["Content-Type"] == "text/plain;charset=UTF-8"
    assert [row[1] for row in rows] == ["20010203040506", "20010203040506", "20030303030309"]
    assert rows[0][0] == "example,fernmail)/privacy.html"
    assert all(len(row) == 7 and len(row[5]) == 32 and row[6].isdigit() for row in rows)


def test_a_capture_comes_as_it_was_stored(simulator: Simulator) -> None:
    """Bytes, status and type are the archived ones; other archived headers have a prefix; the time is a header."""
    answer = get(simulator, f"/web/20030303030309id_/{PAGE}")

    assert (answer.status_code, answer.reason) == (200, "Document follows")
    assert answer.content == b"<body>second</body>"
    assert answer.headers["Content-Type"] == "text/html"
    assert answer.headers["Memento-Datetime"] == "Mon, 03 Mar 2003 03:03:09 GMT"
    assert 'rel="prev memento"; datetime="Sat, 03 Feb 2001 04:05:06 GMT"' in answer.headers["Link"]


def test_archived_headers_keep_their_values(simulator: Simulator) -> None:
    """Each archived header is there, repeated ones twice; the type stands under its own name alone."""
    url = "https://www.fernmail.example/legal/privacy"
    answer = get(simulator, f"/web/20050101000002id_/{url}")

    assert answer.headers["x-archive-orig-x-twice"] == "a, b"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "x-archive-orig-content-type" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "landed"),
    [
        ("2000", "20010203040506"),
        ("20020101", "20010203040506"),
        ("20030302", "20030303030309"),
        ("20991231235959", "20050101000000"),
        ("20030303030310", "20030303030309"),
    ],
)
def test_another_time_leads_to_the_nearest_capture(simulator: Simulator, asked: str, landed: str) -> None:
    """A time without a capture is answered with 302 and the address of the nearest; it is no memento itself."""
    answer = get(simulator, f"/web/{asked}id_/{PAGE}")

    assert (answer.status_code, answer.reason) == (302, "FOUND")
    assert answer.headers["Location"] == f"{simulator.url}/web/{landed}id_/{PAGE}"
    assert answer.headers["X-Archive-Redirect-Reason"] == f"found capture at {landed}"
    assert "Memento-Datetime" not in answer.headers


def test_another_spelling_leads_to_the_url_as_captured(simulator: Simulator) -> None:
    """Scheme, www and a slash at the end do not count; the way leads to the spelling that was captured."""
    answer = get(simulator, "/web/2003id_/https://fernmail.example/privacy.html/")

    assert answer.headers["Location"].endswith(f"id_/{PAGE}")


def test_archived_errors_are_mementos(simulator: Simulator) -> None:
    """What the site answered with 404 comes with 404 and its time."""
    answer = get(simulator, f"/web/20040101000000id_/{PAGE}")

    assert (answer.status_code, answer.content) == (404, b"gone")
    assert answer.headers["Memento-Datetime"] == "Thu, 01 Jan 2004 00:00:00 GMT"
    assert answer.headers["x-archive-orig-server"] == "X"


def test_archived_redirects_lead_through_the_archive(simulator: Simulator) -> None:
    """The archived place is made absolute and rewritten; following it ends at the nearest capture of the target."""
    answer = get(simulator, f"/web/20050101000000id_/{PAGE}")
    followed = get(simulator, f"/web/20050101000000id_/{PAGE}", follow=True)

    target = "http://www.fernmail.example/legal/privacy"
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{simulator.url}/web/20050101000000id_/{target}"
    assert "Memento-Datetime" in answer.headers
    assert followed.content == b"<body>third</body>"
    assert [step.status_code for step in followed.history] == [301, 302]


def test_without_modifier_a_redirect_is_a_page(simulator: Simulator) -> None:
    """The view sends people on by a page with status 200, which a client must not take for the capture."""
    answer = get(simulator, f"/web/20050101000000/{PAGE}")

    assert answer.status_code == 200
    assert "Got an HTTP 301 response at crawl time" in answer.text
    assert "Memento-Datetime" not in answer.headers


def test_without_modifier_a_page_has_a_banner(simulator: Simulator) -> None:
    """The view adds to the page what the archive wants to say."""
    answer = get(simulator, f"/web/20030303030309/{PAGE}")

    assert "second" in answer.text
    assert "Simulated archive" in answer.text


def test_what_was_never_archived_is_no_memento(simulator: Simulator) -> None:
    """An unknown URL is 404 without a time."""
    answer = get(simulator, "/web/2003id_/http://unknown.example/")

    assert answer.status_code == 404
    assert "Memento-Datetime" not in answer.headers


@pytest.mark.parametrize("url", ["http://walled.example/", "https://www.walled.example/x", "http://a.walled.example/"])
def test_excluded_sites_are_refused(simulator: Simulator, url: str) -> None:
    """Index and playback answer 403 for an excluded host and what is below it, and the index says why."""
    index = get(simulator, f"/cdx/search/cdx?url={url}")
    page = get(simulator, f"/web/2006id_/{url}")

    assert index.status_code == page.status_code == 403
    assert "AdministrativeAccessControlException" in index.text
    assert "AdministrativeAccessControlException" in index.headers["X-Archive-Wayback-Runtime-Error"]
    assert "Memento-Datetime" not in page.headers


def test_bad_queries_get_400_and_a_reason(simulator: Simulator) -> None:
    """The index says what it did not understand."""
    answer = get(simulator, "/cdx/search/cdx?url=a.example&filter=colour:red")

    assert answer.status_code == 400
    assert "statuscode" in answer.text


def test_queries_stay_part_of_the_url(simulator: Simulator) -> None:
    """A question mark in the captured URL belongs to it."""
    answer = get(simulator, "/web/20060101000000id_/http://shop.fernmail.example/a?c=2&b=1")

    assert answer.content == b"x{}"


def test_time_maps_list_captures(simulator: Simulator) -> None:
    """In the archive's JSON with eleven columns, in its index form, and as links."""
    as_json = get(simulator, f"/web/timemap/json?url={PAGE}").json()
    as_cdx = get(simulator, f"/web/timemap/cdx?url={PAGE}").text
    as_links = get(simulator, f"/web/timemap/link/{PAGE}").text

    assert as_json[0][6:] == ["redirect", "robotflags", "length", "offset", "filename"]
    assert [row[1] for row in as_json[1:]] == [line.split(" ")[1] for line in as_cdx.splitlines()]
    assert as_links.count('memento"; datetime=') == len(as_json) - 1


def test_time_maps_of_excluded_sites_say_so_in_a_header(simulator: Simulator) -> None:
    """Status 403, no body, and the reason where recorded answers have it."""
    answer = get(simulator, "/web/timemap/json?url=http://walled.example/")

    assert (answer.status_code, answer.content) == (403, b"")
    assert "AdministrativeAccessControlException" in answer.headers["x-archive-wayback-runtime-error"]


ODD = st.one_of(st.text(), st.text("/web:id_?&=%*[]0123456789htp.example#", max_size=60))


@settings(max_examples=40)  # five requests each
@given(path=ODD)
def test_any_request_has_an_answer(path: str, simulator: Simulator) -> None:
    """Whatever is asked, the answer is one of HTTP's, never an exception."""
    for target in (path, f"/web/{path}", f"/web/2003id_/{path}", f"/cdx/search/cdx?url={path}", f"/web/*/{path}"):
        assert 200 <= simulator.reply(target, simulator.url).status < 600


@settings(max_examples=40)  # ten requests each
@given(key=ODD, value=ODD)
def test_any_query_has_an_answer(key: str, value: str, simulator: Simulator) -> None:
    """Parameters of any content are answered or refused."""
    names = ("filter", "collapse", "limit", "from", "to", "resumeKey", "matchType", "fl", "output", key)
    for name in names:
        query = urlencode({"url": PAGE, "showResumeKey": "true", "limit": "1", name: value})
        assert simulator.reply(f"/cdx/search/cdx?{query}", simulator.url).status in (200, 400)


def test_a_taken_port_is_said_so(simulator: Simulator, small_archive: Path) -> None:
    """The message says what to do."""
    port = simulator.url.rsplit(":", 1)[1]
    result = CliRunner().invoke(main, ["simulate", str(small_archive), "--port", port])

    assert result.exit_code == 1
    assert "choose another --port" in result.output


def test_own_pages_list_what_is_held(simulator: Simulator) -> None:
    """The front page names each URL, and a listing each capture."""
    assert PAGE in get(simulator, "/").text
    assert "20030303030309" in get(simulator, f"/web/*/{PAGE}").text


def test_a_revisit_record_answers_with_what_it_repeats(bundled_sample: list[Path]) -> None:
    """A revisit row has type ``warc/revisit`` and no status; its playback is the original body at its own time."""
    with serve(bundled_sample) as simulator:
        row = next(row for row in simulator.holdings.rows if row.mimetype == "warc/revisit")
        earlier = next(one for one in simulator.holdings.of(row.urlkey) if one.digest == row.digest)
        answer = get(simulator, f"/web/{row.timestamp}id_/{row.original}")
        original = get(simulator, f"/web/{earlier.timestamp}id_/{earlier.original}")

    assert row.statuscode == "-"
    assert answer.status_code == 200
    assert answer.content == original.content
    assert answer.headers["Memento-Datetime"] != original.headers["Memento-Datetime"]


def test_what_is_listed_only_leads_to_what_can_be_played(small_archive: Path, tmp_path: Path) -> None:
    """Rows of a CDX file are in the index; their playback leads to the nearest capture, or there is none."""
    index = tmp_path / "more.cdx"
    index.write_text(
        f"example,fernmail)/privacy.html 20020101000000 {PAGE} text/html 200 AAAA 10\n"
        f"example,fernmail)/privacy.html 20030303030309 {PAGE} text/html 200 OTHER 10\n"
        "example,nowhere)/ 20020101000000 http://nowhere.example/ text/html 200 BBBB 10\n"
        "not a row\n"
    )
    with serve([small_archive, index]) as simulator:
        listed = get(simulator, f"/cdx/search/cdx?url={PAGE}&from=2002&to=2003").text
        page = get(simulator, f"/web/20020101000000id_/{PAGE}")
        nowhere = get(simulator, "/web/20020101000000id_/http://nowhere.example/")

    assert [line.split(" ")[1] for line in listed.splitlines()] == ["20020101000000", "20030303030309"]
    assert "OTHER" not in listed
    assert page.status_code == 302
    assert nowhere.status_code == 404


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_until_it_is_interrupted(small_archive: Path, ending: signal.Signals) -> None:
    """``harvest simulate`` prints its address, answers, and ends with Ctrl-C or when told to stop."""
    command = [sys.executable, "-c", "from harvest.cli import main; main()", "simulate", str(small_archive), "-p", "0"]
    pipe = subprocess.PIPE
    # A shell starts its background jobs with SIGINT ignored, and they hand that on.
    hear = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, preexec_fn=hear) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        status = requests.get(f"{url}/cdx/search/cdx?url={PAGE}", timeout=10).status_code
        process.send_signal(ending)
        try:
            _, messages = process.communicate(timeout=20)
        finally:
            process.kill()

    assert status == 200
    assert process.returncode == 0
    assert "8 captures of 4 URLs" in messages


@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        (["simulate", "missing.warc"], 2, "does not exist"),
        (["simulate", "."], 1, "no WARC file"),
        (["simulate", "notes.warc"], 1, "not readable as WARC"),
        (["simulate", "good.warc.gz", "--faults", "earthquake"], 2, "rate-limit"),
    ],
    ids=["missing", "empty-folder", "no-warc", "unknown-fault"],
)
def test_the_command_says_what_is_wrong(
    arguments: list[str],
    exit_code: int,
    message: str,
    small_archive: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Bad input gives a message and a status, never a traceback."""
    monkeypatch.chdir(tmp_path)
    if arguments[1] != ".":
        Path("notes.warc").write_text("these are my notes")
        Path("good.warc.gz").write_bytes(small_archive.read_bytes())
    result = CliRunner().invoke(main, arguments)

    assert result.exit_code == exit_code
    assert message in result.output


def test_a_damaged_archive_is_named(tmp_path: Path, small_archive: Path) -> None:
    """A file that ends in the middle of a record is refused with its name."""
    broken = tmp_path / "broken.warc.gz"
    broken.write_bytes(small_archive.read_bytes()[:-40])

    with pytest.raises(DamagedArchive, match=r"broken\.warc\.gz"), serve([broken]):
        pass


@pytest.mark.parametrize("name", ["rate-limit", "retry-after", "server-error", "bad-gateway", "empty-504", "overload"])
def test_faults_come_once_and_are_logged(name: str, small_archive: Path, tmp_path: Path) -> None:
    """A fault hits the same first attempts for the same seed, and the second attempt goes through."""
    log = tmp_path / "faults.jsonl"
    paths = [f"/web/20030303030309id_/{PAGE}?try={number}" for number in range(30)]

    def statuses() -> list[int]:
        with serve([small_archive], faults=[name], seed=4, fault_log=log) as simulator:
            return [get(simulator, path).status_code for path in (*paths, *paths)]

    first, again = statuses(), statuses()

    struck = [status for status in first if status != 404]
    assert first == again
    assert 0 < len(struck) < 30
    assert set(first[30:]) == {404}
    assert len(log.read_text().splitlines()) == 2 * len(struck)
    assert {json.loads(line)["fault"] for line in log.read_text().splitlines()} == {name}


def test_truncated_and_reset_answers_break_off(small_archive: Path) -> None:
    """A truncated body is shorter than it says, a reset connection gives nothing."""
    paths = [f"/web/20030303030309id_/{PAGE}?try={number}" for number in range(20)]
    broken = 0
    with serve([small_archive], faults=["truncated", "reset"], seed=1) as simulator:
        for path in paths:
            try:
                get(simulator, path)
            except (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError):
                broken += 1

    assert broken


def test_every_kind_says_what_it_does() -> None:
    """A kind is documented by what a client meets, where it was seen, and what a careful client makes of it."""
    assert len(KINDS) > 25
    for name, kind in KINDS.items():
        assert name == kind.name
        assert kind.does and kind.seen
        assert 0 < kind.share <= 1
        assert kind.lasts or not kind.outcome


def test_an_unknown_fault_is_refused(small_archive: Path) -> None:
    """The message names the faults that exist."""
    with pytest.raises(ValueError, match="rate-limit"), serve([small_archive], faults=["earthquake"]):
        pass


def test_the_page_about_faults_names_each() -> None:
    """docs/simulator.md says of every kind what it does, in the words of the program."""
    page = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text(encoding="utf-8")

    missing = [kind.name for kind in KINDS.values() if f"| `{kind.name}` |" not in page or kind.does not in page]
    assert not missing
