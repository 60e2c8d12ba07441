"""The reads of the corpus say what a reader would find by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.corpus import queries
from harvest.corpus.queries_history import find_gaps
from harvest.corpus.queries_model import Bounds
from harvest.corpus.queries_stays import joined, life_in, life_of
from harvest.corpus.search import fts_query
from harvest.errors import UnknownTarget
from harvest.timestamps import end_of


@pytest.fixture
def conn(corpus_path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(corpus_path)
    yield connection
    connection.close()


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(hour=12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("target", "address"),
    [
        pytest.param("alpha.example", "alpha.example", id="host"),
        pytest.param("www.Alpha.example", "alpha.example", id="www-and-case"),
        pytest.param("alpha.example/terms", "alpha.example/terms", id="kind"),
        pytest.param("http://www.alpha.example/terms.html", "alpha.example/terms", id="url"),
        pytest.param("http://alpha.example/", "alpha.example", id="home-page"),
    ],
)
def test_a_policy_is_found_by_the_names_people_use(conn: sqlite3.Connection, target: str, address: str) -> None:
    """Host, host with kind, and any URL it lived at name a policy."""
    found = queries.resolve_policy(conn, target)

    assert found.address == address


@pytest.mark.parametrize(
    ("target", "offered"),
    [
        pytest.param("alhpa.example", "alpha.example", id="misspelt-host"),
        pytest.param("beta.example/terms", "beta.example", id="kind-it-has-not"),
        pytest.param("alpha.example/privacy:eu", "alpha.example/terms", id="label-it-has-not"),
        pytest.param("http://nowhere.example/x", "alpha.example", id="unknown-url"),
    ],
)
def test_an_unknown_policy_is_refused_with_what_exists(conn: sqlite3.Connection, target: str, offered: str) -> None:
    """The message names something that would have worked."""
    with pytest.raises(UnknownTarget, match=offered):
        queries.resolve_policy(conn, target)


@pytest.mark.parametrize(
    ("date", "number", "certainty"),
    [
        pytest.param("2003-04-01", 1, "seen", id="first-day"),
        pytest.param("2003-06", 1, "seen", id="between-two-captures"),
        pytest.param("2003", 1, "between", id="after-the-last-capture-of-it"),
        pytest.param("2004-02-11", 2, "seen", id="day-of-change"),
        pytest.param("2007", 3, "between", id="in-the-window"),
        pytest.param("2010-03-02", 4, "seen", id="day-of-the-last-capture"),
        pytest.param("2024", 4, "last", id="after-everything"),
    ],
)
def test_the_version_in_force_is_the_last_one_seen_first(
    conn: sqlite3.Connection, date: str, number: int, certainty: str
) -> None:
    """A date means its end; how sure the answer is comes with it."""
    view = queries.version_as_of(conn, queries.resolve_policy(conn, "alpha.example"), end_of(date))

    assert (view.version.number, view.standing.certainty) == (number, certainty)
    assert view.sections and len(view.slugs) == len(view.sections)


def test_a_date_before_the_first_capture_is_refused(conn: sqlite3.Connection) -> None:
    """The refusal says from when to when versions are known."""
    policy = queries.resolve_policy(conn, "alpha.example")

    with pytest.raises(UnknownTarget, match="2003-04-01 to 2010-03-02"):
        queries.version_as_of(conn, policy, end_of("1999"))


def test_a_timeline_counts_every_capture_once(conn: sqlite3.Connection) -> None:
    """The ledger adds up to the captures, and both bounds of each change are there."""
    history = queries.timeline(conn, queries.resolve_policy(conn, "alpha.example"))

    assert sum(line.captures for line in history.ledger) == len(history.marks) == 7
    assert [version.number for version in history.main_line] == [1, 2, 3, 4]
    assert [(step.not_before, step.first_seen) for step in history.transitions] == [
        (day("2003-09-01"), day("2004-02-11")),
        (day("2004-02-11"), day("2006-07-01")),
        (day("2006-07-01"), day("2009-08-17")),
    ]


def test_a_return_names_the_version_it_returns_to(conn: sqlite3.Connection) -> None:
    """The third version of the Gazette is the first again."""
    history = queries.timeline(conn, queries.resolve_policy(conn, "beta.example"))

    assert history.versions[2].same_as == 1
    assert history.transitions[1].kind == "return"


def test_a_pair_knows_what_lies_between(conn: sqlite3.Connection) -> None:
    """Neighbours have a stored transition; a wider pair names the versions it spans."""
    policy = queries.resolve_policy(conn, "alpha.example")

    near = queries.text_pair(conn, policy, before=end_of("2003"), after=end_of("2004"))
    far = queries.text_pair(conn, policy, before=end_of("2003"), after=end_of("2010"))

    assert near.stored is not None and not near.between
    assert far.stored is None and [version.number for version in far.between] == [2, 3]


@pytest.mark.parametrize(
    ("where", "q", "sites"),
    [
        pytest.param("text", '"web beacon"', {"alpha.example"}, id="phrase"),
        pytest.param("text", "web beacon*", {"alpha.example", "beta.example"}, id="beginning"),
        pytest.param("text", "lighthouse", {"alpha.example", "beta.example"}, id="shared-clause"),
        pytest.param("text", "lighthouse -coast", set(), id="absent-word"),
        pytest.param("text", "biscuits", {"alpha.example"}, id="heading"),
        pytest.param("text", "paper OR beacons", {"alpha.example", "beta.example"}, id="either"),
        pytest.param("added", '"web beacon"', {"alpha.example"}, id="added-by-an-edit"),
        pytest.param("added", "burn", set(), id="edited-beside-it-is-not-added"),
        pytest.param("added", "advertisers", {"beta.example"}, id="added-section"),
        pytest.param("added", "biscuits", {"alpha.example"}, id="added-heading"),
        pytest.param("removed", "burn", {"alpha.example"}, id="removed-clause"),
        pytest.param("removed", "cookies", {"alpha.example"}, id="removed-heading"),
        pytest.param("removed", "advertisers", {"beta.example"}, id="removed-by-a-return"),
        pytest.param("removed", "lighthouse", set(), id="never-removed"),
    ],
)
def test_search_finds_what_was_said_added_or_removed(
    conn: sqlite3.Connection, where: str, q: str, sites: set[str]
) -> None:
    """A phrase is introduced where a clause after matches and none before does; dropped the other way round."""
    found = queries.search(conn, q, where=where)

    assert {hit.policy.host for hit in found.hits} == sites
    assert found.total == len(found.hits)


def test_a_phrase_new_to_the_whole_document_is_told_from_one_that_was_elsewhere(conn: sqlite3.Connection) -> None:
    """Narrowed to whole documents, only changes remain after which the phrase is new to all of the text."""
    found = queries.search(conn, "counter", where="added", whole=True)
    every = queries.search(conn, "counter", where="added")

    assert [hit.whole for hit in every.hits] == [False]
    assert found.hits == ()


@pytest.mark.parametrize(
    ("limits", "count"),
    [
        pytest.param({"site": "beta.example"}, 1, id="site"),
        pytest.param({"kind": "terms"}, 1, id="kind"),
        pytest.param({"until": "2001-12-31T00:00:00Z"}, 1, id="until"),
        pytest.param({"since": "2009-01-01T00:00:00Z"}, 2, id="since"),
    ],
)
def test_search_can_be_narrowed(conn: sqlite3.Connection, limits: dict[str, str], count: int) -> None:
    """Site, kind and the years a text stood in narrow the hits, and facets count what is left."""
    found = queries.search(conn, "lighthouse", **limits)  # type: ignore[arg-type]

    assert found.total == count == sum(facet.count for facet in found.facets["site"])


def test_hits_are_marked_word_by_word(conn: sqlite3.Connection) -> None:
    """The pieces of a snippet say which of them match."""
    (hit,) = queries.search(conn, "fog").hits

    assert [text for text, is_hit in hit.segments if is_hit] == ["fog"]


@given(st.text(max_size=60))
def test_no_query_breaks_the_search(q: str) -> None:
    """Whatever is typed either becomes an expression SQLite accepts or is refused as a ValueError."""
    try:
        expression = fts_query(q)
    except ValueError:
        return
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE f USING fts5(t)")
    db.execute("SELECT 1 FROM f WHERE f MATCH ?", (expression,)).fetchall()
    db.close()


def test_what_is_asked_twice_is_looked_up_once() -> None:
    """Words and alternatives that are repeated cost nothing: one word two hundred times took two seconds."""
    assert fts_query("fog OR sea fog fog OR fog OR fog") == fts_query("fog OR sea fog")


def test_a_phrase_lives_in_intervals(conn: sqlite3.Connection) -> None:
    """Advertising stood in the Gazette for one version, with all four bounds known."""
    life = queries.phrase(conn, "web beacons")

    (presence,) = life.presences
    assert presence.policy.host == "beta.example"
    assert presence.intervals == (Bounds(day("2001-05-05"), day("2002-06-06"), day("2002-06-06"), day("2011-06-06")),)


def test_a_clause_knows_who_had_it_first(conn: sqlite3.Connection) -> None:
    """The clause both companies share is one clause, and the Gazette had it two years earlier."""
    hit = next(hit for hit in queries.search(conn, "lighthouse").hits)
    view = queries.clause_by_sha(conn, hit.clause_sha[:12])

    assert [presence.policy.address for presence in view.presences] == [
        "beta.example",
        "alpha.example",
        "alpha.example/terms",
    ]


def test_all_who_have_a_clause_are_counted(conn: sqlite3.Connection) -> None:
    """A word that thousands of policies have shows those who had it first, and how many there are."""
    hit = next(hit for hit in queries.search(conn, "lighthouse").hits)
    view = queries.clause_by_sha(conn, hit.clause_sha[:12], limit=1)

    assert [presence.policy.address for presence in view.presences] == ["beta.example"]
    assert view.policies == 3


def test_an_edited_clause_knows_its_ancestor(conn: sqlite3.Connection) -> None:
    """What an edit made of a clause is found from both ends."""
    (hit,) = queries.search(conn, '"two years"').hits
    view = queries.clause_by_sha(conn, hit.clause_sha)

    assert ["ninety days" in text for _, _, text in view.came_from] == [True]
    assert view.became == ()


def test_blame_dates_each_clause_by_its_own_words(conn: sqlite3.Connection) -> None:
    """A clause that never changed counts from the first capture, an edited one from its edit."""
    found = queries.blame(conn, queries.resolve_policy(conn, "alpha.example"), end_of("2004"))
    ages = {
        found.view.sections[each.section].clauses[each.clause].text[:14]: each.since_version for each in found.blamed
    }

    assert ages["We collect you"] == 1
    assert ages["We keep these "] == 2
    assert len(found.blamed) == sum(len(section.clauses) for section in found.view.sections)


def test_stays_without_a_break_are_one() -> None:
    """Neighbouring and overlapping places join; a hole between them does not, nor do two policies."""
    assert joined([(1, 1, 1), (1, 2, 2), (1, 4, 6), (1, 5, 5), (2, 7, 7)]) == {1: [(1, 2), (4, 6)], 2: [(7, 7)]}


def test_a_section_is_followed_through_its_renaming(conn: sqlite3.Connection) -> None:
    """Cookies became Biscuits and stayed one section."""
    policy = queries.resolve_policy(conn, "alpha.example")
    history = queries.section_history(conn, policy, "cookies")

    assert [state.section.heading for state in history.states if state.section] == ["Cookies", "Cookies", "Biscuits"]


def test_what_wordings_of_a_section_share_is_one_object_read_once(conn: sqlite3.Connection) -> None:
    policy = queries.resolve_policy(conn, "alpha.example/privacy")
    statements: list[str] = []
    conn.set_trace_callback(statements.append)
    states = queries.section_history(conn, policy, "what-we-collect").states
    conn.set_trace_callback(None)

    clauses = [clause for state in states if state.section for clause in state.section.clauses]
    assert len({id(clause) for clause in clauses}) == len(set(clauses)) < len(clauses)
    assert sum("JOIN clauses c" in one for one in statements) == 1


def test_a_hit_is_told_new_to_its_document_by_its_own_policy_alone(conn: sqlite3.Connection) -> None:
    whole = life_of(conn, '"beacon" OR "beacons"')
    assert len(whole) > 1
    for policy_id in whole:
        assert life_in(conn, '"beacon" OR "beacons"', [policy_id]) == {policy_id: whole[policy_id]}


def test_an_absence_is_a_state_of_its_own(conn: sqlite3.Connection) -> None:
    """Advertising came and went; the state after it holds no section."""
    history = queries.section_history(conn, queries.resolve_policy(conn, "beta.example"), "advertising")

    assert [state.section is None for state in history.states] == [False, True]


def test_newest_changes_come_first_and_noise_only_on_request(conn: sqlite3.Connection) -> None:
    """The list is by the later bound; the dated-only change shows when asked for."""
    default = queries.changes(conn)
    every = queries.changes(conn, tier="typography", lines=True)

    moments = [item.transition.first_seen for item in default.items]
    assert moments == sorted(moments, reverse=True)
    assert len(every.items) == len(default.items) + 1
    assert all(item.lines for item in every.items)


def test_the_first_lines_of_changes(conn: sqlite3.Connection) -> None:
    """A feed reads the first lines above noise of each transition, and how many it leaves."""
    for whole, part in zip(
        queries.changes(conn, lines=True).items, queries.changes(conn, lines=True, most_lines=1).items, strict=True
    ):
        above = [line for line in whole.lines if not line.tier.is_noise]

        assert (whole.transition, whole.more) == (part.transition, 0)
        assert list(part.lines) == above[:1]
        assert part.more == max(0, len(above) - 1)


def test_a_text_is_found_by_its_hash_wherever_it_stands(conn: sqlite3.Connection) -> None:
    """The first and the third version of the Gazette are one text."""
    history = queries.timeline(conn, queries.resolve_policy(conn, "beta.example"))
    (view,) = queries.text_by_sha(conn, history.versions[0].text.sha12)

    assert [version.number for version in view.versions] == [1, 3]


def test_the_overview_counts_what_matters(conn: sqlite3.Connection) -> None:
    """A change of dates alone is no change in the overview; the newest one stands with both bounds."""
    found = queries.overview(conn)
    alpha = next(each for each in found.policies if each.policy.address == "alpha.example")

    assert (found.sites, found.total) == (3, 4)
    assert (alpha.versions, alpha.changes, alpha.captures) == (4, 2, 7)
    assert (alpha.last_change_after, alpha.last_change_by) == (day("2006-07-01"), day("2009-08-17"))


@pytest.mark.parametrize("order", ["name", "changed", "versions", "'; DROP TABLE sites"])
def test_the_overview_is_ordered_by_name_only_where_nothing_else_is_known(conn: sqlite3.Connection, order: str) -> None:
    """An unknown order means by name; none is pasted into SQL."""
    found = queries.overview(conn, order=order, limit=2)

    assert len(found.policies) == 2 and found.total == 4


def test_gaps_stand_out_against_the_usual_distance() -> None:
    """Half-yearly captures with one hole of three years have one gap."""
    moments = [datetime(2000 + year, month, 1, tzinfo=UTC) for year in (0, 1, 2, 6, 7) for month in (1, 7)]

    gaps = find_gaps(moments)

    assert [(gap.start.year, gap.end.year) for gap in gaps] == [(2002, 2006)]


@pytest.mark.parametrize(
    ("days", "gaps"),
    [
        pytest.param([0, 30, 60, 330, 360], 1, id="nine-months"),
        pytest.param([0, 30, 60, 329, 359], 0, id="a-day-less"),
        pytest.param([0, 365, 730, 1460, 1825], 0, id="a-year-left-out-of-yearly-ones"),
        pytest.param([0, 365, 730, 2190, 2555], 1, id="three-left-out"),
    ],
)
def test_a_gap_is_long_and_longer_than_usual(days: list[int], gaps: int) -> None:
    """Nine months at least, and four times the distance that captures of the policy mostly have."""
    assert len(find_gaps([day("2001-01-01") + timedelta(days=number) for number in days])) == gaps


def test_all_changes_of_a_site_are_those_of_its_pages(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read at once, some at a time, they are what one finds page by page, with the same lines."""
    monkeypatch.setattr("harvest.corpus.queries_changes._READ", 2)
    asked: list[str] = []
    conn.set_trace_callback(asked.append)
    found = tuple(queries.changes_of(conn, "alpha.example"))
    conn.set_trace_callback(None)

    assert found == queries.changes(conn, site="alpha.example", tier="typography", lines=True, limit=100).items
    assert len(found) > 2 and len([sql for sql in asked if "ORDER BY a.first_seen" in sql]) == 1


def test_the_commonest_words_are_sampled(conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of words that very many clauses say an even part is ranked, and the answer says that there are more."""
    every = queries.search(conn, "we")
    monkeypatch.setattr("harvest.corpus.search.MAX_RANKED", 3)
    some = queries.search(conn, "we")
    of_a_site = queries.search(conn, "we", site="alpha.example")

    assert not every.capped and some.capped and not of_a_site.capped
    assert 0 < some.total < every.total
