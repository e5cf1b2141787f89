"""Memory keeps what comes round again, within its limit."""

from tercet.encoders.memory import Memory


def hits(memory: Memory[int], corpus: str, size: int) -> int:
    """Go over a corpus once."""
    memory.begin_round()
    found = 0
    for i in range(size):
        if memory.find(f"{corpus} {i}") is None:
            memory.keep(f"{corpus} {i}", i, 10)
        else:
            found += 1
        assert memory.size <= 60
    return found


def test_what_fits_is_found_in_every_round() -> None:
    memory: Memory[int] = Memory(60)
    assert [hits(memory, "a", 5) for _ in range(3)] == [0, 5, 5]
    memory = Memory(60)
    assert [hits(memory, "a", 9) for _ in range(3)] == [0, 6, 6], "a least-recently-used order would find none"


def test_what_nobody_asks_for_goes() -> None:
    memory: Memory[int] = Memory(60)
    hits(memory, "a", 6)
    found = [hits(memory, "b", 6) for _ in range(10)]
    assert found[0] == 0
    assert found[-1] == 6


def test_what_is_larger_than_the_limit_is_not_kept() -> None:
    memory: Memory[int] = Memory(10)
    memory.keep("a", 1, 11)
    assert memory.find("a") is None
    memory.keep("b", 1, 10)
    memory.keep("b", 2, 10)
    assert (memory.find("b"), memory.size) == (1, 10)
