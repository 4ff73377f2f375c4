"""Answers that remember what was found in them: the same as going through all of them anew."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.answers import Answers, folded
from reconciler.model.call import Request
from reconciler.model.json import Json
from reconciler.model.live import Replies


def reply(number: int) -> tuple[Request, Json]:
    return Request("here", "GET", f"/things/{number}"), number


def sums(found: list[int], _: Request, body: Json) -> None:
    assert isinstance(body, int)
    if body < 0:
        raise ValueError("it makes no sense")
    found.append(body)


@given(st.lists(st.lists(st.integers(0, 9), max_size=4), max_size=6), st.sets(st.integers(0, 5)))
def test_it_is_as_if_all_were_gone_through_anew(batches: list[list[int]], looks: set[int]) -> None:
    answers, plain = Answers(), list[tuple[Request, Json]]()
    for number, batch in enumerate(batches):
        answers = answers.and_then(map(reply, batch))
        plain += map(reply, batch)
        assert answers == tuple(plain)
        if number in looks:
            assert folded(answers, "sums", list[int], sums) == folded(tuple(plain), "sums", list[int], sums)
    assert folded(answers, "sums", list[int], sums) == [body for _, body in plain]


def test_each_is_gone_through_once_for_each_question() -> None:
    seen: list[Json] = []

    def add(found: list[Json], _: Request, body: Json) -> None:
        seen.append(body)
        found.append(body)

    answers = Answers((reply(1),))
    assert folded(answers, "a", list[Json], add) == [1]
    longer = answers.and_then([reply(2)])
    assert folded(longer, "a", list[Json], add) == [1, 2]
    assert folded(longer, "b", list[Json], add) == [1, 2]
    assert seen == [1, 2, 1, 2]


def test_shorter_answers_know_nothing_of_what_came_after_them() -> None:
    answers = Answers((reply(1),))
    longer = answers.and_then([reply(2)])
    folded(longer, "a", list[int], sums)

    assert folded(answers, "a", list[int], sums) == [1]
    assert folded(longer, "a", list[int], sums) == [1, 2]


def test_what_makes_no_sense_makes_none_the_second_time_either() -> None:
    answers: Replies = Answers((reply(1), reply(-1)))

    for _ in range(2):
        with pytest.raises(ValueError, match="no sense"):
            folded(answers, "a", list[int], sums)
