"""`python -m bench [SCENARIO …] [--rounds N] [--list]`"""

import argparse
import signal
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from bench import report
from bench.figures import Result
from bench.lab import Lab
from bench.load import MissingTool, require_wrk
from bench.machine import describe
from bench.scenarios import SCENARIOS


def main() -> int:
    """Runs scenarios; 0 when every target is met, 1 when one is missed, 2 when none could run."""
    arguments = _arguments()
    if arguments.list:
        for name, module in SCENARIOS.items():
            print(f"{name}: {(module.__doc__ or '').splitlines()[0]}")
        return 0
    # A SIGTERM ends us as Ctrl-C does: in order, with the servers that were started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        require_wrk()
    except MissingTool as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    results = _run(arguments.scenarios or list(SCENARIOS), arguments.rounds)
    is_missed = any(figure.is_missed for result in results for figure in result.figures)
    return 1 if is_missed else 0


def _run(names: list[str], rounds: int) -> list[Result]:
    machine = describe()
    results = []
    with tempfile.TemporaryDirectory(prefix="counterfoil-bench-") as folder:
        lab = Lab(Path(folder))
        for name in names:
            print(f"{name}: {rounds} rounds", flush=True)
            began_s = time.monotonic()
            result = SCENARIOS[name].run(lab, rounds)
            result = replace(result, seconds=round(time.monotonic() - began_s, 1))
            print(report.summary(result), flush=True)
            report.write_json(result, machine)
            results.append(result)
    newest = [found for name in SCENARIOS if (found := report.read_json(name)) is not None]
    if len(newest) == len(SCENARIOS):
        report.write_page(newest, SCENARIOS, machine)
        print(f"written to {report.PAGE.relative_to(report.ROOT)}")
    return results


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help="default: all")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each scenario (3)")
    parser.add_argument("--list", action="store_true", help="list the scenarios and stop")
    arguments = parser.parse_args()
    unknown = set(arguments.scenarios) - SCENARIOS.keys()
    if unknown:
        parser.error(f"no scenario {', '.join(sorted(unknown))}; --list lists them")
    if arguments.rounds < 1:
        parser.error("--rounds must be at least 1")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
