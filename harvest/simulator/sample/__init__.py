"""The sample archive: invented companies under ``.example``, written for this project.

`write_bundled` writes the archive that ``harvest demo`` harvests; `write_sample` writes other companies from a
seed, for tests. Both write one WARC file a host and ``targets.toml``. Nothing else in the program knows them.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from harvest.simulator.sample.invent import invent
from harvest.simulator.sample.model import Company
from harvest.simulator.sample.write import write_companies
from harvest.simulator.sample.writing import read_company


def bundled_companies() -> list[Company]:
    """The companies of the bundled sample, by file name."""
    folder = resources.files(__package__) / "companies"
    sources = sorted((item for item in folder.iterdir() if item.name.endswith(".toml")), key=lambda item: item.name)
    return [read_company(item.read_text(encoding="utf-8")) for item in sources]


def write_bundled(folder: Path) -> list[Path]:
    """Write the bundled sample archive into *folder*; return its WARC files."""
    return write_companies(folder, bundled_companies())


def write_sample(folder: Path, *, seed: int, companies: int = 3) -> list[Path]:
    """Write other companies, made up from *seed*, into *folder*; return their WARC files."""
    return write_companies(folder, invent(seed, companies), seed=str(seed))


__all__ = ["Company", "bundled_companies", "invent", "write_bundled", "write_companies", "write_sample"]
