"""How people lay out histories of policies in git: which file is which policy, and what a commit says beside.

Recognised by the paths alone, so that mirrors, rewritten and partial histories are read too. What the layout does not
say is left open: a service of Open Terms Archive is a name, no host, unless ``--map`` gives one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from harvest.archive.discovery_addresses import guess_kind
from harvest.errors import UnknownTarget
from harvest.model import RE_EXTRACTED

#: Sites whose host nobody told us end in this: a name that no host can have, yet with the dot that addresses need.
NO_HOST = ".ota"
#: Share of a history's files that must fit a layout; the rest are read-mes, rules, licences.
_MOST = 0.6
#: Documents that are *the* policy of their kind; all others of a site carry their name as label.
_PLAIN = {
    "privacy policy": "privacy",
    "terms of service": "terms",
    "trackers policy": "cookies",
    "cookie policy": "cookies",
    "cookies policy": "cookies",
}
_RAW = {"html": "text/html", "htm": "text/html", "xhtml": "application/xhtml+xml", "pdf": "application/pdf"}
_MARKDOWN = {"md": "text/markdown", "markdown": "text/markdown", "txt": "text/plain", "text": "text/plain"}
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.I)
_UPGRADE = ("Apply technical or declaration upgrade on", "Refilter ")
_FOLLOWING = re.compile(r"Update .{1,300} following .{0,200}(?:upgrade|declaration|engine)", re.I)
_LINK = re.compile(r"https?://[^\s<>()\"']{4,2000}")
_REPOSITORY = re.compile(r"https?://(?:www\.)?(?:github|gitlab)\.com/[^/]+/[^/]+/(?:commit|blob|tree)/")


@dataclass(frozen=True, slots=True)
class Place:
    """The policy a file shows. *url*: where the page was, '' where the layout does not say. *form* as of captures."""

    host: str
    kind: str
    label: str
    name: str = ""
    url: str = ""
    form: str = "derived"
    mimetype: str = "text/plain"


class Layout(Protocol):
    """A way of laying out a history. *archive* names it in the corpus."""

    @property
    def archive(self) -> str: ...

    def place(self, path: str) -> Place | None:
        """Return the policy a path is of; None for files that are no policy."""
        ...


@dataclass(frozen=True, slots=True)
class OpenTermsArchive:
    """``SERVICE/TERMS TYPE.md`` (versions) and ``….html`` (snapshots); a document id follows ``#``.

    *hosts* says at which host people know a service.
    """

    hosts: Mapping[str, str] = field(default_factory=dict)
    archive: str = "open-terms-archive"

    def place(self, path: str) -> Place | None:
        """Return the policy of a file two levels deep."""
        service, _, file = path.partition("/")
        stem, _, suffix = file.rpartition(".")
        if "/" in file or not stem or service.startswith("."):
            return None
        mimetype = _RAW.get(suffix.lower()) or _MARKDOWN.get(suffix.lower())
        if mimetype is None or suffix.lower() == "txt":
            return None
        kind, label = kind_and_label(stem)
        form = "raw" if suffix.lower() in _RAW else "derived"
        return Place(self._host(service), kind, label, service, form=form, mimetype=mimetype)

    def _host(self, service: str) -> str:
        if service in self.hosts:
            return self.hosts[service]
        return service.lower() if _HOST.fullmatch(service) else slug(service) + NO_HOST


@dataclass(frozen=True, slots=True)
class ToSBack:
    """``crawl/SITE/DOCUMENT.txt``, also ``crawl_reviewed/…``: the text of a page with some of its tags."""

    urls: Mapping[tuple[str, str], str] = field(default_factory=dict)
    archive: str = "tosback2"

    def place(self, path: str) -> Place | None:
        """Return the policy of a crawled file."""
        match = re.fullmatch(r"(?:crawl|crawl_reviewed)/([^/]+)/([^/]+)\.txt", path)
        if match is None:
            return None
        kind, label = kind_and_label(match[2])
        url = self.urls.get((match[1], match[2]), "")
        return Place(match[1].lower(), kind, label, url=url)


@dataclass(frozen=True, slots=True)
class PrincetonLeuven:
    """``a/ab/abc/abc.example.md`` and ``.html``: each file says in its header which policy it shows."""

    archive: str = "princeton-leuven"

    def place(self, path: str) -> Place | None:
        """Return the site a file was filed under; its policy is known when it is read."""
        *folders, file = path.split("/")
        host, _, suffix = file.rpartition(".")
        if len(folders) < 3 or folders[-3:] != [host[:1], host[:2], host[:3]] or suffix not in ("md", "html"):
            return None
        mimetype = "text/html" if suffix == "html" else "text/markdown"
        return Place(host, "privacy", "", mimetype=mimetype)


def recognise(paths: Iterable[str], *, hosts: Mapping[str, str] | None = None) -> Layout:
    """Return the layout most of the paths fit. Raises UnknownTarget where none does: a map must say what they are."""
    found = list(paths)
    layouts: tuple[Layout, ...] = (PrincetonLeuven(), ToSBack(), OpenTermsArchive(hosts or {}))
    for layout in layouts:
        fitting = sum(layout.place(path) is not None for path in found)
        if fitting and fitting >= _MOST * sum(map(_may_be_policy, found)):
            return layout
    shown = ", ".join(sorted(found)[:3])
    raise UnknownTarget(f"a history of an unknown layout ({shown}, …): say which files are which policies with --map")


def is_upgrade(message: str) -> bool:
    """True for a commit that extracted a page with other rules than the one before it.

    The page itself may have changed since: where the old rules found nothing, nobody put down what it said.

    >>> is_upgrade("Apply technical or declaration upgrade on Alder Terms of Service")
    True
    >>> is_upgrade("Record new changes of Alder Terms of Service")
    False
    """
    return message.startswith(_UPGRADE) or _FOLLOWING.match(message) is not None


def remark(message: str) -> str:
    """Return what a commit message says of a capture that a reader should know, '' if nothing."""
    subject = message.strip().partition("\n")[0]
    return f"{RE_EXTRACTED}: {subject[:300]}" if is_upgrade(message) else ""


def source_url(message: str) -> str:
    """Return the address of the page a commit message names, '' if it names none or only other commits."""
    links = (link[0].rstrip(".,;") for link in _LINK.finditer(message))
    return next((link for link in links if not _REPOSITORY.match(link)), "")


def source_of(message: str) -> str:
    """Return where a page was by its commit: an address in the text, or the snapshot a commit's JSON names."""
    if '"policy_snapshot_url"' in message:
        return str(read_commit(message).get("policy_snapshot_url") or "")
    return source_url(message)


