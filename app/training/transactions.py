"""The job cost transactions of a company, made when they are asked for: by the million, in little memory.

Everything about one follows from the seed and from its job, so that nothing of it has to be kept. A job has a set of
cost codes, under each of them a few cost types, and its costs lie on those."""

import datetime as dt
import random
from array import array
from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import isqrt

import msgspec

from app.training import names
from app.training.records import Cost, SubJob

CODES = 60  # cost codes that a job has, at most
TYPES = 2  # cost types under each of them
KEPT = 8  # jobs whose costs stay in memory, because they are read page by page

_LARGEST = 5_000_000  # cents; most costs are small
_CREDITS = 26  # of 256 numbers drawn so many are credits: one tenth


class Setting(msgspec.Struct, frozen=True):
    """What costs are made of: ids of the company's records, and the days on which costs may have been posted."""

    seed: int
    costs: int
    days: list[dt.date]
    jobs: list[str]
    sub_jobs: list[SubJob]
    cost_codes: list[str]
    cost_types: list[str]
    vendors: list[str]


class Ledger(Mapping[str, list[Cost]]):
    """The costs of each job, by the job's id. A list that is given belongs to the ledger: it is not to be changed.

    Costs are numbered from 1, those of the first job first."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._place = {job_id: place for place, job_id in enumerate(setting.jobs)}
        # A few jobs are large and most are small, as in a real company.
        count = len(setting.jobs)
        scale = 1 << 32
        self._firsts = [
            isqrt(place * scale * scale // count) * setting.costs // scale for place in range(count + 1)
        ]
        extras: dict[str, list[str | None]] = {}
        for sub_job in setting.sub_jobs:
            extras.setdefault(sub_job.job_id, [None]).append(sub_job.id)
        self._extras = extras
        self._sums: dict[str, int] = {}
        self._made = lru_cache(KEPT)(self._make)

    def __getitem__(self, job_id: str) -> list[Cost]:
        return self._made(self._place[job_id])

    def __iter__(self) -> Iterator[str]:
        return iter(self._setting.jobs)

    def __len__(self) -> int:
        return len(self._setting.jobs)

    def __contains__(self, job_id: object) -> bool:
        return job_id in self._place

    def count(self, job_id: str) -> int:
        """How many costs a job has; makes none of them."""
        place = self._place.get(job_id)
        return 0 if place is None else self._firsts[place + 1] - self._firsts[place]

    def before(self, job_id: str) -> int:
        """How many costs the jobs before this one have: the number of its first cost, less one."""
        return self._firsts[self._place[job_id]]

    def cents(self, job_id: str) -> int:
        """What a job's costs add up to; makes none of them."""
        if job_id not in self._sums:
            place = self._place.get(job_id)
            self._sums[job_id] = 0 if place is None else sum(self._amounts(place))
        return self._sums[job_id]

    def has(self, number: int) -> bool:
        """Whether a cost of this number is one of these."""
        return 0 < number <= self._setting.costs

    def job_at(self, place: int) -> str:
        """The id of the job at a place, from 0."""
        return self._setting.jobs[place]

    def codes(self, job_id: str) -> list[str]:
        """The ids of the cost codes that a job has, whether or not cost lies on them."""
        place = self._place.get(job_id)
        return [] if place is None else self._codes(place)

    def types(self, job_id: str, place: int) -> list[str]:
        """The ids of the cost types under a job's cost code, told by the place of the code among `codes`."""
        every = self._setting.cost_types
        first = self._place[job_id] + place
        return [every[(first + n) % len(every)] for n in range(TYPES)]

    @property
    def codes_of_a_job(self) -> int:
        """How many cost codes each job has."""
        return min(CODES, len(self._setting.cost_codes))

    def _codes(self, place: int) -> list[str]:
        every, wanted = self._setting.cost_codes, self.codes_of_a_job
        step = max(1, len(every) // wanted)
        return [every[(place * 7 + n * step) % len(every)] for n in range(wanted)]

    def _draws(self, place: int, what: str, width: str) -> "array[int]":
        """As many random numbers as the job has costs; `width` is an unsigned type code of `array`."""
        count = self._firsts[place + 1] - self._firsts[place]
        drawn = array(width)
        drawn.frombytes(
            random.Random(f"{self._setting.seed} {what} {place}").randbytes(count * drawn.itemsize)
        )
        return drawn

    def _amounts(self, place: int) -> list[int]:
        amounts = []
        for drawn, sign in zip(
            self._draws(place, "cents", "I"), self._draws(place, "sign", "B"), strict=True
        ):
            share = drawn * drawn >> 32
            cents = ((share * share >> 32) * _LARGEST >> 32) + 101
            amounts.append(-cents if sign < _CREDITS else cents)
        return amounts

    def _make(self, place: int) -> list[Cost]:
        setting = self._setting
        job_id = setting.jobs[place]
        codes = self._codes(place)
        types = [self.types(job_id, n) for n in range(len(codes))]
        extras = self._extras.get(job_id, [None])
        first = self._firsts[place] + 1
        columns = zip(
            self._amounts(place),
            self._draws(place, "code", "H"),
            self._draws(place, "day", "H"),
            self._draws(place, "vendor", "I"),
            self._draws(place, "text", "B"),
            strict=True,
        )
        made = []
        for n, (cents, code, day, vendor, text) in enumerate(columns):
            which = code % len(codes)
            posted = setting.days[8 + day % 700]
            made.append(
                Cost(
                    first + n,
                    job_id,
                    extras[text % len(extras)],
                    codes[which],
                    types[which][code // len(codes) % TYPES],
                    setting.vendors[vendor % len(setting.vendors)] if vendor >> 28 < 10 else None,
                    posted,
                    posted,
                    cents,
                    names.PARTS[text % len(names.PARTS)],
                )
            )
        return made
