"""Results for a reader: on the terminal, as JSON, and as the page docs/benchmarks.md."""

import inspect
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import ModuleType

import msgspec

from bench.figures import Figure, Measurement, Result
from bench.plots import plot

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
PLOTS = ROOT / "docs" / "benchmarks"
JSON = ROOT / "bench" / "out"

_METHOD = """\
# Benchmarks

`make bench` writes this page. It needs [wrk](https://github.com/wg/wrk) (`apt-get install wrk`) and
about half an hour on a machine that does nothing else; `python -m bench NAME` runs one scenario
again. The page shows the newest run of each; the raw numbers are in `bench/out`.

## Method

- **Ratios, not rates.** What a machine can do says more of the machine than of the software. Every
  figure is a ratio to a yardstick that the same run takes on the same machine; the few that are
  not have their unit beside them.
- **In turn.** Yardstick and subject alternate, round after round. A figure is the median of its
  rounds; the lowest and the highest stand in brackets, and the plots have a dot for each round. A
  dashed line is the target.
- **The right process is busy.** Load comes from wrk on the same machine, over loopback. Its share
  of the CPU is measured as well as the server's and PostgreSQL's, and a figure counts only where
  wrk is not the busiest of the three.
- **Only right answers count.** Answers are checked under load too; one that is wrong fails the run.
- **As served.** The server is the installed command with its embedded PostgreSQL, fsync on, nothing
  cached between requests but keys. After loading, the tables are vacuumed and analysed as
  autovacuum would do a little later.
"""


def summary(result: Result) -> str:
    """The figures of a result as lines of text, its measurements after them."""
    lines = [
        f"  {figure.name}: {spread(figure)} {_target(figure)}: {figure.verdict}"
        for figure in result.figures
    ]
    lines += [f"    {taken.name}: {spread(taken)}" for taken in result.measurements]
    return "\n".join(lines)


def write_json(result: Result, machine: Mapping[str, str]) -> None:
    """Writes one result with its machine to bench/out."""
    JSON.mkdir(exist_ok=True)
    content = {"machine": dict(machine), **asdict(result)}
    (JSON / f"{result.scenario}.json").write_text(json.dumps(content, indent=2) + "\n")


def read_json(scenario: str) -> Result | None:
    """The newest result of a scenario; None where it has not run here."""
    path = JSON / f"{scenario}.json"
    return msgspec.json.decode(path.read_bytes(), type=Result) if path.exists() else None


def write_page(
    results: Sequence[Result], scenarios: Mapping[str, ModuleType], machine: Mapping[str, str]
) -> None:
    """Writes docs/benchmarks.md and a plot for each scenario."""
    PLOTS.mkdir(parents=True, exist_ok=True)
    parts = [_METHOD, "## Machine\n", _table(["", ""], machine.items())]
    for result in results:
        title, _, method = inspect.cleandoc(scenarios[result.scenario].__doc__ or "").partition(
            "\n"
        )
        (PLOTS / f"{result.scenario}.svg").write_text(plot(result.figures))
        figures = [[f.name, spread(f), _target(f), f.verdict] for f in result.figures]
        taken = [[taken.name, spread(taken)] for taken in result.measurements]
        parts += [
            f"## {result.scenario}\n",
            f"{title}\n{method}\n",
            f"![The figures of {result.scenario}](benchmarks/{result.scenario}.svg)\n",
            _table(["figure", "median (lowest – highest)", "target", ""], figures),
            f"Measured on this machine, {result.measured_at}:\n",
            _table(["", "median (lowest – highest)"], taken),
        ]
    PAGE.write_text("\n".join(parts).rstrip() + "\n")


def spread(taken: Figure | Measurement) -> str:
    """`0.61 (0.58 – 0.63)`, with its unit; one sample stands alone."""
    low, high = min(taken.samples), max(taken.samples)
    around = f" ({_number(low)} – {_number(high)})" if len(taken.samples) > 1 else ""
    return f"{_number(taken.median)}{around} {taken.unit}".rstrip()


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _target(figure: Figure) -> str:
    if figure.target is None:
        return "–"
    return f"{'≥' if figure.is_floor else '≤'} {figure.target:g} {figure.unit}".rstrip()


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
