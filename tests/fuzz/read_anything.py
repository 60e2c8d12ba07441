"""Feed arbitrary bytes to the text and compare rooms, guided by coverage, for as long as one likes.

    make fuzz                 ten minutes
    make fuzz SECONDS=3600    an hour

Starts from the pages of the bundled sample archive and keeps what reaches new code in ``build/fuzz``. A crash, a
broken promise or an input of seconds stops it; the input is written beside it and belongs into a test.
Needs atheris (``make fuzz`` installs it).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["harvest.text", "harvest.compare"]):
    from harvest.compare import compare
    from harvest.text.fold import fold
    from harvest.text.identity import text_sha
    from harvest.text.markdown import read_markdown, read_sections
    from harvest.text.markdown_writer import write_markdown
    from harvest.text.reading import read_html

URL = "http://a.example/privacy.html"
HEADERS = ({}, {"content-type": "text/html; charset=iso-8859-1"}, {"content-type": "text/html; charset=gb2312"})


def check(data: bytes) -> None:
    """One input: the first byte chooses the reader, the rest is the page."""
    choice, body = data[:1] or b"\0", data[1:]
    if choice[0] % 4 == 3:
        text = body.decode("utf-8", "replace")
        document = read_markdown(text)
        assert fold(fold(text)) == fold(text), "folding twice is folding once"
    else:
        document = read_html(body, HEADERS[choice[0] % 4], page_url=URL)
        assert read_html(body, HEADERS[choice[0] % 4], page_url=URL) == document, "a page reads the same twice"
    for section in document.sections:
        for clause in section.clauses:
            assert clause.text == " ".join(clause.text.split()), "white space is collapsed"
            assert clause.markdown, "no clause is empty"
    again = read_sections(write_markdown(document.sections))
    assert text_sha(again) == text_sha(document.sections), "a text that goes out comes back"
    half = document.sections[: len(document.sections) // 2]
    diff = compare(document.sections, half)
    for change in diff.entries:
        if change.ops:
            assert (
                "".join(text for op, text in change.ops if op in "=-") == (change.before or "") or change.before is None
            )
            assert (
                "".join(text for op, text in change.ops if op in "=+") == (change.after or "") or change.after is None
            )
    assert not compare(document.sections, document.sections).changes, "a text does not differ from itself"


def write_seeds(folder: Path) -> None:
    """Pages of the sample archive, one of every era and kind of trouble."""
    from warcio.archiveiterator import ArchiveIterator

    from harvest.simulator.sample import write_bundled

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as archive:
        for warc in write_bundled(Path(archive)):
            with warc.open("rb") as stream:
                for number, record in enumerate(ArchiveIterator(stream)):
                    if record.rec_type == "response" and number % 5 == 0:
                        (folder / f"{warc.name}-{number}").write_bytes(b"\0" + record.content_stream().read())


def main() -> None:
    """Run libFuzzer over `check` with its own options (``-max_total_time=SECONDS``)."""
    seeds = Path("build/fuzz")
    if not any(seeds.glob("*.warc*")):
        write_seeds(seeds)
    atheris.Setup(
        [*sys.argv, str(seeds), "-timeout=20", "-rss_limit_mb=3000", "-artifact_prefix=build/fuzz-found-"], check
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
