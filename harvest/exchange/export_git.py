"""A corpus as a git repository: one commit a version, dated to its first capture, so that git log and blame read well.

Laid out as Open Terms Archive lays out its ``-versions`` (``SITE/Privacy Policy.md``), one clause a line. Only the main
line of each policy is in: alternates would make every other commit a return. ``policies.toml`` says which file is which
policy; `harvest import REPO --map REPO/policies.toml` brings the texts and their dates back.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from harvest.corpus import queries
from harvest.corpus.queries_model import PolicyRef, Transition, Version
from harvest.corpus.queries_timeline import steps_by_id, versions_by_number
from harvest.errors import HarvestError
from harvest.exchange.git_bounds import ARCHIVE_NAME, GONE_BY, LAST_SEEN, MAP_NAME
from harvest.exchange.git_command import silent_environment
from harvest.exchange.names import file_name
from harvest.text.markdown_writer import write_markdown
from harvest.timestamps import from_iso, to_iso

_WHO = "policy-harvest <policy-harvest@localhost>"
_NAMES = {"privacy": "Privacy Policy", "terms": "Terms of Service", "cookies": "Cookie Policy", "other": "Policy"}
#: All commits by their moments: SQLite sorts them, so that a history of any length is read a version at a time.
_STEPS = """
SELECT j.key, v.number, x.id, lead(v.first_seen) OVER (PARTITION BY v.policy_id ORDER BY v.number)
FROM json_each(?) j CROSS JOIN versions v ON v.policy_id = j.value LEFT JOIN transitions x ON x.after_version_id = v.id
WHERE v.variant_of IS NULL ORDER BY v.first_seen, j.key, v.number
"""


@dataclass(frozen=True, slots=True)
class _Step:
    """One commit: a version of a policy, the transition that led to it (None for the first), when the next one came."""

    policy: PolicyRef
    version: Version
    transition: Transition | None
    until: datetime | None


def export_git(conn: sqlite3.Connection, folder: Path, policies: Sequence[PolicyRef]) -> int:
    """Make *folder* a repository with the branch ``main``; return the number of commits.

    Raises HarvestError where *folder* is not empty, or git (2.31 or newer) is not installed.
    """
    if any(folder.iterdir()):
        raise HarvestError(f"{folder} is not empty: empty it, or name a new folder for the repository")
    _git(folder, "init", "--quiet", "--initial-branch=main")
    commits = 0
    with _importing(folder) as stream:
        write = _Writer(stream)
        for commits, step in enumerate(_steps(conn, policies), 1):
            files = {path_of(step.policy): _text(conn, step)}
            if commits == 1:
                files[MAP_NAME] = _map(policies)
            write.commit(files, step)
    if commits:
        _git(folder, "reset", "--quiet", "--hard", "main")
    return commits


def path_of(policy: PolicyRef) -> str:
    """Return where a policy stands in the repository.

    >>> path_of(PolicyRef(1, "example.org", "", "terms", "developers"))
    'example.org/Terms of Service developers.md'
    """
    label = f" {policy.label}" if policy.label else ""
    return f"{file_name(policy.host)}/{file_name(_NAMES.get(policy.kind, 'Policy') + label)}.md"


def _steps(conn: sqlite3.Connection, policies: Sequence[PolicyRef]) -> Iterator[_Step]:
    """Yield the versions of all policies by the moments they were first seen at."""
    named = sorted(policies, key=lambda policy: policy.address)
    for place, number, step_id, until in conn.execute(_STEPS, (json.dumps([policy.id for policy in named]),)):
        policy = named[place]
        version = versions_by_number(conn, policy, [number])[number]
        transition = steps_by_id(conn, [step_id])[step_id] if step_id is not None else None
        yield _Step(policy, version, transition, from_iso(until) if until is not None else None)


def _text(conn: sqlite3.Connection, step: _Step) -> bytes:
    sections, _ = queries.text_sections(conn, step.version.text.id)
    return write_markdown(sections).encode("utf-8", "replace")


def _map(policies: Sequence[PolicyRef]) -> bytes:
    entries = [
        f"[[files]]\npath = {json.dumps(path_of(policy))}\nsite = {json.dumps(policy.host)}\n"
        f"kind = {json.dumps(policy.kind)}\nlabel = {json.dumps(policy.label)}\nurl = {json.dumps(policy.url)}\n"
        'format = "markdown"\n'
        for policy in policies
    ]
    return "\n".join([f'name = "{ARCHIVE_NAME}"\n', *entries]).encode()


def message_of(step: _Step) -> str:
    """Return the commit message: what changed and by how much, both bounds, and where it can be looked up."""
    version, transition = step.version, step.transition
    lines = [f"{step.policy.address}: {_what(transition)}", ""]
    if transition is not None and transition.reason:
        lines += [transition.reason, ""]
    bounds = version.bounds
    after = to_iso(bounds.not_before) if bounds.not_before else "the beginning of the record"
    lines.append(f"Changed after {after}, not later than {to_iso(bounds.first_seen)}.")
    for name, value in (
        (LAST_SEEN, to_iso(bounds.last_seen)),
        (GONE_BY, _gone_by(step)),
        ("Title", version.text.title),
        ("Stated-Date", version.text.stated_date),
        ("Text-SHA256", version.text.sha),
        ("Source", version.first_capture.archive_url or version.first_capture.url),
    ):
        lines += ["", f"{name}: {value}"] if name == "Last-Seen" else [f"{name}: {value}"] if value else []
    return "\n".join(lines) + "\n"


def _gone_by(step: _Step) -> str | None:
    """When the policy was found to be gone, where that was before there was another version, or there is none."""
    gone_by = step.version.bounds.gone_by
    known = gone_by is not None and (step.until is None or gone_by < step.until)
    return to_iso(gone_by) if gone_by is not None and known else None


def _what(transition: Transition | None) -> str:
    if transition is None:
        return "first capture"
    if transition.tier is None:
        return "same text again"
    silent = ", stated date kept" if transition.silent else ""
    size = f"{transition.words_added} words added, {transition.words_removed} removed"
    return f"{transition.tier.value}, {size}{silent}"


class _Writer:
    """Writes the stream that ``git fast-import`` reads."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def commit(self, files: dict[str, bytes], step: _Step) -> None:
        """Write one commit. Times before 1970 cannot be: the Web is younger."""
        when = f"{int(step.version.bounds.first_seen.timestamp())} +0000"
        self._stream.write(f"commit refs/heads/main\nauthor {_WHO} {when}\ncommitter {_WHO} {when}\n".encode())
        self._data(message_of(step).encode("utf-8", "replace"))
        for path, content in files.items():
            self._stream.write(f"M 100644 inline {_quoted(path)}\n".encode())
            self._data(content)

    def _data(self, content: bytes) -> None:
        self._stream.write(b"data %d\n%s\n" % (len(content), content))


def _quoted(path: str) -> str:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class _importing:
    """A ``git fast-import`` that runs while the block does. Raises HarvestError where it fails."""

    def __init__(self, folder: Path) -> None:
        command = ["git", "-C", str(folder), "fast-import", "--quiet"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=silent_environment()
        )

    def __enter__(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    def __exit__(self, *_: object) -> None:
        said = self._process.communicate()[1].decode("utf-8", "replace").strip()
        if self._process.returncode:
            raise HarvestError(f"git fast-import failed: {said[:300] or 'it died without a word; is the disk full?'}")


def _git(folder: Path, *arguments: str) -> None:
    try:
        subprocess.run(
            ["git", "-C", str(folder), *arguments], check=True, capture_output=True, env=silent_environment()
        )
    except FileNotFoundError as error:
        raise HarvestError("git is not installed, or not on the PATH: install git 2.31 or newer") from error
    except subprocess.CalledProcessError as error:
        raise HarvestError(f"git {arguments[0]} failed: {error.stderr.decode('utf-8', 'replace')[:300]}") from error
