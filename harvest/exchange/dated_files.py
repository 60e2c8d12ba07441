"""A folder of saved pages with dates in their names as a `History`: ``SITE/2019-05-01.html`` and the like."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from harvest.archive.discovery_addresses import guess_kind
from harvest.counting import count_of
from harvest.errors import NotAPolicy, UnknownTarget
from harvest.exchange.git_layouts import Layout, Place, slug
from harvest.exchange.git_map import MapFile
from harvest.exchange.histories import Filing, Sighted, Unreadable, readable
from harvest.exchange.princeton_leuven import header_of
from harvest.timestamps import parse_stamp

_DATE = re.compile(
    r"(?<!\d)((?:199|20\d)\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])"
    r"(?:[-_.T ]?([01]\d|2[0-4])[-_.:h]?([0-5]\d)(?:[-_.:m]?([0-5]\d)(?:[.,]\d{1,9}(?=Z))?([+-]\d\d:?\d\d)?)?)?"
    r"(?!\d)(?:Z(?![^\W_]))?"
)
_HOST = re.compile(r"(?:www\.)?((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})", re.I)
_SUFFIXES = {".html": "text/html", ".htm": "text/html", ".md": "text/markdown", ".txt": "text/plain"}
_HTML = (".html", ".htm")
#: Files of a folder that are looked into before it is taken for one of files that describe themselves.
_LOOKED_AT = 20

#: A moment, whether it is approximate, and the path of a file.
_Dated = tuple[datetime, bool, str]


class _ByFolder:
    """``[DATE/]HOST/[DOCUMENT/][DATE][-DOCUMENT].html``: the folder named like a host is the site."""

    archive = "files"

    def place(self, path: str) -> Place | None:
        """Return the policy of a file; the words beside site and date name the document."""
        parts = path.split("/")
        hosts = [_HOST.fullmatch(part) for part in parts[:-1]]
        host = next((match[1].lower() for match in hosts if match), "")
        suffix = Path(path).suffix.lower()
        if not host or suffix not in _SUFFIXES:
            return None
        words = [part for part, match in zip(parts[:-1], hosts, strict=True) if not match]
        name = " ".join(_DATE.sub(" ", word) for word in (*words, Path(path).stem)).strip(" -_.")
        kind = guess_kind("", name) if name else "privacy"
        label = "" if not name or slug(name) in (kind, f"{kind}-policy") else slug(name)
        form = "raw" if suffix in _HTML else "derived"
        return Place(host, kind, label, form=form, mimetype=_SUFFIXES[suffix])


class DatedFiles:
    """The files below a folder whose path holds a date. Raises UnknownTarget where no policy is among them."""

    self_describing = False

    def __init__(self, folder: Path, given: MapFile | None = None) -> None:
        self._folder = folder
        self._layout: Layout = given.layout if given is not None and given.layout else _ByFolder()
        self.archive = self._layout.archive
        files: dict[tuple[str, str, str], list[_Dated]] = {}
        self._passed_over: list[str] = []
        for path in sorted(_pages(folder)):
            place = self._layout.place(readable(path)) if _DATE.search(path) else None
            if place is not None:
                found = files.setdefault((place.host, place.kind, place.label), [])
                found.append((*_date_of(path), path))
            else:
                self._passed_over.append(readable(path))
        self._odd_names = {
            readable(path): path for some in files.values() for _, _, path in some if readable(path) != path
        }
        self._files = [sorted(files[key]) for key in sorted(files)]
        if not self._files:
            raise UnknownTarget(f"{folder}: no dated page in a folder named like a host; say with --map what is what")

    def warnings(self) -> tuple[str, ...]:
        """Return how many pages have no date in their names, or are of nobody, and what some of them are called."""
        passed = self._passed_over
        if not passed:
            return ()
        shown = ", ".join(passed[:3]) + (", …" if len(passed) > 3 else "")
        return (
            f"{count_of(len(passed), 'file')} below {self._folder} have no date such as 2019-05-31 or no host in their"
            f" names and were passed over: {shown}",
        )

    def filings(self) -> Iterator[Filing]:
        """Yield the policies in order of host, kind and label."""
        for number, files in enumerate(self._files):
            yield Filing(number, self._place(files[0][2]), len(files))

    def sightings(self, filing: Filing) -> Iterator[Sighted]:
        """Yield the pages of one policy, oldest first."""
        for when, approximate, path in self._files[filing.number]:
            place = self._place(path)
            content = _digest(self._folder / path)
            url = "file:" + quote(f"{place.host}/{place.kind}" + (f"/{place.label}" if place.label else ""))
            remark = readable(path)
            yield Sighted(place, when, content, url, place.url, remark=remark, approximate=approximate)

    def _place(self, path: str) -> Place:
        place = self._layout.place(readable(path))
        assert place is not None
        return place

    def damage(self) -> tuple[str, ...]:
        """Return nothing: files are read one by one."""
        return ()

    def read(self, sighted: Sighted, *, most: int) -> bytes:
        """Return the bytes of a file. Raises Unreadable."""
        path = self._folder / self._odd_names.get(sighted.remark, sighted.remark)
        try:
            size = path.stat().st_size
            if size <= most:
                return path.read_bytes()
        except OSError as error:
            raise Unreadable(f"{path}: {error.strerror}") from error
        raise Unreadable(f"{size} bytes are no policy")


def holds_dated_pages(path: Path, *, mapped: bool = False) -> bool:
    """True for a folder of HTML pages with dates in their names below a folder named like a host, or with a map.

    Files of the Princeton–Leuven corpus say themselves what they are, whatever they are called.
    """
    if not path.is_dir():
        return False
    dated = (name for name in _pages(path) if _DATE.search(name))
    named = (name for name in dated if mapped or _ByFolder().place(readable(name)) is not None)
    return any(not _describes_itself(path / name) for name in islice(named, _LOOKED_AT))


def _pages(folder: Path) -> Iterator[str]:
    for file in folder.rglob("*"):
        name = file.relative_to(folder).as_posix()
        if file.suffix.lower() in _SUFFIXES and file.is_file() and "/." not in f"/{name}":
            yield name


def _digest(file: Path) -> str:
    """Return what tells the content of a file from others; one that cannot be read is read, and told of, later."""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, lambda: hashlib.sha1(usedforsecurity=False)).hexdigest()
    except OSError:
        return "0" * 40


def _describes_itself(file: Path) -> bool:
    try:
        header_of(file.read_bytes()[:20_000], str(file))
    except (NotAPolicy, OSError):
        return False
    return True


def _date_of(path: str) -> tuple[datetime, bool]:
    """Return the last date in a path, UTC where it says no zone, and whether it is known to the day alone.

    Dates of folders are those of collections.

    >>> _date_of("2019-06-01/alder.example/2019-05-01T10-20-30+0200.html")[0].isoformat()
    '2019-05-01T08:20:30+00:00'
    >>> _date_of("alder.example/20190501.html")
    (datetime.datetime(2019, 5, 1, 0, 0, tzinfo=datetime.timezone.utc), True)
    """
    *parts, zone = list(_DATE.finditer(path))[-1].groups()
    moment, approximate = parse_stamp("".join(part for part in parts if part))
    digits = (zone or "+0000").replace(":", "")
    ahead = timedelta(hours=int(digits[:3]), minutes=int(digits[0] + digits[3:]))
    return moment - ahead, approximate
