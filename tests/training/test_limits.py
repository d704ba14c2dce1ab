"""The training Procore keeps to its two windows of requests, on an hour of any length."""

import pytest

from app.training.limits import Limits


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("length", [3600.0, 60.0, 1.0])
def test_an_hour_of_any_length_lets_as_many_requests_through(length: float) -> None:
    clock = Clock()
    limits = Limits(clock=clock, length=length)
    step = length / 3600
    let = 0
    for _ in range(2 * 3600):
        allowed, headers = limits.count()
        let += allowed
        if not allowed:
            assert int(headers["X-Rate-Limit-Remaining"]) == 0
            assert clock.now < float(headers["X-Rate-Limit-Reset"]) <= clock.now + length + 1
        clock.now += step
    assert let == 2 * 600


def test_a_burst_is_cut_off_at_25_and_goes_on_after_its_window() -> None:
    clock = Clock()
    limits = Limits(clock=clock, length=360.0)
    assert [limits.count()[0] for _ in range(30)] == [True] * 25 + [False] * 5
    clock.now += 1.01
    assert limits.count()[0]
