"""What the Datasette plugins share: addresses, permission, reading under a time limit, pages and their policy.

Everything that differs between Datasette 0.65 and 1.0 is in `harvest.web.access` and `harvest.web.descriptions`.
"""

from __future__ import annotations

from harvest.web.access import ensure_can_view
from harvest.web.address import Address, parse_address
from harvest.web.host import Visit, routes_of
from harvest.web.links import Links

__all__ = ["Address", "Links", "Visit", "ensure_can_view", "parse_address", "routes_of"]
