"""How pages of each era are made: a template for the page, and marks for the blocks of the policy in it.

===============  ==========================================================================================
font1998         font tags in upper case, a layout table, a menu at the left, a changing banner, a counter
plain1999        what a small company wrote by hand: headings, open paragraphs, rules
frames2000       the inner document of a frameset, which looks for its frame by script
breaks2003       bold headings and ``<br><br>`` in one table cell, session ids in every menu link
xhtml2006        XHTML with ``div`` containers and real headings
cms2010          a content management system: breadcrumbs, widgets, share buttons, teasers
html5            landmarks, cookie banner, table of contents, accordions as asked for by the look
generated2020    the same from a build tool: class names that change with each release
===============  ==========================================================================================
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import resources
from string import Template

from harvest.simulator.sample.markup import Group, cells, groups
from harvest.simulator.sample.model import Page

Block = Callable[[Group, Page], str]


def render(page: Page) -> str:
    """The page as the site's server would have sent it."""
    name, block, glue = _ERAS[page.look.era]
    bold = "b" if name in ("font1998", "plain1999", "frames2000", "breaks2003") else "strong"
    blocks = [block(group, page) for group in groups(page, bold=bold)]
    body = _accordion(page) if page.look.options.get("accordion") else glue.join(blocks)
    if page.look.era == "breaks2003":
        body = body.replace("</b><!--h--><br><br>", "</b><br>")  # one break after a heading, two elsewhere
    return template(name).substitute(_fields(page, _contents(page) + body))


@cache
def template(name: str) -> Template:
    """A template of the folder ``templates``."""
    path = resources.files(__package__) / "templates" / f"{name}.html"
    return Template(path.read_text(encoding="utf-8"))


def _fields(page: Page, body: str) -> Mapping[str, str]:
    charset = page.look.declared
    identifier, small, number, teaser = page.noise
    return {
        "name": html.escape(page.company.name),
        "line": html.escape(page.company.line),
        "host": page.company.host,
        "language": page.company.language,
        "title": html.escape(page.wording.title),
        "body": body,
        "url": page.url,
        "menu": _menu(page),
        "links": "".join(f'<li><a href="{_path(item)}?ref=footer">{item}</a></li>' for item in page.company.menu),
        "meta": f'<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset={charset}">\n' if charset else "",
        "charset": charset or "utf-8",
        "prolog": f'<?xml version="1.0" encoding="{charset}"?>\n' if page.look.options.get("prolog") else "",
        "colour": page.look.options.get("colour", "#003366"),
        "banner": _banner(page),
        "article": _article(page),
        "year": str(page.when.year),
        "digit": str(page.when.year % 10),
        "ctime": f"{page.when:%a %b %d %H:%M:%S %Y}",
        "long_date": f"{page.when:%A, %B %d, %Y}",
        "id": identifier,
        "small": small,
        "number": number,
        "teaser": teaser,
    }


def _path(item: str) -> str:
    return f"/{item.lower().split()[0]}"


def _menu(page: Page) -> str:
    items = page.company.menu
    match page.look.era:
        case "font1998":
            face = '<FONT FACE="Arial, Helvetica" SIZE="2">'
            return "<BR>\n".join(f'{face}<A HREF="{_path(item)}.html">{item}</A></FONT>' for item in items)
        case "plain1999" | "frames2000":
            return " | ".join(f'<a href="{_path(item)}.html">{item}</a>' for item in items[1:])
        case "breaks2003":
            query = f"?sid={page.noise[0]}"
            return " | ".join(f'<a class="nav" href="{_path(item)}.asp{query}">{item}</a>' for item in items)
        case _:
            return "".join(f'<li class="menu-item"><a href="{_path(item)}/">{item}</a></li>\n' for item in items)


def _banner(page: Page) -> str:
    text = page.look.options.get("banner", "")
    if not text:
        return ""
    return (
        f'<div id="cookie-banner" class="cookie-consent" role="dialog" aria-live="polite"><p>{text}</p>'
        '<button type="button" class="accept">Accept</button> <button type="button">Settings</button></div>\n'
    )


def _article(page: Page) -> str:
    if page.look.era != "generated2020":
        return 'class="legal"'
    mark = page.noise[0][:6]
    return f'class="css-{mark} e1{mark}" data-page="{page.noise[2]}"'


def _contents(page: Page) -> str:
    if not page.look.options.get("contents"):
        return ""
    found = [group for group in groups(page) if group.kind == "heading" and group.level == 1]
    links = "".join(f'<li><a href="#{group.key}">{group.texts[0]}</a></li>' for group in found)
    return f'<nav class="toc" aria-label="On this page"><ol>{links}</ol></nav>\n'


# --- blocks --------------------------------------------------------------------------------------------------


