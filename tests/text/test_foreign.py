"""Bodies that are no page are recorded as such, and never read as prose."""

from __future__ import annotations

import gzip
import random
import zipfile
import zlib
from io import BytesIO

import pytest

from harvest.corpus.reading import Page, judge, read_document
from harvest.model import Outcome

PROSE = "We collect personal data such as your name, and share it with third parties. Cookies help us know you. " * 20


def pdf(*, packed: bool) -> bytes:
    """A PDF file of one page, its words compressed or not."""
    shown = f"BT /F1 12 Tf ({PROSE}) Tj ET".encode()
    stream = zlib.compress(shown) if packed else shown
    return b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Length 9 >>\nstream\n" + stream + b"\nendstream\nendobj\n%%EOF"


def office() -> bytes:
    """A ZIP file as word processors write it."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", f"<w>{PROSE}</w>")
    return file.getvalue()


def noise() -> bytes:
    """Bytes of a format that nobody knows."""
    return random.Random(7).randbytes(20_000)


FILES = {
    "pdf": (pdf(packed=False), "a PDF file"),
    "packed pdf": (pdf(packed=True), "a PDF file"),
    "pdf under gzip": (gzip.compress(pdf(packed=True)), "a PDF file"),
    "pdf that a crawl took for text": (pdf(packed=True).decode("utf-8", "replace").encode(), "a PDF file"),
    "pdf whose lines a crawl broke": (b"<p>%PDF-1.\n5 " + pdf(packed=False)[8:], "a PDF file"),
    "office file": (office(), "a ZIP or office file"),
    "old office file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + PROSE.encode("utf-16-le"), "an office file"),
    "rtf": (rb"{\rtf1\ansi " + PROSE.encode() + b"}", "an RTF file"),
    "picture": (b"\xff\xd8\xff\xe0\0\x10JFIF\0" + noise(), "a picture"),
    "noise": (noise(), "no text"),
}


@pytest.mark.parametrize("form", ["raw", "derived"])
@pytest.mark.parametrize(("body", "said"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_page_has_no_text(body: bytes, said: str, form: str) -> None:
    """Fetched or imported, it gets the outcome `no-text` with what it is, and no clause of noise."""
    document = read_document(Page(0, form, body))

    assert judge(document, None)[0] == Outcome.NO_TEXT
    assert document.reason.startswith(said)
    assert document.sections == ()


PAGES = {
    "page about PDF files": f"<p>Our policy as a file begins with %PDF-1.4.</p><p>{PROSE}</p>".encode(),
    "page padded with NUL": f"<p>{PROSE}</p>".encode() + bytes(4000),
    "stray control characters": f"<p>\x7f {PROSE}\x13 \x1a</p>".encode(),
    "UTF-16": f"<p>{PROSE}</p>".encode("utf-16-le"),
    "Japanese by escapes": f"<p>{'個人情報の取り扱いについて。' * 60}</p>".encode("iso2022_jp"),
    "Cyrillic that a crawl lost": f"<p>{PROSE}".encode() + "Мы собираем данные. ".encode("koi8-r") * 40,
}


@pytest.mark.parametrize("body", PAGES.values(), ids=PAGES)
def test_odd_bytes_are_a_page_all_the_same(body: bytes) -> None:
    """Only what no page can be is put aside: strange characters, padding and encodings are not enough."""
    for form in ("raw", "derived"):
        document = read_document(Page(0, form, body))

        assert document.sections, (form, document.reason)
