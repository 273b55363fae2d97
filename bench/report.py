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

`make bench` writes this page. It needs [wrk](https://github.com/wg/wrk) (`apt-get install wrk`), 10
GB of disk and about a quarter of an hour on a machine that does nothing else. What it compares with
is installed into `.venv/peers` the first time. `.venv/bin/python -m bench NAME` runs one scenario
again, with `--rounds N` more often than three times. The page shows the newest run of each; all
numbers, the load of each process among them, are in `bench/out`.

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
- **Others are others.** Where another program stands beside ours, it has other duties; the scenario
  says which. Such a ratio shows what a user may expect of each, not which is written better.
- **Targets stand.** They were set before the figures; one that is missed is shown as missed.
- **Only right answers count.** Answers are checked under load too; one that is wrong fails the run.
- **As served.** The server is the installed command with its embedded PostgreSQL, fsync on, nothing
  cached between requests but keys. Books are filled by SQL with all that the ledger itself
  would have written, so that its own verification finds nothing in them; the vouchers' usages
  alternate on disk, as they would when made over years. Then the tables are vacuumed and analysed
  as autovacuum would do a little later.
"""

_SUFFIXES = ("p50", "p99")


def summary(result: Result) -> str:
    """The figures of a result as lines of text, its measurements and its time after them."""
    lines = [
        f"  {figure.name}: {spread(figure)} {_target(figure)}: {figure.verdict}"
        for figure in result.figures
    ]
    lines += [
        f"    {taken.name}: {spread(taken)}"
        for taken in result.measurements
        if taken.unit != "cores"
    ]
    return "\n".join([*lines, f"  took {result.seconds:.0f} s"])


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
    parts = [_METHOD, "## Targets\n", _targets(results)]
    parts += ["## Machine\n", _table(["", ""], machine.items())]
    for result in results:
        title, _, method = inspect.cleandoc(scenarios[result.scenario].__doc__ or "").partition(
            "\n"
        )
        (PLOTS / f"{result.scenario}.svg").write_text(plot(result.figures))
        figures = [[f.name, spread(f), _target(f), f.verdict] for f in result.figures]
        parts += [
            f"## {result.scenario}\n",
            f"{title}\n{method}\n",
            f"![The figures of {result.scenario}](benchmarks/{result.scenario}.svg)\n",
            _table(["figure", "median (lowest – highest)", "target", ""], figures),
            f"<details><summary>Measured on this machine, {result.measured_at}</summary>\n",
            _measured(result.measurements),
            "</details>\n",
        ]
    PAGE.write_text("\n".join(parts).rstrip() + "\n")


def _targets(results: Sequence[Result]) -> str:
    """Every figure with a target, in one table."""
    rows = [
        [f"[{name}](#{name})", f.name, _with_unit(f.median, f.unit), _target(f), f.verdict]
        for name, figures in ((result.scenario, result.figures) for result in results)
        for f in figures
        if f.target is not None
    ]
    met = sum(row[-1] == "met" for row in rows)
    table = _table(["scenario", "figure", "median", "target", ""], rows)
    return f"{met} of {len(rows)} are met.\n\n{table}"


def _measured(measurements: Sequence[Measurement]) -> str:
    """A row for each thing measured, its latencies beside its rate."""
    by_name = {taken.name: taken for taken in measurements}
    has_latencies = any(name.endswith(f": {_SUFFIXES[0]}") for name in by_name)
    columns = _SUFFIXES if has_latencies else ()
    rows = []
    for taken in measurements:
        base, _, suffix = taken.name.rpartition(": ")
        if taken.unit == "cores" or (base in by_name and suffix in _SUFFIXES):
            continue
        beside = [by_name.get(f"{taken.name}: {suffix}") for suffix in columns]
        rows.append([taken.name, spread(taken), *(spread(one) if one else "" for one in beside)])
    return _table(["", "median (lowest – highest)", *columns], rows)


def spread(taken: Figure | Measurement) -> str:
    """`0.61 (0.58 – 0.63)`, with its unit; one sample stands alone."""
    low, high = min(taken.samples), max(taken.samples)
    around = f" ({_number(low)} – {_number(high)})" if len(taken.samples) > 1 else ""
    return f"{_number(taken.median)}{around} {taken.unit}".rstrip()


def _with_unit(value: float, unit: str) -> str:
    return f"{_number(value)} {unit}".rstrip()


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _target(figure: Figure) -> str:
    if figure.target is None:
        return "–"
    return f"{'≥' if figure.is_floor else '≤'} {figure.target:g} {figure.unit}".rstrip()


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
