"""The index dialect: a query in, rows and perhaps a resume key out."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.simulator import cdx
from harvest.simulator.holdings import Holding, Holdings


def held(timestamp: str, *, url: str = "http://a.example/p", status: str = "200", digest: str = "D1") -> Holding:
    from harvest.urls import urlkey

    return Holding(urlkey(url), timestamp, url, "text/html", status, digest, "512", Path("x.warc"), 0)


HOLDINGS = Holdings(
    [
        held("20010101000000"),
        held("20010105000000", status="404", digest="D2"),
        held("20010201000000", digest="D2"),
        held("20020301000009", digest="D1"),
        held("20020301000009", digest="D1"),
        held("20030101000000", url="https://www.a.example/p/q", digest="D3"),
        held("20040101000000", url="http://sub.a.example/p", digest="D4"),
        held("20040101000000", url="http://b.example/", digest="D5"),
    ]
)


def stamps(**query: str | list[str]) -> list[str]:
    return [row["timestamp"][:8] for row in ask(**query).rows]


def ask(**query: str | list[str]) -> cdx.Answer:
    asked = {"url": "http://a.example/p", "since": None, **query}
    asked["from"] = asked.pop("since", None)
    return cdx.answer(HOLDINGS, parse_qs(urlencode({k: v for k, v in asked.items() if v is not None}, doseq=True)))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["20010101", "20010105", "20010201", "20020301", "20020301"]),
        ({"url": "a.example/p"}, ["20010101", "20010105", "20010201", "20020301", "20020301"]),
        ({"url": "https://WWW.a.example:443/p/"}, ["20010101", "20010105", "20010201", "20020301", "20020301"]),
        ({"url": "http://nowhere.example/"}, []),
        ({"since": "2001", "to": "2001"}, ["20010101", "20010105", "20010201"]),
        ({"since": "200102"}, ["20010201", "20020301", "20020301"]),
        ({"to": "20010105000000"}, ["20010101", "20010105"]),
        ({"limit": "2"}, ["20010101", "20010105"]),
        ({"limit": "-2"}, ["20020301", "20020301"]),
        ({"filter": "statuscode:404"}, ["20010105"]),
        ({"filter": "!statuscode:404"}, ["20010101", "20010201", "20020301", "20020301"]),
        ({"filter": "statuscode:40"}, []),
        ({"filter": "statuscode:4.*"}, ["20010105"]),
        ({"filter": "~timestamp:0105"}, ["20010105"]),
        ({"filter": "!~timestamp:0105"}, ["20010101", "20010201", "20020301", "20020301"]),
        ({"filter": ["statuscode:200", "digest:D2"]}, ["20010201"]),
        ({"collapse": "digest"}, ["20010101", "20010105", "20020301"]),
        ({"collapse": "timestamp:6"}, ["20010101", "20010201", "20020301"]),
        ({"collapse": "timestamp:4"}, ["20010101", "20020301"]),
        ({"matchType": "prefix"}, ["20010101", "20010105", "20010201", "20020301", "20020301", "20030101"]),
        ({"url": "a.example/p/*"}, ["20010101", "20010105", "20010201", "20020301", "20020301", "20030101"]),
        ({"matchType": "host", "limit": "-1"}, ["20030101"]),
        ({"matchType": "domain", "limit": "-1"}, ["20040101"]),
        ({"url": "*.a.example", "filter": "digest:D4"}, ["20040101"]),
    ],
    ids=str,
)
def test_queries(query: dict[str, str | list[str]], expected: list[str]) -> None:
    """Rows are looked up by key, filtered over whole fields, collapsed where adjacent, then cut."""
    assert stamps(**query) == expected


def test_a_resume_key_comes_whenever_the_limit_is_reached() -> None:
    """The key is the last row's key and stamp, raised by one past the digit nine, percent-encoded."""
    reached = ask(limit="4", showResumeKey="true")
    not_reached = ask(limit="6", showResumeKey="true")
    exactly = ask(limit="5", showResumeKey="true")

    assert reached.resume_key == "example%2Ca%29%2Fp+2002030100000%3A"
    assert exactly.resume_key == reached.resume_key
    assert not_reached.resume_key == ""
    assert ask(limit="4").resume_key == ""


