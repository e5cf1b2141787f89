"""The parts of comparing large runs, each against what does the same at once."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tercet.arrow import strings
from tercet.comparing.settings import Settings
from tercet.comparing.streaming.digests import ColumnDigest
from tercet.comparing.streaming.extremes import Extremes
from tercet.comparing.streaming.newfacts import FactKeys, unlike
from tercet.comparing.streaming.permuting import Permutations
from tercet.comparing.streaming.spool import Layout, Spool
from tercet.stats.flips import Flips
from tercet.stats.hashing import keyed

FACTS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)))


@given(st.lists(st.integers(0, 5), max_size=30), st.integers(1, 9))
def test_chunks_hold_whole_clusters_and_all_rows(clusters: list[int], rows: int) -> None:
    numbers = np.array(clusters, dtype=np.int32)
    layout = Layout.of(numbers)
    assert sorted(layout.slots.tolist()) == list(range(len(clusters)))
    assert layout.ranked[layout.slots].tolist() == clusters
    seen: list[int] = []
    done = 0
    for chunk in layout.chunks(rows):
        assert chunk.start == done < chunk.stop
        assert chunk.clusters[chunk.local].tolist() == layout.ranked[chunk.start : chunk.stop].tolist()
        assert len(chunk.clusters) == 1 or chunk.stop - chunk.start <= rows
        seen += chunk.clusters.tolist()
        done = chunk.stop
    assert done == len(clusters)
    assert sorted(seen) == sorted(set(clusters))  # each once


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3))), st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)))
)
def test_facts_are_new_as_counted_one_by_one(before: list[tuple[int, int]], after: list[tuple[int, int]]) -> None:
    left = Counter(before)
    expected = []
    for fact in after:
        left[fact] -= 1
        expected.append(left[fact] < 0)
    one, other = (
        FactKeys(
            cases=np.array([case for case, _ in facts], dtype=np.uint64),
            facts=np.array([16 * case + fact for case, fact in facts], dtype=np.uint64),
        )
        for facts in (before, after)
    )
    assert unlike(one, other).tolist() == expected


@given(
    st.lists(st.tuples(st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.sampled_from([0.0, 0.25, 0.5, 1.0])), max_size=40),
    st.integers(0, 4),
    st.integers(1, 7),
    st.sampled_from([True, False, None]),
)
def test_extremes_are_the_ends_of_the_sorted_list(
    scores: list[tuple[float, float]], count: int, size: int, better: bool | None
) -> None:
    ids = [f"case-{(7 * i) % 41:02}" for i in range(len(scores))]
    found = Extremes("s", higher_is_better=better, count=count)
    table = np.array(scores).reshape(-1, 2)
    for i in range(0, len(ids), size):
        some = slice(i, i + size)
        found.add((table[some, 0], table[some, 1]), ids[some], np.arange(len(ids))[some], "en")
    gains = (table[:, 0] - table[:, 1]) * (1 if better is False else -1)
    ranked = sorted(zip(gains.tolist(), ids, strict=True))
    assert [(one.gain, one.case_id) for one in found.worse] == [item for item in ranked[:count] if item[0] < 0]
    assert [(one.gain, one.case_id) for one in found.better] == [item for item in ranked[::-1][:count] if item[0] > 0]


@pytest.mark.parametrize(("clusters", "replicates"), [(5, 40), (5, 31), (80, 200), (80, 64), (80, 1)])
def test_permutations_in_pieces_are_those_of_flips(clusters: int, replicates: int) -> None:
    """Whole numbers and thirds, which take two parts; some clusters add nothing."""
    names = [f"c{i}" for i in range(clusters)]
    flips = Flips(clusters=tuple(names), seed=3, replicates=replicates)
    rows = np.stack([np.arange(clusters) % 7 - 3.0, (np.arange(clusters) % 5) / 1024, np.zeros(clusters)], axis=1)
    rows[4] = 0
    found = Permutations(Settings(seed=3, replicates=replicates), names if flips.exact else None)
    for i in range(0, clusters, 9):
        some = slice(i, i + 9)
        found.add(names[some], keyed(names[some]), rows[some])
    patterns = np.concatenate(list(flips.chunks(names))).astype(np.float64)
    assert (found.sums() == patterns @ rows).all()


@given(st.lists(st.text(max_size=3), max_size=20), st.integers(1, 6))
def test_a_digest_knows_texts_and_order_and_no_pieces(texts: list[str], size: int) -> None:
    kept = [text for text in texts if not any(0xD800 <= ord(c) < 0xE000 for c in text)]
    whole, pieces, other = ColumnDigest(), ColumnDigest(), ColumnDigest()
    whole.add(strings(kept))
    column = strings(kept)
    for i in range(0, len(kept), size):
        pieces.add(column.slice(i, size))
    other.add(strings([*kept, ""]))
    assert whole.value() == pieces.value() != other.value()


def test_a_spool_gives_back_what_was_put_anywhere() -> None:
    spool = Spool(2, np.float64)
    rows = np.arange(20.0).reshape(10, 2)
    places = np.array([9, 1, 2, 3, 0, 8, 7, 6, 4, 5])
    for some in (slice(0, 4), slice(4, 10)):
        spool.write(places[some], rows[some])
    assert spool.read(0, 10)[places].tolist() == rows.tolist()
    assert spool.read(3, 5).tolist() == rows[[3, 8]].tolist()
    spool.close()