def read_commit(message: str) -> Mapping[str, Any]:
    """Return the JSON object in the message of a Princeton–Leuven commit, empty if there is none.

    It is not strict: numbers that are missing are a bare ``NaN``, hashes are unsigned and wider than SQLite's.
    """
    start = message.find("{")
    try:
        found = json.loads(message[start:]) if start >= 0 else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def kind_and_label(document: str) -> tuple[str, str]:
    """Return kind and label of a document by its name; the label is '' for the plain names of a kind.

    >>> kind_and_label("Privacy Policy"), kind_and_label("Developer Terms"), kind_and_label("Terms of Service #b2b")
    (('privacy', ''), ('terms', 'developer-terms'), ('terms', 'terms-of-service-b2b'))
    """
    plain = _PLAIN.get(document.casefold())
    return (plain, "") if plain else (guess_kind("", document), slug(document))


def slug(name: str) -> str:
    """Return a name fit for a label or host: lower case, letters and digits joined by hyphens."""
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-")[:60] or "unnamed"


def _may_be_policy(path: str) -> bool:
    """False for programs and for what lies about in every repository."""
    name = path.rpartition("/")[2].lower()
    return name.rpartition(".")[2] in (*_RAW, *_MARKDOWN) and not name.startswith(
        (".", "readme", "license", "licence", "changelog", "contributing", "code_of_conduct")
    )
