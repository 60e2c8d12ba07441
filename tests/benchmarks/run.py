"""Speed and size beside other tools, on the same input: ``make bench``.

    python tests/benchmarks/run.py [--archive WARC-OR-FOLDER] [--limit 60] [--only pages,diffs,storage]

Without ``--archive`` the pages are those of ``HARVEST_EVAL_DATA/web`` where that exists, else the bundled sample.
Times are processor time, the best of three rounds: the least disturbed by what else the computer does.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

import diffs
import pages
import storage

PARTS = {
    "pages": (pages.report, pages.spread),
    "diffs": (diffs.report, pages.histories),
    "storage": (storage.report, pages.histories),
}


def main() -> None:
    """Run the benchmarks that were asked for and print a few lines each."""
    options = parse()
    with tempfile.TemporaryDirectory() as folder:
        archive = options.archive or default_archive(Path(folder))
        print(f"pages from {archive}")
        captures = pages.read_captures(archive)
        for name in options.only:
            report, choose = PARTS[name]
            for line in report(choose(captures, options.limit)):
                print(f"{name:8} {line}", flush=True)


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--limit", type=int, default=60, help="about so many captures for each part")
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(PARTS))
    return parser.parse_args()


def default_archive(folder: Path) -> Path:
    """Return the real pages where they are, else write the sample archive into *folder*."""
    real = Path(os.environ.get("HARVEST_EVAL_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")) / "web"
    if real.is_dir():
        return real
    from harvest.simulator.sample import write_bundled

    write_bundled(folder)
    return folder


if __name__ == "__main__":
    main()
