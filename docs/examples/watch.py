"""Harvest the sites of a targets file and print what the run brought, one JSON object a line.

    python watch.py targets.toml policies.db [ARCHIVE]

Exit status 1 where something was refused or failed; what could be fetched is in the corpus all the same.
"""

import json
import sys

import harvest


def main(targets: str, db: str, archive: str = "wayback") -> int:
    """Harvest, print the changes, and return the exit status."""
    with harvest.open_corpus(db) as corpus:
        report = harvest.run(corpus, harvest.read_targets(targets), archive=archive)
        for change in harvest.changes(corpus, since="last-run"):
            print(json.dumps(harvest.as_dict(change), ensure_ascii=False))
    for message in report.trouble:
        print(message, file=sys.stderr)
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
