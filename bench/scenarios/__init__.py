"""The scenarios by name, in the order in which they run.

A scenario's module tells in its docstring what is measured and how (the page of results shows it)
and has `run(lab, rounds)`, which returns a `Result`.
"""

from types import ModuleType

from bench.scenarios import (
    charges,
    deep_page,
    history,
    latency,
    lists,
    memory,
    mixed,
    start,
    usage_page,
    workers,
)

SCENARIOS: dict[str, ModuleType] = {
    module.__name__.rpartition(".")[2]: module
    for module in (
        usage_page,
        deep_page,
        latency,
        lists,
        charges,
        history,
        mixed,
        workers,
        memory,
        start,
    )
}
