"""A git repository as a `History`: every file that a commit touched is a capture at the time of the commit.

The log is read once into a temporary table on disk and sorted there by policy and time: a history of millions of
commits takes no more memory than one of a hundred. Contents are read afterwards, policy by policy.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from types import TracebackType
from urllib.parse import quote

from harvest.counting import count_of
from harvest.errors import DamagedArchive, UnknownTarget
from harvest.exchange.git_blobs import Blobs
from harvest.exchange.git_bounds import ARCHIVE_NAME, MAP_NAME, other_sightings
from harvest.exchange.git_layouts import (
    Layout,
    Place,
    PrincetonLeuven,
    ToSBack,
    recognise,
    remark,
    source_of,
)
from harvest.exchange.git_log import FIRST_S, Touched
from harvest.exchange.git_map import MapFile
from harvest.exchange.git_remarks import date_by_authors, is_first, pages_of, resolve_empty, say_what_crawlers_did
from harvest.exchange.git_repository import Repository
from harvest.exchange.histories import Filing, Sighted, Unreadable, readable
from harvest.exchange.tosback_rules import read_rules

_PLAN = """
CREATE TABLE seen (path INTEGER NOT NULL, at INTEGER NOT NULL, nr INTEGER NOT NULL, content TEXT NOT NULL,
                   url TEXT NOT NULL, remark TEXT NOT NULL, pages INTEGER NOT NULL,
                   begins INTEGER NOT NULL, authored INTEGER NOT NULL);
CREATE TABLE empty (at INTEGER NOT NULL, nr INTEGER NOT NULL, message TEXT NOT NULL);
CREATE TABLE paths (id INTEGER PRIMARY KEY, policy INTEGER);
"""
#: A file that another one of the same policy replaced in the same commit was not taken down.
_REPLACED = """
DELETE FROM seen WHERE content = '' AND EXISTS (
    SELECT 1 FROM paths mine JOIN paths other ON other.policy = mine.policy
    JOIN seen s ON s.path = other.id AND s.nr = seen.nr AND s.content <> ''
    WHERE mine.id = seen.path)
