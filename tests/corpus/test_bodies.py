"""Bodies: what goes in comes out, checked, whatever stands before it in the chain."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.corpus.bodies import MAX_COST_BYTES, MAX_STEPS, Base, BodyReader, pack, read_body, unpack
from harvest.corpus.store_opening import open_memory
from harvest.corpus.store_pages import BodyShelf
from harvest.errors import CorpusError


def words(seed: int, size: int) -> bytes:
    rng = random.Random(seed)
    return b" ".join(rng.randbytes(3).hex().encode() for _ in range(size // 7))


@given(st.binary(max_size=3000), st.binary(max_size=3000))
def test_any_bytes_come_back(base: bytes, body: bytes) -> None:
    """Key frames and deltas restore every byte, empty bodies and empty bases too."""
    packed = pack(body, Base(1, base, 0, len(base)))

    assert unpack(packed.data, packed.codec, packed.size, base) == body


def test_a_page_like_the_one_before_costs_next_to_nothing() -> None:
    """A delta on a base of 300 kB holds what is new, beginning and end alike."""
    before = words(1, 300_000)
    after = b"new start " + before + b" new end"

    packed = pack(after, Base(1, before, 0, len(before)))

    assert (packed.base_id, packed.steps) == (1, 1)
    assert len(packed.data) < 300


@pytest.mark.parametrize(
    "base",
    [
        pytest.param(None, id="nothing before"),
        pytest.param(Base(1, words(2, 5000), 0, 5000), id="a base that saves nothing"),
        pytest.param(Base(1, words(1, 5000), MAX_STEPS, 5000), id="too many steps"),
        pytest.param(Base(1, words(1, 5000), 3, MAX_COST_BYTES), id="too many bytes to read back"),
    ],
)
def test_a_key_frame_is_made_where_a_delta_does_not_pay(base: Base | None) -> None:
    """Reading back stays bounded, and a delta that saves little is not worth a chain."""
    packed = pack(words(1, 5000), base)

    assert (packed.base_id, packed.steps) == (None, 0)


def test_long_histories_read_back_through_bounded_chains() -> None:
    """300 pages of one URL: every body reads right by itself and in a row, and no chain is too long."""
    conn = open_memory()
    conn.execute("PRAGMA foreign_keys = OFF")
    shelf = BodyShelf()
    bodies = [words(7, 2000) + str(number).encode() for number in range(300)]

    ids = [shelf.put(conn, 1, "example,a)/", body) for body in bodies]

    reader = BodyReader(conn)
    assert [read_body(conn, body_id) for body_id in ids] == bodies
    assert [reader.read(body_id) for body_id in ids] == bodies
    steps, frames, stored = conn.execute(
        "SELECT max(steps), sum(base_id IS NULL), sum(length(data)) FROM bodies"
    ).fetchone()
    assert steps == MAX_STEPS
    assert frames == -(-len(bodies) // (MAX_STEPS + 1))
    assert stored * 20 < sum(map(len, bodies))


def test_pages_that_take_turns_are_built_on_the_one_they_are_like() -> None:
    """Three wordings by turns: after the first of each, a body costs what is new in it, and every one reads back."""
    conn = open_memory()
    conn.execute("PRAGMA foreign_keys = OFF")
    shelf = BodyShelf()
    bodies = [words(turn, 20_000) + str(number).encode() for number in range(10) for turn in range(3)]

    ids = [shelf.put(conn, 1, "k", body) for body in bodies]

    sizes = [row[0] for row in conn.execute("SELECT length(data) FROM bodies ORDER BY id")]
    assert min(sizes[:3]) > 100 * max(sizes[3:])
    assert [read_body(conn, body_id) for body_id in ids] == bodies


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param("UPDATE body_rows SET sha256 = x'00' WHERE id = 2", id="checksum"),
        pytest.param("UPDATE body_rows SET data = x'00112233' WHERE id = 2", id="data"),
        pytest.param("DELETE FROM body_rows WHERE id = 1", id="base gone"),
        pytest.param("UPDATE body_rows SET base_id = 2 WHERE id = 1", id="chain without an end"),
    ],
)
def test_damage_is_named_not_returned(damage: str) -> None:
    """A body that does not match its checksum is an error that says what to do."""
    conn = open_memory()
    conn.execute("PRAGMA foreign_keys = OFF")
    shelf = BodyShelf()
    for number in range(3):
        shelf.put(conn, 1, "k", words(7, 2000) + str(number).encode())

    conn.execute(damage)

    with pytest.raises(CorpusError, match="backup"):
        read_body(conn, 3)
    with pytest.raises(CorpusError, match="backup"):
        BodyReader(conn).read(3)
