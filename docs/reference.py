"""The parts of README.md that are written from the program itself: `make docs`; a test checks that they agree.

Written by hand over click's parameters and not from ``--help``, whose wording differs between versions of click.
"""

from __future__ import annotations

import inspect
import shlex
import shutil
import sqlite3
from tempfile import TemporaryDirectory

import click
from click.testing import CliRunner

import harvest
from harvest.cli import COMMANDS, main
from harvest.corpus.compact import SHOWN_AS
from harvest.corpus.store_opening import open_memory

# What a table or view holds, in a line. The test fails for a table without one.
TABLES = {
    "meta": "settings of the file: whether it is the sample, whose normaliser and rules wrote it, what trends count",
    "sites": "hosts people know",
    "policies": "tracked documents of a site: `privacy`, `terms`, `cookies`, `other`",
    "site_policies": "sites that point at another site's policy",
    "policy_urls": "where a policy lives and lived, with the evidence",
    "listings": "answers of an archive's index; `rows` = added + known + repeated + malformed",
    "listing_oddities": "lines of a listing that could not be read, kept as they came",
    "captures": "one row for each listed capture, with exactly one `outcome` and its reason",
    "bodies": "the bytes of captures, delta-compressed and checksummed",
    "judgements": "what a person decided; survives every rebuild",
    "forgotten": "what was taken down, by whom and why: it is not harvested or imported again until that is lifted",
    "pointers": "pages that were seen to link to a policy, from when to when, with which words",
    "unsettled": "policies whose versions do not follow their captures yet; empty unless something was interrupted",
    "runs": "what was run, with which settings",
    "events": "what went wrong in a run",
    "texts": "distinct normalised wordings of a policy",
    "lineages": "sections followed through renames, renumbering and moves",
    "sections": "distinct wordings of one part of a policy",
    "text_sections": "which sections a text has, in order, with number and lineage",
    "clauses": "paragraphs, list items and table rows; each stored once for the whole corpus",
    "section_clauses": "which clauses a section has, in order",
    "versions": "runs of captures that show the same text, with all their bounds",
    "diffs": "comparisons of two texts, once for each pair",
    "changes": "lines of a diff",
    "change_clauses": "the clauses on both sides of a change",
    "transitions": "from one version to the next, with the diff; `silent` kept its stated date",
    "clauses_fts": "full text search over clauses",
    "headings_fts": "full text search over headings",
    "section_stays": "from which place of a main line to which a wording of a section stood there",
    "clause_stays": "from which place of a main line to which a clause stood there",
    "half_years": "versions in force at the ends of half-years (twice the year, plus one in the second half)",
    "wide_diffs": "the comparison of a policy's first and last text as pages show it, packed, where they are long",
    "body_rows": "beneath `bodies`: digests as bytes",
    "text_rows": "beneath `texts`: digests as bytes",
    "clause_rows": "beneath `clauses`: digests as bytes",
    "clause_links": "beneath `clauses`: where links stand in their words",
    "link_targets": "beneath `clauses`: the addresses links lead to, each once",
    "section_rows": "beneath `sections`: digests as bytes, words as numbers",
    "clause_runs": "beneath `section_clauses`: clauses that follow each other in many sections",
    "section_parts": "beneath `section_clauses`: of which runs of clauses a section consists",
    "section_runs": "beneath `text_sections`: sections that follow each other in many texts",
    "text_parts": "beneath `text_sections`: of which runs of sections a text consists",
    "reasons": "beneath `changes`: their reasons, each once",
    "change_rows": "beneath `changes`: words as numbers",
    "change_clause_rows": "beneath `change_clauses`: words as numbers",
    "history": "view: one row a version, with site, bounds, tier, words and archive address",
    "change_log": "view: one row a change, with both texts",
    "version_text": "view: the whole text of a version",
    "section_text": "view: the text of a section in a version",
    "clause_presence": "view: one row an interval in which a clause stood; filter by `clause_id` or `policy_id`",
    "capture_ledger": "view: captures by policy and outcome; `assumed`: not fetched, for those around show the same",
}


def commands() -> str:
    """Return every command with its arguments, options and defaults as Markdown."""
    context = click.Context(main)
    return "\n\n".join(_command(name, main.get_command(context, name)) for name in COMMANDS)


