"""The training company without the rest of the program: `python -m tests.training.alone training serve …`."""

import argparse
import sys

from app.training.serve import serve


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--scenario", default="ok")
    parser.add_argument("--variant", default="")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pace", type=float, default=1.0)
    parser.add_argument("--size", default="small")
    parser.add_argument("--hour", type=float, default=3600.0)
    parser.add_argument("--skin", default="plain")
    parser.add_argument("--language", default="en")
    parser.add_argument("--trouble", default="")
    parser.add_argument("--until-stdin-closes", action="store_true")
    asked = parser.parse_args(sys.argv[3:])
    return serve(
        asked.scenario,
        variant=asked.variant,
        seed=asked.seed,
        pace=asked.pace,
        size=asked.size,
        hour=asked.hour,
        skin=asked.skin,
        language=asked.language,
        trouble=asked.trouble,
        until_stdin_closes=asked.until_stdin_closes,
    )


if __name__ == "__main__":
    raise SystemExit(main())
