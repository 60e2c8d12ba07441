"""The direction of imports between the rooms of the design, walked over every source file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BASE = {
    "_version",
    "model",
    "errors",
    "config",
    "counting",
    "policy_names",
    "timestamps",
    "urls",
    "visible",
    "engine",
    "engine_crew",
    "engine_dask",
    "engine_forked",
    "targets",
    "clock",
}
PIPELINE = {
    "marking",
    "plan",
    "pipeline",
    "pipeline_discovery",
    "pipeline_events",
    "pipeline_fetch",
    "pipeline_history",
    "pipeline_import",
    "pipeline_listing",
    "pipeline_policy",
    "pipeline_recording",
    "pipeline_seams",
    "pipeline_steps",
    "resolve",
}
PURE = BASE | {"text", "compare"}

# room → what it may import of ours (besides itself)
MAY_IMPORT = {
    **{name: BASE for name in BASE},
    "text": BASE,
    "compare": BASE | {"text"},  # the comparison form of a string is text's
    "archive": PURE,
    "corpus": PURE,
    "exchange": PURE | {"corpus", "archive"},
    "simulator": PURE | {"archive"},
    "web": PURE | {"corpus"},
    **{name: PURE | {"archive", "corpus", "exchange", *PIPELINE} for name in PIPELINE},
}

# library → rooms that may touch it
DOORS = {
    "requests": {"archive"},
    "urllib3": {"archive"},
    "waybackpy": {"archive"},
    "sqlite_utils": {"corpus"},
    "datasette": {"cli", "web", "plugins"},
}
NO_INPUT_OUTPUT = {"sqlite3", "socket", "requests", "urllib3", "http", "urllib.request", "subprocess", "datasette"}
TAKES_A_CONNECTION = ROOT / "harvest" / "compare" / "sql.py"  # registers pure functions on a connection it is given


def source_files() -> list[Path]:
    return sorted([*(ROOT / "harvest").rglob("*.py"), *(ROOT / "plugins").glob("*.py")])


def room_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return "plugins" if parts[0] == "plugins" else parts[1]


def imports_of(path: Path) -> Iterator[str]:
    """Yield every imported module, those inside functions too, with relative ones made absolute."""
    package = path.relative_to(ROOT).with_suffix("").parts
    package = package[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (start, node.module or "") if part)
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def our_rooms(path: Path) -> set[str]:
    parts = (name.split(".") for name in imports_of(path) if name.startswith("harvest."))
    return {part[1] for part in parts if (ROOT / "harvest" / part[1]).is_dir() or _module(part[1]).is_file()}


def _module(name: str) -> Path:
    return ROOT / "harvest" / f"{name}.py"


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", source_files(), ids=short)
def test_imports_point_inwards(path: Path) -> None:
    """A room imports only the rooms below it."""
    room = room_of(path)
    if room in ("cli", "api", "__init__", "__main__", "plugins"):
        return

    assert our_rooms(path) - {room} <= MAY_IMPORT[room]


@pytest.mark.parametrize("path", sorted((ROOT / "plugins").glob("*.py")), ids=short)
def test_plugins_read_only(path: Path) -> None:
    """Plugins import reads, comparison and what the web shares: never the store, never the archive."""
    names = {name for name in imports_of(path) if name.startswith("harvest.")}

    assert our_rooms(path) <= BASE | {"compare", "corpus", "web", "text"}
    assert not {name for name in names if name.startswith("harvest.corpus.store")}


@pytest.mark.parametrize("path", source_files(), ids=short)
def test_libraries_have_one_door(path: Path) -> None:
    """Only the archive talks HTTP, only the corpus writes through sqlite-utils, only the edge knows Datasette."""
    room = room_of(path)
    touched = {name.split(".")[0] for name in imports_of(path)} & DOORS.keys()

    assert all(room in DOORS[library] for library in touched), touched


@pytest.mark.parametrize("room", ["text", "compare"])
def test_pure_rooms_do_no_input_or_output(room: str) -> None:
    """Text and compare know nothing of SQLite, HTTP or processes."""
    for path in sorted((ROOT / "harvest" / room).rglob("*.py")):
        if path == TAKES_A_CONNECTION:
            continue
        assert not set(imports_of(path)) & NO_INPUT_OUTPUT, short(path)