def _font(group: Group, page: Page) -> str:
    face = '<FONT FACE="Arial, Helvetica" SIZE="2">'
    match group.kind:
        case "heading":
            colour = page.look.options.get("colour", "#003366")
            return f'<P><FONT FACE="Arial, Helvetica" SIZE="3" COLOR="{colour}"><B>{group.texts[0]}</B></FONT></P>'
        case "item":
            return "<UL>\n" + "\n".join(f"<LI>{face}{text}</FONT>" for text in group.texts) + "\n</UL>"
        case "row":
            return _table(group, 'border="1" cellpadding="3"', f"{face}%s</FONT>").replace("table", "TABLE")
        case _:
            return f"<P>{face}{group.texts[0]}</FONT>"


def _plain(group: Group, page: Page) -> str:
    match group.kind:
        case "heading":
            return f"<h{group.level + 2}>{group.texts[0]}</h{group.level + 2}>"
        case "item":
            return "<ul>\n" + "\n".join(f"<li>{text}" for text in group.texts) + "\n</ul>"
        case "row":
            return _table(group, 'border="1"')
        case _:
            return f"<p>{group.texts[0]}"


def _framed(group: Group, page: Page) -> str:
    colour = page.look.options.get("colour", "#663300")
    match group.kind:
        case "heading":
            return f'<p><font face="Verdana, Arial" size="2" color="{colour}"><b>{group.texts[0]}</b></font><br>'
        case "item":
            items = "\n".join(f'<li><font face="Times New Roman">{text}</font></li>' for text in group.texts)
            return f"<ul>{items}</ul>"
        case "row":
            return _table(group, 'border="1" cellspacing="0" cellpadding="4" width="100%"')
        case _:
            return f'<p><font face="Times New Roman, Times" size="3">{group.texts[0]}</font></p>'


def _broken(group: Group, page: Page) -> str:
    match group.kind:
        case "heading":
            return f"<b>{group.texts[0]}</b><!--h-->"
        case "item":
            return "<br>\n".join(f"&#8226; {text}" for text in group.texts)
        case "row":
            return _table(group, 'border="1" cellpadding="2"')
        case _:
            return group.texts[0]


def _boxed(group: Group, page: Page) -> str:
    if group.kind == "heading":
        level = group.level + 2
        return f'<h{level} id="{group.key}">{group.texts[0]}</h{level}>'
    return _modern(group, page)


def _modern(group: Group, page: Page) -> str:
    match group.kind:
        case "heading":
            return f'<h{group.level + 1} id="{group.key}">{group.texts[0]}</h{group.level + 1}>'
        case "item":
            return "<ul>\n" + "\n".join(f"<li>{text}</li>" for text in group.texts) + "\n</ul>"
        case "row":
            return _headed_table(group)
        case _:
            return f"<p>{group.texts[0]}</p>"


def _generated(group: Group, page: Page) -> str:
    mark = page.noise[0][:6]
    block = _modern(group, page).replace(">", f' class="sc-{mark}">', 1)
    return f'<div class="css-{mark}">{block}</div>'


def _table(group: Group, attributes: str, cell_form: str = "%s") -> str:
    rows = ["".join(f"<td>{cell_form % cell}</td>" for cell in cells(text)) for text in group.texts]
    return f"<table {attributes}>\n" + "\n".join(f"<tr>{row}</tr>" for row in rows) + "\n</table>"


def _headed_table(group: Group) -> str:
    head, *rows = [cells(text) for text in group.texts]
    heads = "".join(f"<th>{cell}</th>" for cell in head)
    lines = ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows]
    return "\n".join([f"<table><thead><tr>{heads}</tr></thead><tbody>", *lines, "</tbody></table>"])


def _accordion(page: Page) -> str:
    return "\n".join([*_panels(page), "</div></section>"])


def _panels(page: Page) -> Iterator[str]:
    is_open = False
    for group in groups(page, bold="strong"):
        if group.kind != "heading" or group.level != 1:
            yield _modern(group, page)
            continue
        if is_open:
            yield "</div></section>"
        button = f'<button type="button" aria-expanded="false" aria-controls="p-{group.key}">{group.texts[0]}</button>'
        yield f'<section class="accordion"><h2>{button}</h2><div id="p-{group.key}" hidden>'
        is_open = True


# era: (template, blocks, what stands between them)
_ERAS: Mapping[str, tuple[str, Block, str]] = {
    "font1998": ("font1998", _font, "\n"),
    "plain1999": ("plain1999", _plain, "\n"),
    "frames2000": ("frames2000", _framed, "\n"),
    "breaks2003": ("breaks2003", _broken, "<br><br>\n"),
    "xhtml2006": ("xhtml2006", _boxed, "\n"),
    "cms2010": ("cms2010", _boxed, "\n"),
    "html5": ("html5", _modern, "\n"),
    "generated2020": ("html5", _generated, "\n"),
}
ERAS = tuple(_ERAS)
