"""Every read of the corpus, under one roof: ``f(conn, …) -> dataclass``.

The command line calls these directly, a Datasette plugin through ``execute_fn`` under a time limit. None of them
writes, none scans what it does not show, and all bind their parameters.
"""

from __future__ import annotations

from harvest.corpus.queries_as_of import bare_pair, text_pair, version_as_of, with_texts
from harvest.corpus.queries_blame import blame_of_words
from harvest.corpus.queries_changes import changes, changes_of, diff_lines
from harvest.corpus.queries_clauses import blame, clause_by_sha, phrase
from harvest.corpus.queries_history import ledger, timeline, transitions, versions
from harvest.corpus.queries_names import host_of_site, near_hosts, policies_of, resolve_policy
from harvest.corpus.queries_policies import every_policy, last_run, overview
from harvest.corpus.queries_sections import section_history
from harvest.corpus.queries_texts import text_by_sha, text_sections
from harvest.corpus.queries_timeline import outline, steps_by_id, versions_by_number
from harvest.corpus.search import search
from harvest.corpus.trends import trends

__all__ = [
    "bare_pair",
    "blame",
    "blame_of_words",
    "changes",
    "changes_of",
    "clause_by_sha",
    "diff_lines",
    "every_policy",
    "host_of_site",
    "last_run",
    "ledger",
    "near_hosts",
    "outline",
    "overview",
    "phrase",
    "policies_of",
    "resolve_policy",
    "search",
    "section_history",
    "steps_by_id",
    "text_by_sha",
    "text_pair",
    "text_sections",
    "timeline",
    "transitions",
    "trends",
    "version_as_of",
    "versions",
    "versions_by_number",
    "with_texts",
]
