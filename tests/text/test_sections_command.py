"""``harvest sections``: the JSON that other tools read."""

from __future__ import annotations

import io
import json
from pathlib import Path

from click.testing import CliRunner
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from harvest.cli import main

BODY = "We keep your letters in a box for a year and a day, and then we burn them in the garden."
MARKDOWN = (
    "# Shop Policy\n\nLast updated: 3 May 2011\n\n"
    f"## 1. Orders\n\n{BODY} [Ask us](http://a.example/ask).\n\n  * a box\n"
)
HTML = f"<html><title>Shop</title><body><h1>Shop Policy</h1><h2>Orders</h2><p>{BODY}</p></body></html>"


def run(*arguments: str) -> list[dict[str, object]]:
    result = CliRunner().invoke(main, ["sections", "--json", *arguments])

    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_markdown_as_json(tmp_path: Path) -> None:
    """One object a file, with the keys that the design names, in order."""
    path = tmp_path / "shop.md"
    path.write_text(MARKDOWN, encoding="utf-8")

    (found,) = run(str(path))
    assert list(found) == ["file", "title", "language", "stated_date", "encoding", "sections"]
    assert (found["file"], found["title"], found["language"]) == (str(path), "Shop Policy", "en")
    assert found["sections"] == [
        {
            "level": 1,
            "number": "",
            "heading": "Shop Policy",
            "heading_kind": "markup",
            "confidence": 0.98,
            "clauses": [
                {
                    "kind": "paragraph",
                    "depth": 0,
                    "text": "Last updated: 3 May 2011",
                    "markdown": "Last updated: 3 May 2011",
                }
            ],
        },
        {
            "level": 2,
            "number": "1",
            "heading": "Orders",
            "heading_kind": "markup",
            "confidence": 0.98,
            "clauses": [
                {
                    "kind": "paragraph",
                    "depth": 0,
                    "text": f"{BODY} Ask us.",
                    "markdown": f"{BODY} [Ask us](http://a.example/ask).",
                },
                {"kind": "item", "depth": 1, "text": "a box", "markdown": "a box"},
            ],
        },
    ]


def test_html_and_warc_give_the_same_sections(tmp_path: Path) -> None:
    """A page reads alike as a file and as a record of a WARC file, which is named with its time and address."""
    page, warc = tmp_path / "shop.html", tmp_path / "shop.warc.gz"
    page.write_text(HTML, encoding="utf-8")
    with warc.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        dated = {"WARC-Date": "2011-02-03T04:05:06Z"}
        payload = io.BytesIO(HTML.encode())
        writer.write_record(
            writer.create_warc_record(
                "http://a.example/p", "response", payload=payload, http_headers=headers, warc_headers_dict=dated
            )
        )

    first, second = run(str(page), str(warc))
    assert first["sections"] == second["sections"]
    assert second["file"] == f"{warc}#20110203040506/http://a.example/p"


def test_outline_for_people(tmp_path: Path) -> None:
    """Without --json an outline shows number, heading, words and how sure each heading is."""
    path = tmp_path / "shop.md"
    path.write_text(MARKDOWN, encoding="utf-8")

    result = CliRunner().invoke(main, ["sections", str(path)])
    assert "  1 Orders  [25 words, markup 0.98]" in result.output


def test_damaged_files_are_told(tmp_path: Path) -> None:
    """A broken WARC file is an error message and exit status 1; a missing file is a usage error."""
    path = tmp_path / "broken.warc"
    path.write_bytes(b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: x\r\n\r\n\r\n")

    result = CliRunner().invoke(main, ["sections", str(path)])
    assert (result.exit_code, "Traceback" in result.output) == (1, False)
    assert CliRunner().invoke(main, ["sections", str(tmp_path / "none.md")]).exit_code == 2


def test_many_files_stay_in_order(tmp_path: Path) -> None:
    """Several processes print what one prints, in the order of the files."""
    paths = [tmp_path / f"{number:02}.md" for number in range(20)]
    for number, path in enumerate(paths):
        path.write_text(f"## Box {number}\n\n{BODY}\n", encoding="utf-8")

    assert run(*map(str, paths)) == [found for path in paths for found in run(str(path))]
