from tercet.launchers.basic import Basic


def test_the_next_run_begins_once_the_last_result_was_taken() -> None:
    done: list[int] = []
    taken = Basic().launch(done.append, [5, 6])
    assert done == []
    next(taken)
    assert done == [5]
    next(taken)
    assert done == [5, 6]
