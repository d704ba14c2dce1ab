"""Which lists a comparison reads: the short ones always, a job's only where it moved, differed or was asked for."""

from collections.abc import Sequence

import msgspec

from app.domain.lists import PER_JOB, Kind, Side, Source
from app.domain.match_progress import Estimate
from app.domain.match_question import Options
from app.match import basis, sql_keys
from app.match.snapshot import List, Standing
from app.match.store import Store

# Records before the cost that hangs on them.
ORDER = tuple(Kind)


class Work(msgspec.Struct, frozen=True):
    """One list to read from one source, from `cursor` on."""

    place: int  # of the source among those given
    one: List
    cursor: str
    requests: int
    once: int = 0  # more of them with the first list of its kind


def reader(sources: Sequence[Source], side: Side, kind: Kind) -> int | None:
    """Which source tells a list: a file that the person gave stands before a service. None: no source does."""
    fitting = [
        (not source.is_file, place)
        for place, source in enumerate(sources)
        if source.side is side and kind in source.kinds
    ]
    return min(fitting)[1] if fitting else None


def _alone(sources: Sequence[Source], side: Side, kind: Kind) -> bool:
    """True for a list that could be compared with nothing, and that no other list hangs on: it is not read."""
    other = Side.PROCORE if side is Side.SAGE else Side.SAGE
    return kind in (Kind.PRIME_CONTRACTS, Kind.COMMITMENTS) and reader(sources, other, kind) is None


def short_lists(sources: Sequence[Source], store: Store, options: Options) -> list[Work]:
    """The lists that are read as a whole."""
    standing = Standing(store)
    return [
        work
        for side in Side
        for kind in ORDER
        if (place := reader(sources, side, kind)) is not None
        and not _alone(sources, side, kind)
        and (kind not in PER_JOB[side] or sources[place].is_file)
        for work in [_work(sources, standing, options, place, List(side, kind))]
    ]


def job_lists(sources: Sequence[Source], store: Store, options: Options) -> list[Work]:
    """The lists that are read job by job. To be asked once the lists of jobs lie in the store."""
    store.execute(sql_keys.MACROS)
    with store.together():
        basis.keys(store)
    standing = Standing(store)
    found: list[Work] = []
    for side in Side:
        kinds = [
            (kind, place)
            for kind in ORDER
            if kind in PER_JOB[side]
            and (place := reader(sources, side, kind)) is not None
            and not sources[place].is_file
            and not _alone(sources, side, kind)
        ]
        if not kinds:
            continue
        # Without Sage's own totals nothing tells which jobs moved: then all are read.
        blind = bool(store.one("SELECT count(*) = 0 FROM sage_jobs WHERE job_to_date IS NOT NULL"))
        for kind, place in kinds:
            scopes = _scopes(store, options, side, kind, blind=blind)
            found += [_work(sources, standing, options, place, List(side, kind, scope)) for scope in scopes]
    return found


def estimate(sources: Sequence[Source], store: Store, options: Options) -> Estimate:
    """How many requests, and how long, before anything is asked; not whole where no list of jobs was ever read."""
    work = [*short_lists(sources, store, options), *job_lists(sources, store, options)]
    services = {source.side for source in sources if not source.is_file}
    known = all(store.one(f"SELECT count(*) > 0 FROM {side.value}_jobs") for side in services)
    return of_work(sources, work, whole=known)


def of_work(sources: Sequence[Source], work: Sequence[Work], *, whole: bool = True) -> Estimate:
    """What these lists will take."""
    requests = {source.name: 0 for source in sources}
    once: dict[tuple[int, Kind], int] = {}
    for one in work:
        requests[sources[one.place].name] += one.requests
        group = (one.place, one.one.kind)
        once[group] = max(once.get(group, 0), one.once)
    for (place, _kind), more in once.items():
        requests[sources[place].name] += more
    seconds = [source.seconds(requests[source.name]) for source in sources]
    jobs = {(one.one.side, one.one.scope) for one in work if one.one.scope}
    per_side = [sum(side is which for side, _ in jobs) for which in Side]
    return Estimate(requests, max(seconds, default=0.0), max(per_side, default=0), whole)


def _work(sources: Sequence[Source], standing: Standing, options: Options, place: int, one: List) -> Work:
    source = sources[place]
    known = standing.reading(one)
    incremental = (
        not options.fresh and source.offer(one.kind, one.scope, known.cursor if known else "").incremental
    )
    cursor = standing.where_to_go_on(one, source.name, incremental=incremental)
    # What the last reading left tells how long the list was, though it is read anew.
    last = known.cursor if known and known.source == source.name and not options.fresh else ""
    offer = source.offer(one.kind, one.scope, cursor or last)
    # A list that is read anew is taken to be as long as it was.
    blocks = known.records // offer.block if known and offer.block and not cursor else 0
    return Work(place, one, cursor, offer.requests + blocks, offer.once)


_SCOPES = """
WITH asked AS (SELECT fold(unnest($asked::VARCHAR[])) AS job),
refreshed AS (SELECT fold(unnest($refreshed::VARCHAR[])) AS job),
last AS (SELECT id FROM report ORDER BY made DESC LIMIT 1),
own AS (SELECT key, sum(job_to_date) AS amount, count(job_to_date) > 0 AS told FROM sage_job GROUP BY key),
-- A job without cost in Sage and without a project in Procore has nothing to read.
wanted AS (
    SELECT job.id, job.key,
           job.key IN (SELECT job FROM asked) AS is_asked,
           job.id NOT IN (SELECT scope FROM reading WHERE side = $side AND kind = $kind)
             AND (own.key IS NULL OR NOT own.told OR own.amount <> 0) AS never_read,
           own.told AND own.amount IS DISTINCT FROM seen.amount AND (seen.key IS NOT NULL OR own.amount <> 0) AS moved,
           past.job IS NOT NULL AS differed,
           job.key IN (SELECT job FROM refreshed) AS is_refreshed
    FROM {table} AS job
    LEFT JOIN own ON own.key = job.key
    LEFT JOIN seen ON seen.entity = 'jobs' AND seen.key = job.key AND seen.report = (SELECT id FROM last)
    LEFT JOIN (SELECT DISTINCT split_part(key, '|', CASE WHEN key LIKE 'population|%' THEN 3 ELSE 2 END) AS job
               FROM past_difference WHERE report = (SELECT id FROM last)) AS past ON past.job = job.key)
SELECT DISTINCT id FROM wanted
WHERE CASE WHEN len($asked) > 0 THEN is_asked
           ELSE $everything OR never_read OR moved OR differed OR is_refreshed END
ORDER BY id
"""


def _scopes(store: Store, options: Options, side: Side, kind: Kind, *, blind: bool) -> list[str]:
    sql = _SCOPES.format(table="sage_job" if side is Side.SAGE else "procore_job")
    values: dict[str, object] = {
        "asked": list(options.jobs),
        "refreshed": list(options.run.refreshed),
        "side": side.value,
        "kind": kind.value,
        "everything": options.fresh or blind,
    }
    return [row[0] for row in store.execute(sql, values)]