"""
_SIGHTINGS = """
SELECT s.path, s.at, s.nr, s.content, s.url, s.remark FROM paths p JOIN seen s ON s.path = p.id
WHERE p.policy = ? ORDER BY s.at, s.nr, s.path
"""
#: Clocks and time zones of honest commits may be this far ahead.
_DAY_S = 86_400


class GitHistory:
    """A planned git history. A context manager; the repository stays the caller's to close.

    Raises UnknownTarget where no layout is recognised and no map given.
    """

    def __init__(self, repository: Repository, given: MapFile | None = None) -> None:
        self._repository = repository
        self._plan = sqlite3.connect("")  # a temporary file that SQLite removes
        self._plan.executescript(_PLAN)
        self._paths: dict[str, int] = {}
        self._names: list[str] = []
        self._places: dict[int, Place] = {}
        self._passed_over = 0
        self._misdated = 0
        self._rebased = 0
        self._damage = ""
        layout = given.layout if given else None
        self._exported = layout is not None and layout.archive == f"git:{ARCHIVE_NAME}"
        self._blobs: Blobs | None = None
        try:
            self._load(repository.touched(), by_author=given is not None and given.date == "author")
            self._rebased = date_by_authors(self._plan) if given is None or not given.date else 0
            self._layout = self._choose(given)
            self._unknown_services = given.services_not_in(map(readable, self._names)) if given is not None else []
            resolve_empty(self._plan, self._paths)
            self._file()
            say_what_crawlers_did(self._plan)
        except BaseException:
            self._plan.close()
            raise

    def __enter__(self) -> GitHistory:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._blobs is not None:
            self._blobs.close()
        self._plan.close()

    @property
    def archive(self) -> str:
        """What ``captures.archive`` says: the layout."""
        return self._layout.archive

    @property
    def self_describing(self) -> bool:
        """True for the Princeton–Leuven corpus."""
        return isinstance(self._layout, PrincetonLeuven)

    def warnings(self) -> tuple[str, ...]:
        """Return what is incomplete: shallow clones, files that are no policies."""
        found = []
        if self._repository.is_shallow:
            found.append(f"{self._repository.path} is a shallow clone: what came before its first commit is not in it")
        if self._repository.is_partial:
            found.append(f"{self._repository.path} is a partial clone: files that were left out of it are not fetched")
        if self._passed_over:
            files = count_of(self._passed_over, "file is no policy", "files are no policies")
            found.append(f"{files} by the layout {self.archive}: passed over")
        if self._unknown_services:
            found.append(f"the map names services that are not in this history: {', '.join(self._unknown_services)}")
        if self._misdated:
            found.append(
                f"{self._misdated} commits bear dates that no capture can have, before 1990 or in the future: they are"
                " recorded at the nearest that can be, out of order perhaps; a map may take the author's date"
            )
        if self._rebased:
            found.append(
                f"{self._rebased} files were committed anew in one go, as by a rebase: they are recorded at the time"
                " their authors give; a map may say date = 'committer'"
            )
        return tuple(found)

    def damage(self) -> tuple[str, ...]:
        """Return how many commits could not be read, and where the log broke off."""
        breaks = self._repository.breaks
        passed = f"{breaks} commits cannot be read and were passed over: run git fsck on {self._repository.path}"
        return (*([passed] if breaks and not self._damage else []), *([self._damage] if self._damage else []))

    def filings(self) -> Iterator[Filing]:
        """Yield the policies by the names of their files."""
        rows = self._plan.execute(
            "SELECT p.policy, count(*) FROM paths p JOIN seen s ON s.path = p.id WHERE p.policy IS NOT NULL"
            " GROUP BY p.policy ORDER BY p.policy"
        ).fetchall()
        for policy, captures in rows:
            yield Filing(policy, self._places[policy], captures)

    def sightings(self, filing: Filing) -> Iterator[Sighted]:
        """Yield the captures of one policy, oldest first.

        Commits of one second (a rebase makes hundreds) are a second apart each, so that they stay in their order; what
        they are known by is the second they say, but where one brings back what stood there before within it.
        """
        last: dict[str, tuple[int, int, str]] = {}
        told: dict[str, set[tuple[int, str]]] = {}  # since no second ran into the next, by address: second and content
        for path, at, nr, content, url, said in self._plan.execute(_SIGHTINGS, (filing.number,)):
            place = self._layout.place(readable(self._names[path]))
            assert place is not None
            address = "git:" + quote(os.fsencode(self._names[path].rpartition(".")[0]))
            counted, of_commit, shown = last.get(address, (at - 1, nr, content))
            late_s = counted + 1 - at if counted >= at and nr != of_commit and content != shown else 0
            last[address] = at + late_s, nr, content
            if at > counted:
                told.pop(address, None)
            known = told.setdefault(address, set())
            is_back = late_s > 0 and (at, content) in known
            known.add((at + late_s if is_back else at, content))
            when = datetime.fromtimestamp(at, UTC)
            yield Sighted(place, when, content, address, url or place.url, said, late_s, is_back)

    def read(self, sighted: Sighted, *, most: int) -> bytes:
        """Return the bytes of a file as it was. Raises Unreadable."""
        if self._blobs is None:
            self._blobs = self._repository.blobs()
        return self._blobs.read(sighted.content, most=most)

    def _load(self, touched: Iterable[Touched], *, by_author: bool) -> None:
        """Write the log into the plan, as far as it can be read; what a rename moved away is not gone."""
        try:
            self._load_all(touched, by_author=by_author)
        except DamagedArchive as error:
            if not self._names:
                raise
            self._damage = f"{error}: older commits than the last one that could be read are not in"
        self._plan.execute("CREATE INDEX seen_path ON seen(path, at, nr)")

    def _load_all(self, touched: Iterable[Touched], *, by_author: bool) -> None:
        seen = "INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        latest, commit = int(time.time()) + _DAY_S, ""
        for one in touched:
            at = int((one.authored if by_author else one.when).timestamp())
            self._misdated += one.commit != commit and not FIRST_S < at < latest
            commit = one.commit
            if not one.path:
                subject = one.message.strip().partition("\n")[0]
                self._plan.execute("INSERT INTO empty VALUES (?, ?, ?)", (at, _number(one), subject))
            elif not one.renamed:
                path = self._path_id(one.path)
                said = source_of(one.message), remark(one.message), pages_of(one.message), is_first(one.message)
                authored = int(one.authored.timestamp())
                self._plan.execute(seen, (path, at, _number(one), one.blob, *said, authored))
                if self._exported and one.blob:
                    for when, blob in other_sightings(one.message, one.blob, at):
                        self._plan.execute(seen, (path, when, _number(one) + 1, blob, *said, when))

    def _path_id(self, path: str) -> int:
        if path not in self._paths:
            self._paths[path] = len(self._names)
            self._names.append(path)
        return self._paths[path]

    def _choose(self, given: MapFile | None) -> Layout:
        if given is not None and given.layout is not None:
            return given.layout
        if not self._names:
            raise UnknownTarget(f"{self._repository.path}: no commit of {self._repository.branch} ever held a file")
        layout = recognise(map(readable, self._names), hosts=given.hosts if given else None)
        return ToSBack(self._addresses()) if isinstance(layout, ToSBack) else layout

    def _addresses(self) -> dict[tuple[str, str], str]:
        """Return the addresses that the rules of ToSBack2 give, none where the newest commit cannot be read."""
        try:
            with self._repository.blobs() as blobs:
                return read_rules(self._repository.files(), blobs.read)
        except (DamagedArchive, Unreadable):
            return {}

    def _file(self) -> None:
        """Group the paths by policy; in the Princeton–Leuven corpus each file is filed by itself."""
        numbers: dict[tuple[str, ...], int] = {}
        for path in sorted(self._names):
            place = self._layout.place(readable(path))
            number = None
            if place is not None:
                own = (path,) if self.self_describing else (place.host, place.kind, place.label)
                number = numbers.setdefault(own, len(numbers))
                self._places.setdefault(number, place)
            else:
                self._passed_over += path != MAP_NAME
            self._plan.execute("INSERT INTO paths VALUES (?, ?)", (self._paths[path], number))
        if self._names and not self._places:
            shown = ", ".join(map(readable, sorted(self._names)[:3]))
            raise UnknownTarget(f"{self._repository.path}: no file fits the map; the files are {shown}, …")
        self._plan.execute("CREATE INDEX paths_policy ON paths(policy)")
        self._plan.execute("CREATE INDEX seen_nr ON seen(nr)")
        self._plan.execute(_REPLACED)


def _number(one: Touched) -> int:
    """A number that grows from the oldest commit to the newest, with room for what is told beside one."""
    return -2 * one.order
