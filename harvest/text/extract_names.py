"""What class names and ids say of a part of a page: a way around the site, its frame, a box on some topic."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

# Words in class names and ids, between word edges (``-``, ``_``, digits, capital letters). The first kind names ways
# around a site, the second the frame of a page, the third what policies write about too: those count only for short
# elements.
_WAYS = (
    "nav navi navbar navigation navigations subnav topnav sidenav mainnav menu menus submenu mainmenu menubar "
    "breadcrumb breadcrumbs crumbs crumb sidemenu skip skiplink skiplinks pagination pager megamenu hamburger "
    "backtotop scrolltop totop langswitcher switcher"
)
_FRAME = (
    "sidebar sidebars footer foot footers topbar masthead modal overlay lightbox toolbar offcanvas drawer "
    "branding tagline slogan toast snackbar popup"
)
_TOPIC = (
    "social share sharing sharethis addthis newsletter subscribe signup login comments disqus related recommended "
    "searchbox searchform search dropdown copyright advert advertisement ads sponsor promo feedback languages language "
    "printonly helpful vote votes rating tags byline author"
)
_WAYS_NAME = re.compile(r"(?<![a-z])(?:" + "|".join(_WAYS.split()) + r")(?![a-z])")
_FRAME_NAME = re.compile(
    r"(?<![a-z])(?:" + "|".join(_FRAME.split()) + r"|site-(?:header|title|description)|widget-area)(?![a-z])"
)
_TOPIC_NAME = re.compile(r"(?<![a-z])(?:" + "|".join(_TOPIC.split()) + r"|back-to-top|to-top)(?![a-z])")
_READER_ONLY = re.compile(r"(?<![a-z])(?:sr-only|visually-?hidden|screen-?reader(?:-text)?)(?![a-z])")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Kinds(NamedTuple):
    """What a name speaks of; several may be true."""

    ways: bool  # around the site
    frame: bool  # of the page
    topic: bool  # what policies write about too
    reader_only: bool  # for screen readers only


@lru_cache(maxsize=4096)
def kinds_of(names: str, ident: str) -> Kinds:
    """Return what a class attribute and an id speak of."""
    label = _CAMEL.sub("-", f"{names[:400]} {ident[:200]}").lower()
    return Kinds(
        _WAYS_NAME.search(label) is not None,
        _FRAME_NAME.search(label) is not None,
        _TOPIC_NAME.search(label) is not None,
        _READER_ONLY.search(label) is not None,
    )
