"""The text room on real pages that nobody here wrote."""

from __future__ import annotations

import collections
import csv
import re
import statistics
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from harvest.model import PageKind
from harvest.text.decode import decode
from harvest.text.extract import extract
from harvest.text.quality import judge_page

pytestmark = pytest.mark.evaluation
WORD = re.compile(r"\w+")
# What Python calls the encodings that the index names.
CODECS = {"GB2312": "gb18030", "SHIFT_JIS": "cp932", "EUC-KR": "cp949", "Big5": "big5hkscs"}
CODECS |= {"iso-8859-1": "cp1252", "iso-8859-9": "cp1254", "ascii": "utf-8"}


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def wanted_text(body: bytes, name: str) -> str:
    plain = name.split("-greek")[0].split("-russian")[0].split("-hungarian")[0].split("-turkish")[0].split("-hebrew")[0]
    return body.decode(CODECS.get(plain, plain), "replace")


@pytest.fixture(scope="module")
def captures(eval_data):
    """Every capture of the web folder: its row, body and archived headers, four of a document at most."""
    rows = {(row["warc"], row["url"], row["timestamp"]): row for row in table(eval_data / "web" / "index.csv")}
    taken: collections.Counter[tuple[str, ...]] = collections.Counter()
    found = []
    for warc in sorted({key[0] for key in rows}):
        with (eval_data / "web" / warc).open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type != "response":
                    continue
                stamp = re.sub(r"\D", "", record.rec_headers.get_header("WARC-Date"))[:14]
                row = rows.get((warc, record.rec_headers.get_header("WARC-Target-URI"), stamp))
                key = (row["service"], row["document"], row["quality"], row["reference_kind"]) if row else ()
                if row and taken[key] < 4:
                    taken[key] += 1
                    headers = {name.lower(): value for name, value in record.http_headers.headers}
                    found.append((row, record.content_stream().read(), headers))
    return found


def test_every_legacy_encoding_is_read_right(eval_data):
    """51 samples of thirteen encodings, most without a label, decode to what they say."""
    folder = eval_data / "old-pages" / "encodings"
    wrong = []
    for row in table(folder / "index.csv"):
        body = (folder / row["file"]).read_bytes()
        if decode(body, {}).text != wanted_text(body, row["encoding"]):
            wrong.append(row["file"])

    assert wrong == []


def test_every_old_page_is_read_right(eval_data):
    """39 pages of 1996 to 2010 decode to what they say, wrong labels and all."""
    folder = eval_data / "old-pages"
    wrong = []
    for row in table(folder / "index.csv"):
        body = (folder / row["file"]).read_bytes()
        decoded = decode(body, {"Content-Type": row["http_content_type"]})
        if decoded.text != wanted_text(body, row["bytes_decode_as"]):
            wrong.append((row["file"], decoded.encoding, decoded.source))

    assert wrong == []


def test_policies_among_the_old_pages_are_policies(eval_data):
    """No policy of the old web is taken for something else; shells and error pages are not taken for policies."""
    folder = eval_data / "old-pages"
    wrong = []
    for row in table(folder / "index.csv"):
        kind, reason = judge_page(extract(decode((folder / row["file"]).read_bytes(), {}).text))
        if row["kind"] != "other" and (kind is PageKind.POLICY) != (row["kind"] in ("privacy", "terms")):
            wrong.append((row["file"], row["kind"], kind, reason))

    assert wrong == []


def test_the_document_is_found_on_real_pages(captures, eval_data):
    """Against selectors written by hand for each site: 0.985 on the mean, and nothing below 0.9."""
    scores = collections.defaultdict(list)
    for row, body, headers in captures:
        if row["quality"] != "ok" or row["reference_kind"] != "exact" or float(row["coverage"] or 0) < 0.9:
            continue
        reference = re.sub(
            r"!?\[([^\]]*)\]\([^)]*\)", r"\1", (eval_data / "references" / row["reference"]).read_text("utf-8")
        )
        right = collections.Counter(WORD.findall(reference.lower()))
        if right.total() < 100:
            continue
        blocks = extract(decode(body, headers).text, page_url=row["url"]).blocks
        ours = collections.Counter(WORD.findall("\n".join(f"{block.marker} {block.text}" for block in blocks).lower()))
        scores[row["service"], row["document"]].append(2 * (ours & right).total() / (ours.total() + right.total()))

    means = {document: statistics.mean(values) for document, values in scores.items()}
    assert statistics.mean(means.values()) >= 0.985
    assert {document: mean for document, mean in means.items() if mean < 0.9} == {}


ODD = {
    ("IMVU", "shell-or-error"): {PageKind.SHELL},
    ("Mon espace santé", "shell-or-error"): {PageKind.SHELL},
    ("Open Terms Archive", "shell-or-error"): {PageKind.STUB},
    ("Mektoube", "mismatch"): {PageKind.COOKIE_WALL},
    ("happn", "mismatch"): {PageKind.OTHER},
}


def test_odd_captures_are_recognised_and_good_ones_kept(captures):
    """Shells, a stub, a cookie wall and a summary are named; every real policy is one."""
    wrong = []
    for row, body, headers in captures:
        extracted = extract(decode(body, headers).text, page_url=row["url"])
        kind, reason = judge_page(extracted)
        # Two captures counted as good hold nothing but the cookie dialog, as their five-word references show.
        walled = row["quality"] == "ok" and extracted.reason == "only a cookie dialog"
        if not walled and kind not in ODD.get((row["service"], row["quality"]), {PageKind.POLICY}):
            wrong.append((row["service"], row["timestamp"], row["quality"], kind, reason))

    assert wrong == []
