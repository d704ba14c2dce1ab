"""The peers' comparison: the same keys, cells, left-over lines, flags, tree, ties, populations and reasons' lines with
pandas or polars. Runs in the peers' environment, knows nothing of the program, and has amounts as whole cents.

`python match_peers.py pandas|polars FOLDER`; prints JSON. Which of twenty reasons a difference has is left out."""

import json
import sys
import time
from pathlib import Path
from typing import Any

KEYS = ["job", "sub_job", "cost_code", "cost_type"]
NUMBERS = [
    "sage",
    "procore",
    "difference",
    "plus",
    "minus",
    "cells",
    "differing",
    "sage_lines",
    "procore_lines",
]


def with_polars(folder: Path) -> tuple[int, int]:
    """Cells and differences, by polars."""
    import polars as pl

    def read(name: str) -> Any:
        return pl.read_parquet(folder / f"{name}.parquet")

    def fold(column: str) -> Any:
        return pl.col(column).str.replace_all(r"[\s\x{00A0}]+", " ").str.strip_chars().str.to_uppercase()

    def told_or(first: str, other: str) -> Any:
        return pl.coalesce(pl.col(first), pl.col(other))

    def keyed(sage: str, procore: str, code: str) -> tuple[Any, Any]:
        ours = read(sage).select("id", fold("code").alias("key"), "name", "active")
        theirs = read(procore).join(
            ours.select("id", by_id="key"), left_on="origin_id", right_on="id", how="left"
        )
        return ours, theirs.with_columns(fold(code).alias("own")).with_columns(
            told_or("by_id", "own").alias("key")
        )

    jobs, projects = keyed("sage_jobs", "procore_jobs", "number")
    codes, standard = keyed("sage_cost_codes", "procore_cost_codes", "full_code")
    types, line_types = keyed("sage_cost_types", "procore_cost_types", "code")
    vendors, companies = keyed("sage_vendors", "procore_vendors", "origin_code")
    own = read("procore_job_cost_codes").join(
        codes.select("id", by_id="key"), left_on="origin_id", right_on="id", how="left"
    )
    own = own.with_columns(fold("full_code").alias("own")).with_columns(told_or("by_id", "own").alias("key"))
    every = pl.concat([standard.select("id", "key"), own.select("id", "key")]).unique("id")

    def under(lines: Any, job: str, jobs: Any, codes: Any, types: Any) -> Any:
        lines = lines.join(jobs.select("id", job_key="key"), left_on=job, right_on="id", how="left")
        lines = lines.join(
            codes.select("id", code_key="key"), left_on="cost_code_id", right_on="id", how="left"
        )
        lines = lines.join(
            types.select("id", type_key="key"), left_on="cost_type_id", right_on="id", how="left"
        )
        return lines.with_columns(
            told_or("job_key", job).alias("job"),
            pl.col("sub_job_id").fill_null("").alias("sub_job"),
            told_or("code_key", "cost_code_id").alias("cost_code"),
            told_or("type_key", "cost_type_id").alias("cost_type"),
        ).select("id", *KEYS, "vendor_id", "posted", "changed", "amount", "text", "origin")

    sage = under(read("sage_costs"), "job_id", jobs, codes, types)
    procore = under(read("procore_costs"), "project_id", projects, every, line_types)
    totals = [pl.col("amount").sum().alias("sum"), pl.len().cast(pl.Int64).alias("lines")]
    cells = (
        sage.group_by(KEYS)
        .agg(totals)
        .rename({"sum": "sage", "lines": "sage_lines"})
        .join(
            procore.group_by(KEYS).agg(totals).rename({"sum": "procore", "lines": "procore_lines"}),
            on=KEYS,
            how="full",
            coalesce=True,
        )
        .with_row_index("cell")
    )
    lines = pl.concat([sage.with_columns(side=pl.lit(1)), procore.with_columns(side=pl.lit(0))])
    counted = (
        lines.group_by([*KEYS, "amount"])
        .agg(pl.col("side").sum().alias("s"), pl.len().cast(pl.Int64).alias("all"))
        .with_columns((pl.col("s") - (pl.col("all") - pl.col("s"))).alias("more"))
        .filter(pl.col("more") != 0)
        .with_columns((pl.col("amount") * pl.col("more")).alias("extra"))
    )
    left = counted.group_by(KEYS).agg(
        *(
            pl.col("extra")
            .filter((pl.col("more") > 0) == of_sage, (pl.col("amount") > 0) == plus)
            .sum()
            .abs()
            .alias(name)
            for name, of_sage, plus in (
                ("sp", True, True),
                ("sm", True, False),
                ("pp", False, True),
                ("pm", False, False),
            )
        )
    )
    leaf = cells.join(left, on=KEYS, how="left").with_columns(
        (pl.col("sage").fill_null(0) - pl.col("procore").fill_null(0)).alias("difference")
    )
    leaf = leaf.with_columns(
        pl.when(pl.col("sage").is_null())
        .then(pl.lit("procore-only"))
        .when(pl.col("procore").is_null())
        .then(pl.lit("sage-only"))
        .when(pl.col("difference").abs() >= 1)
        .then(pl.lit("differs"))
        .when(
            (pl.min_horizontal(pl.col("sp").fill_null(0), pl.col("sm").fill_null(0)) >= 1)
            | (pl.min_horizontal(pl.col("pp").fill_null(0), pl.col("pm").fill_null(0)) >= 1)
        )
        .then(pl.lit("offset"))
        .otherwise(pl.lit("equal"))
        .alias("flag"),
        pl.col("difference").clip(lower_bound=0).alias("plus"),
        pl.col("difference").clip(upper_bound=0).alias("minus"),
        pl.lit(1).alias("cells"),
        pl.col("sage_lines").fill_null(0),
        pl.col("procore_lines").fill_null(0),
    ).with_columns((pl.col("flag") != "equal").cast(pl.Int64).alias("differing"))
    levels = [leaf.select(*KEYS, *NUMBERS, "flag", depth=pl.lit(4))]
    for depth in (3, 2, 1):
        below = levels[-1]
        levels.append(
            below.group_by(KEYS[:depth])
            .agg(
                *(pl.col(name).sum() for name in NUMBERS),
                (pl.col("flag") == "sage-only").all().alias("so"),
                (pl.col("flag") == "procore-only").all().alias("po"),
            )
            .with_columns(
                pl.when("so")
                .then(pl.lit("sage-only"))
                .when("po")
                .then(pl.lit("procore-only"))
                .when(pl.col("differing") > 0)
                .then(pl.lit("differs"))
                .otherwise(pl.lit("equal"))
                .alias("flag"),
                *(pl.lit(None, dtype=pl.String).alias(name) for name in KEYS[depth:]),
                depth=pl.lit(depth),
            )
            .select(*KEYS, *NUMBERS, "flag", "depth")
        )
    for side, of in ((sage, "sage"), (procore, "procore")):
        again = side.group_by("job").agg(pl.col("amount").sum())
        tied = again.join(levels[-1].select("job", told=of), on="job")
        assert tied.filter(pl.col("told") != pl.col("amount")).is_empty()
    populations = []
    for entity, ours, theirs in (
        ("jobs", jobs, projects),
        ("cost-codes", codes, standard),
        ("cost-types", types, line_types),
        ("vendors", vendors, companies),
    ):
        one = ours.group_by("key").agg(pl.col("name").min(), pl.len().alias("records"))
        other = theirs.group_by("key").agg(pl.col("name").min().alias("there"), pl.len().alias("theirs"))
        pair = one.join(other, on="key", how="full", coalesce=True).with_columns(
            pl.lit(entity).alias("entity")
        )
        spoken = [
            pl.col(name).str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_uppercase()
            for name in ("name", "there")
        ]
        populations.append(pair.with_columns((spoken[0] == spoken[1]).alias("same")))
    population = pl.concat(populations)
    odd = population.filter(
        pl.col("same").is_null() | ~pl.col("same") | (pl.col("records") > 1) | (pl.col("theirs") > 1)
    )
    differing = leaf.filter(pl.col("flag") != "equal")
    candidates = lines.join(differing.select(*KEYS, "cell"), on=KEYS).with_columns(
        pl.int_range(pl.len())
        .over(["side", "cell", "amount"], order_by=["posted", "changed", "id"])
        .alias("n"),
        pl.col("side").sum().over(["cell", "amount"]).alias("s"),
        pl.len().over(["cell", "amount"]).alias("all"),
    )
    candidates = candidates.filter(
        pl.col("n") >= pl.when(pl.col("side") == 1).then(pl.col("all") - pl.col("s")).otherwise(pl.col("s"))
    )
    pl.concat(levels, how="vertical_relaxed").write_parquet(folder / "polars-node.parquet")
    candidates.write_parquet(folder / "polars-candidates.parquet")
    population.write_parquet(folder / "polars-population.parquet")
    return leaf.height, differing.height + odd.height


