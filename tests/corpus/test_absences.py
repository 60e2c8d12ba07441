"""A policy taken down or put back is an event of its own, with both bounds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.corpus.queries_absences import find_absences
from harvest.corpus.queries_model import CaptureMark

EPOCH = datetime(2010, 1, 1, tzinfo=UTC)
OUTCOMES = {"!": "error-page", "x": "off-topic", "b": "blocked-page", "s": "no-text", ".": "skipped"}


def marks_of(line: str, *, step: float = 10.0) -> list[CaptureMark]:
    """One capture every *step* days: a digit is the version it shows, other signs are outcomes."""
    return [
        CaptureMark(
            EPOCH + timedelta(days=step * place),
            "fetched" if sign.isdigit() else OUTCOMES[sign],
            int(sign) if sign.isdigit() else None,
        )
        for place, sign in enumerate(line)
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("1122", [], id="always-there"),
        pytest.param("1!2", [], id="one-error-is-a-hiccup"),
        pytest.param("1!!2", [(2, 1, 2)], id="gone-and-back-with-another-text"),
        pytest.param("1!xx!1", [(4, 1, 1)], id="another-page-in-its-place"),
        pytest.param("1b!s.!1", [(2, 1, 1)], id="walls-and-shells-tell-nothing"),
        pytest.param("1bbb1", [], id="a-wall-is-no-absence"),
        pytest.param("11!!!", [(3, 1, None)], id="gone-for-good"),
        pytest.param("!!11", [], id="not-there-yet"),
        pytest.param("1!!2!!!3", [(2, 1, 2), (3, 2, 3)], id="twice"),
    ],
)
def test_absences(line: str, expected: list[tuple[int, int, int | None]]) -> None:
    """Two captures and more of an error or another page between captures of the policy are an absence."""
    assert [(one.captures, one.before, one.after) for one in find_absences(marks_of(line))] == expected


def test_errors_of_one_hour_are_no_absence() -> None:
    """A server that was down while it was asked twice."""
    assert find_absences(marks_of("1!!2", step=0.02)) == ()


def test_both_bounds_on_both_ends() -> None:
    """Taken down after the last sight and by the first error; put back after the last error and by the next sight."""
    (one,) = find_absences(marks_of("1!b!2"))

    assert [at.day for at in (one.last_seen, one.gone_by, one.last_gone)] == [1, 11, 31]
    assert one.back_by is not None and one.back_by.month == 2


@given(st.text(alphabet="12!xbs.", max_size=30))
def test_absences_follow_one_another(line: str) -> None:
    """They do not overlap, each has its bounds in order, and no capture of the policy lies within one."""
    marks = marks_of(line)

    last = EPOCH
    for one in find_absences(marks):
        assert last <= one.last_seen < one.gone_by <= one.last_gone
        assert one.back_by is None or one.last_gone < one.back_by
        assert all(mark.version is None for mark in marks if one.gone_by <= mark.captured_at <= one.last_gone)
        last = one.back_by or one.last_gone