def _command(name: str, command: click.Command | None) -> str:
    assert command is not None
    arguments = [
        item.make_metavar(click.Context(command)) for item in command.params if isinstance(item, click.Argument)
    ]
    options = [item for item in command.params if isinstance(item, click.Option)]
    usage = " ".join(("harvest", name, "[OPTIONS]", *arguments))
    lines = [f"### harvest {name}", f"`{usage}`", inspect.cleandoc(command.help or "")]
    if options:
        lines.append("\n".join(("| option | |", "|---|---|", *map(_option, options))))
    return "\n\n".join(lines)


def _option(option: click.Option) -> str:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    if not option.is_flag:
        choices = getattr(option.type, "choices", None)
        metavar = (
            "\\|".join(str(getattr(item, "value", item)) for item in choices if item) if choices else _metavar(option)
        )
        names += f" {metavar}"
    notes = [option.help or ""]
    if option.show_default and option.default not in (None, "", False):
        notes.append(f"Default: `{option.default}`.")
    if option.envvar:
        notes.append(f"Environment: `{option.envvar}`.")
    return f"| {names} | {' '.join(notes)} |"


def _metavar(option: click.Option) -> str:
    name = {"integer": "number", "integer range": "number"}.get(option.type.name, option.type.name)
    return (option.metavar or name.upper()).replace("|", "\\|")


def output(command: str) -> str:
    """Return a command and what it prints over the sample corpus, as a Markdown block.

    Over a copy: a command brings a corpus of an older schema up to date, and to write documents should change no other.
    """
    with TemporaryDirectory() as folder:
        sample = shutil.copy("corpus.db", folder)
        result = CliRunner().invoke(main, [*shlex.split(command)[1:], "--db", str(sample)], env={"HARVEST_DB": ""})
    if result.exit_code:
        raise RuntimeError(f"{command}: {result.output}")
    return f"```\n$ {command}\n{result.stdout.rstrip()}\n```"


def functions() -> str:
    """Return the functions of `harvest` with their parameters and what they give."""
    names = [name for name in harvest.__all__ if inspect.isfunction(getattr(harvest, name))]
    return "\n".join(("| function | gives |", "|---|---|", *map(_function, sorted(names))))


def _function(name: str) -> str:
    function = getattr(harvest, name)
    parameters = ", ".join(inspect.signature(function).parameters)
    first = inspect.cleandoc(function.__doc__ or "").split("\n\n")[0].replace("\n", " ").replace("``", "`")
    return f"| `{name}({parameters})` | {first} |"


def schema() -> str:
    """Return every table and view with its columns as a Markdown table."""
    conn = open_memory()
    names = [
        row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY rowid")
    ]
    ours = [name for name in names if not _internal(name)]
    lines = [f"| `{name}` | {TABLES[name]} | {_columns(conn, name)} |" for name in sorted(ours, key=_place)]
    return "\n".join(("| table | holds | columns |", "|---|---|---|", *lines))


def picture() -> str:
    """Return the tables and how they point at each other, as a diagram in Mermaid's language."""
    conn = open_memory()
    ours = [name for name in TABLES if not _internal(name) and "_fts" not in name]
    keys = {
        (SHOWN_AS.get(table, table), SHOWN_AS.get(row[2], row[2]), row[3])
        for table in ours
        for row in conn.execute(f"PRAGMA foreign_key_list({table})")
        if table != row[2] and row[2] in ours and row[2] != "reasons"
    }
    keys |= {  # without an index, hence without a constraint
        ("text_sections", "lineages", "lineage_id"),
        ("changes", "sections", "before_section_id"),
        ("changes", "sections", "after_section_id"),
    }
    lines = [f'    {parent} ||--o{{ {child} : "{column}"' for child, parent, column in sorted(keys, key=_as_in_schema)]
    return "\n".join(("```mermaid", "erDiagram", *lines, "```"))


def _as_in_schema(key: tuple[str, str, str]) -> tuple[int, int, str]:
    return _place(key[1]), _place(key[0]), key[2]


def _place(name: str) -> int:
    return list(TABLES).index(name)


def _internal(name: str) -> bool:
    return name.startswith(("sqlite_", "_sqlite")) or "_fts_" in name or name == "_migrations"


def _columns(conn: sqlite3.Connection, table: str) -> str:
    return ", ".join(row[1] for row in conn.execute(f"PRAGMA table_info({table})"))