def with_pandas(folder: Path) -> tuple[int, int]:
    """Cells and differences, by pandas."""
    import pandas as pd

    def read(name: str) -> Any:
        return pd.read_parquet(folder / f"{name}.parquet")

    def fold(column: Any) -> Any:
        return column.str.replace(r"\s+", " ", regex=True).str.strip().str.upper()

    def keyed(sage: str, procore: str, code: str) -> tuple[Any, Any]:
        ours, theirs = read(sage), read(procore)
        ours["key"] = fold(ours["code"])
        theirs["key"] = theirs["origin_id"].map(ours.set_index("id")["key"]).fillna(fold(theirs[code]))
        return ours, theirs

    jobs, projects = keyed("sage_jobs", "procore_jobs", "number")
    codes, standard = keyed("sage_cost_codes", "procore_cost_codes", "full_code")
    types, line_types = keyed("sage_cost_types", "procore_cost_types", "code")
    vendors, companies = keyed("sage_vendors", "procore_vendors", "origin_code")
    own = read("procore_job_cost_codes")
    own["key"] = own["origin_id"].map(codes.set_index("id")["key"]).fillna(fold(own["full_code"]))
    every = pd.concat([standard[["id", "key"]], own[["id", "key"]]]).drop_duplicates("id")

    def under(lines: Any, job: str, jobs: Any, codes: Any, types: Any) -> Any:
        lines["job"] = lines[job].map(jobs.set_index("id")["key"]).fillna(lines[job])
        lines["sub_job"] = lines["sub_job_id"].fillna("")
        lines["cost_code"] = (
            lines["cost_code_id"].map(codes.set_index("id")["key"]).fillna(lines["cost_code_id"])
        )
        lines["cost_type"] = (
            lines["cost_type_id"].map(types.set_index("id")["key"]).fillna(lines["cost_type_id"])
        )
        return lines[["id", *KEYS, "vendor_id", "posted", "changed", "amount", "text", "origin"]]

    sage = under(read("sage_costs"), "job_id", jobs, codes, types)
    procore = under(read("procore_costs"), "project_id", projects, every, line_types)

    def summed(lines: Any, side: str) -> Any:
        found = lines.groupby(KEYS, sort=False)["amount"].agg(["sum", "size"])
        return found.rename(columns={"sum": side, "size": f"{side}_lines"})

    leaf = summed(sage, "sage").join(summed(procore, "procore"), how="outer").reset_index()
    leaf["cell"] = range(len(leaf))
    lines = pd.concat([sage.assign(side=1), procore.assign(side=0)])
    counted = lines.groupby([*KEYS, "amount"], sort=False)["side"].agg(["sum", "size"]).reset_index()
    counted["more"] = 2 * counted["sum"] - counted["size"]
    counted = counted[counted["more"] != 0]
    counted["extra"] = (counted["amount"] * counted["more"]).abs()
    left: Any = None
    for name, of_sage, plus in (
        ("sp", True, True),
        ("sm", True, False),
        ("pp", False, True),
        ("pm", False, False),
    ):
        part = counted[((counted["more"] > 0) == of_sage) & ((counted["amount"] > 0) == plus)]
        one = part.groupby(KEYS, sort=False)["extra"].sum().rename(name)
        left = one.to_frame() if left is None else left.join(one, how="outer")
    leaf = leaf.merge(left.fillna(0).reset_index(), on=KEYS, how="left")
    leaf["difference"] = leaf["sage"].fillna(0) - leaf["procore"].fillna(0)
    leaf["flag"] = "equal"
    hidden = (leaf[["sp", "sm"]].fillna(0).min(axis=1) >= 1) | (leaf[["pp", "pm"]].fillna(0).min(axis=1) >= 1)
    leaf.loc[hidden, "flag"] = "offset"
    leaf.loc[leaf["difference"].abs() >= 1, "flag"] = "differs"
    leaf.loc[leaf["procore"].isna(), "flag"] = "sage-only"
    leaf.loc[leaf["sage"].isna(), "flag"] = "procore-only"
    leaf["plus"], leaf["minus"] = leaf["difference"].clip(lower=0), leaf["difference"].clip(upper=0)
    leaf["cells"], leaf["differing"] = 1, (leaf["flag"] != "equal").astype("int64")
    leaf[["sage_lines", "procore_lines"]] = leaf[["sage_lines", "procore_lines"]].fillna(0)
    levels = [leaf[[*KEYS, *NUMBERS, "flag"]].assign(depth=4)]
    for depth in (3, 2, 1):
        below = levels[-1].assign(
            so=levels[-1]["flag"] == "sage-only", po=levels[-1]["flag"] == "procore-only"
        )
        above = below.groupby(KEYS[:depth], sort=False).agg(
            {**dict.fromkeys(NUMBERS, "sum"), "so": "all", "po": "all"}
        )
        above["flag"] = "equal"
        above.loc[above["differing"] > 0, "flag"] = "differs"
        above.loc[above["po"], "flag"] = "procore-only"
        above.loc[above["so"], "flag"] = "sage-only"
        levels.append(above.reset_index().reindex(columns=[*KEYS, *NUMBERS, "flag"]).assign(depth=depth))
    top = levels[-1].set_index("job")
    for side, of in ((sage, "sage"), (procore, "procore")):
        again = side.groupby("job")["amount"].sum()
        assert (top[of].reindex(again.index) == again).all()
    populations = []
    for entity, ours, theirs in (
        ("jobs", jobs, projects),
        ("cost-codes", codes, standard),
        ("cost-types", types, line_types),
        ("vendors", vendors, companies),
    ):
        one = ours.groupby("key").agg(name=("name", "min"), records=("id", "size"))
        other = theirs.groupby("key").agg(there=("name", "min"), theirs=("id", "size"))
        pair = one.join(other, how="outer").reset_index().assign(entity=entity)
        spoken = [
            pair[name].str.normalize("NFKD").str.encode("ascii", "ignore").str.decode("ascii").str.upper()
            for name in ("name", "there")
        ]
        populations.append(pair.assign(same=spoken[0] == spoken[1]))
    population = pd.concat(populations)
    odd = population[~population["same"] | (population["records"] > 1) | (population["theirs"] > 1)]
    differing = leaf[leaf["flag"] != "equal"]
    candidates = lines.merge(differing[[*KEYS, "cell"]], on=KEYS).sort_values(["posted", "changed", "id"])
    candidates["n"] = candidates.groupby(["side", "cell", "amount"]).cumcount()
    both = candidates.groupby(["cell", "amount"])["side"]
    s, count = both.transform("sum"), both.transform("size")
    candidates = candidates[candidates["n"] >= s.where(candidates["side"] == 0, count - s)]
    pd.concat(levels).to_parquet(folder / "pandas-node.parquet")
    candidates.to_parquet(folder / "pandas-candidates.parquet")
    population.to_parquet(folder / "pandas-population.parquet")
    return len(leaf), len(differing) + len(odd)


def main(what: str, folder: str) -> None:
    """Print what it took as JSON; the library is imported before the clock starts."""
    if what == "polars":
        import polars as pl  # noqa: F401
    else:
        import pandas as pd  # noqa: F401
    work = {"polars": with_polars, "pandas": with_pandas}[what]
    began, cpu = time.perf_counter(), time.process_time()
    cells, differences = work(Path(folder))
    status = Path("/proc/self/status").read_text()
    told = {
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "peak": next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")),
        "cells": cells,
        "differences": differences,
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
