"""A Wayback-compatible server over WARC files, with faults on request, and the bundled sample archive.

`serve` answers as web.archive.org does: the index (``/cdx/search/cdx``) and playback (``/web/<stamp>id_/<url>``).
`sample` writes the archive of invented companies that the demonstration and the tests harvest.
"""

from __future__ import annotations

from harvest.simulator.server import Simulator, serve

__all__ = ["Simulator", "serve"]
