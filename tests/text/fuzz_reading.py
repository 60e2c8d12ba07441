"""Fuzz the text room for any length of time.

    python tests/text/fuzz_reading.py --seconds 3600 [--seed 1] [--pages FOLDER]

Pages (ours, or all files of FOLDER) are cut, spliced, flipped and sprinkled with hostile fragments; every result must
be a Document, the same one twice, in bounded time. What fails is written to fuzz-<seed>-<number>.html: make it a test.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

from harvest.model import Document
from harvest.text.reading import read_html

URL = "http://acme.example/privacy"
FRAGMENTS = [
    fragment.encode("latin-1")
    for fragment in (
        "<table> </table> <tr><td> <li> <b> </b> <font\xa0size=9> </div> <div\xa0hidden> <iframe> <!-- <script> "
        "<select> \x00 \xff\xfe &#x110000; "
        "<a\xa0href=//[> <base\xa0href=//[::> <h1> <ol\xa0start=99999999999> <svg> <math> <template> <noscript> "
        "</body></html> <td\xa0colspan=9e9> "
        "<frameset> </p> <pre> <button> <footer> <main> <div\xa0class=cookie-consent> <q> <br><br> &nbsp; "
        "<meta\xa0charset=utf-7> \x1f\x8b\x08 Last\xa0updated:\xa03/4/2010"
    ).split(" ")
]
SEEDS = [
    b"<html><head><title>Privacy</title></head><body><h1>Privacy</h1>"
    + b"<h2>Data</h2><p>We collect what you tell us.</p>" * 40,
    b"<table><tr><td><a href=/>Home</a><td>" + b"<font size=2><b>Data</b><br><br>We collect what you tell us.<p>" * 60,
    "<p>Политика конфиденциальности и данные пользователя. ".encode("cp1251") * 80,
    "<p>隐私政策 更新日期：2011年3月4日 我们收集您的信息。".encode("gb18030") * 80,
]


def mutate(body: bytes, dice: random.Random) -> bytes:
    """One mutation of a page, of up to 60 steps."""
    page = bytearray(body[: dice.choice((500, 5_000, 60_000))])
    for _ in range(dice.randint(1, 60)):
        at = dice.randrange(len(page) + 1)
        kind = dice.random()
        if kind < 0.5:
            page[at:at] = dice.choice(FRAGMENTS) * dice.choice((1, 1, 1, 3, 50))
        elif kind < 0.7:
            del page[at : at + dice.randint(1, 300)]
        elif kind < 0.9 and page:
            page[at % len(page)] = dice.randrange(256)
        else:
            start = dice.randrange(len(page) + 1)
            page[at:at] = page[start : start + dice.randint(1, 2_000)]
    return bytes(page)


def main() -> None:
    """Run until the time is over; exit status 1 if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=Path)
    args = parser.parse_args()
    pages = [path.read_bytes() for path in sorted(args.pages.rglob("*")) if path.is_file()] if args.pages else SEEDS
    dice = random.Random(args.seed)
    runs = failures = 0
    slowest = 0.0
    end = time.monotonic() + args.seconds
    while time.monotonic() < end:
        body = mutate(dice.choice(pages), dice)
        started = time.process_time()
        try:
            document = read_html(body, {"Content-Type": "text/html"}, page_url=URL)
            fine = isinstance(document, Document)
            fine = fine and read_html(body, {"Content-Type": "text/html"}, page_url=URL) == document
        except Exception as error:
            print(f"{type(error).__name__}: {error}")
            fine = False
        elapsed = time.process_time() - started
        slowest = max(slowest, elapsed)
        runs += 1
        if not fine or elapsed > 10:
            failures += 1
            Path(f"fuzz-{args.seed}-{failures}.html").write_bytes(body)
    print(f"{runs} pages, {failures} failures, slowest {slowest:.2f} s")
    raise SystemExit(1 if failures else 0)


if __name__ == "__main__":
    main()