@pytest.mark.parametrize("times_encoded", [0, 1], ids=["as-received", "encoded-again"])
@pytest.mark.parametrize("opaque", [False, True], ids=["until-2023", "2026"])
def test_a_resume_key_resumes(times_encoded: int, opaque: bool) -> None:
    """A key of either form goes on after the row it was made from, sent as it came or encoded once more."""
    last = ask(limit="2").rows[-1]
    key = cdx.opaque_resume_key(last) if opaque else cdx.resume_key_after(last)
    sent = key if times_encoded else parse_qs(f"k={key}")["k"][0]

    assert stamps(resumeKey=sent, limit="2") == ["20010201", "20020301"]


@given(st.integers(min_value=1, max_value=9))
def test_pages_joined_are_the_whole(limit: int) -> None:
    """Following resume keys gives every distinct row, whatever the page size; twins of a second may be lost."""
    rows: list[tuple[str, str]] = []
    key = ""
    while True:
        page = ask(matchType="domain", limit=str(limit), showResumeKey="true", **({"resumeKey": key} if key else {}))
        rows += [(row["urlkey"], row["timestamp"]) for row in page.rows]
        key = page.resume_key
        if not key:
            break
    whole = [(row["urlkey"], row["timestamp"]) for row in ask(matchType="domain").rows]

    assert list(dict.fromkeys(rows)) == list(dict.fromkeys(whole))


def test_text_and_json() -> None:
    """Text has seven fields a line and the key after an empty line; JSON a head row and the key after an empty row."""
    found = ask(limit="1", showResumeKey="true")
    _, text = cdx.render(found, {})
    _, as_json = cdx.render(found, {"output": ["json"], "fl": ["timestamp,digest"]})

    assert text == (
        "example,a)/p 20010101000000 http://a.example/p text/html 200 D1 512\n\nexample%2Ca%29%2Fp+20010101000001\n"
    )
    expected = [["timestamp", "digest"], ["20010101000000", "D1"], [], ["example%2Ca%29%2Fp+20010101000001"]]
    assert json.loads(as_json) == expected
    assert cdx.render(cdx.Answer(()), {}) == ("text/plain;charset=UTF-8", "")
    assert json.loads(cdx.render(cdx.Answer(()), {"output": ["json"]})[1]) == []


@pytest.mark.parametrize(
    "query",
    [
        {"url": ""},
        {"filter": "statuscode"},
        {"filter": "colour:red"},
        {"filter": "digest:(("},
        {"collapse": "colour"},
        {"limit": "many"},
        {"matchType": "regex"},
    ],
    ids=str,
)
def test_what_is_no_query_is_refused(query: dict[str, str]) -> None:
    """A query the index does not understand is an error with a reason, never an empty answer."""
    with pytest.raises(cdx.BadQuery):
        ask(**query)


RECORDED = ("cdx-page", "cdx-with-resume-key", "cdx-last-page", "cdx-filter", "cdx-empty")


@pytest.mark.evaluation
@pytest.mark.parametrize("kind", RECORDED)
def test_answers_as_recorded(kind: str, eval_data: Path) -> None:
    """Over the rows of a recorded answer, the same query gives the recorded text, byte for byte."""
    paths = sorted((eval_data / "wayback-http").glob(f"{kind}-*.json"))
    assert paths

    for path in paths:
        exchange = json.loads(path.read_text())
        params = parse_qs(urlsplit(exchange["request"]["url"]).query)
        recorded = _body(exchange)
        if "collapse" in params and "resumeKey" in params:
            continue  # the first row of a page depends on rows of the page before
        lines = [line for line in recorded.split("\n\n")[0].splitlines() if line]
        rows = Holdings(Holding(*line.split(" ")[:7], Path("x"), 0) for line in lines)

        opaque = recorded.splitlines()[-1:] != [] and recorded.splitlines()[-1].startswith("eJ")

        assert cdx.render(cdx.answer(rows, params, opaque_keys=opaque), params)[1] == recorded, path.name


def _body(exchange: dict[str, dict[str, str]]) -> str:
    body = base64.b64decode(exchange["response"].get("body_base64", ""))
    return (gzip.decompress(body) if exchange["response"].get("body_stored_as_gzip") else body).decode()
