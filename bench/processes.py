"""What a process and its children cost, read from /proc."""

import os
import resource
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@contextmanager
def measured_cpu(roots: Mapping[str, int]) -> Iterator[dict[str, float]]:
    """Measures over a block how many cores were busy for whom; the dict is filled at its end.

    Names are those of the process trees with these root pids, `children` for the programs that
    this process ran to their end meanwhile, and `others` for the rest of the machine. A root inside
    another's tree is not part of it: the server is PostgreSQL's parent.
    """
    cores: dict[str, float] = {}
    before, began_s = _cpu_s(roots), time.monotonic()
    yield cores
    after, elapsed_s = _cpu_s(roots), time.monotonic() - began_s
    for name in before:
        cores[name] = (after[name] - before[name]) / elapsed_s
    named = sum(busy for name, busy in cores.items() if name != "others")
    cores["others"] = max(0.0, cores["others"] - named)


def _cpu_s(roots: Mapping[str, int]) -> dict[str, float]:
    """CPU seconds so far, by name; `others` still includes the named."""
    by_root = _cpu_s_by_root(set(roots.values()))
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        **{name: by_root[pid] for name, pid in roots.items()},
        "children": children.ru_utime + children.ru_stime,
        "others": _cpu_s_of_everything(),
    }


def _cpu_s_by_root(roots: set[int]) -> dict[int, float]:
    """CPU seconds of each root, its living descendants, and those they have buried."""
    used = dict.fromkeys(roots, 0)
    for root, _, ticks in _tree(roots):
        used[root] += ticks
    return {root: total / _TICKS_PER_S for root, total in used.items()}


def _tree(roots: set[int]) -> Iterator[tuple[int, int, int]]:
    """Root, pid and ticks of CPU of every living process below one of the roots, and of these."""
    parents, ticks = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            continue
        # After the name, which is in brackets and may hold blanks: state, parent, …
        fields = stat.rpartition(")")[2].split()
        pid = int(folder.name)
        parents[pid], ticks[pid] = int(fields[1]), sum(map(int, fields[11:15]))
    for pid, count in ticks.items():
        ancestor: int | None = pid
        while ancestor is not None and ancestor not in roots:
            ancestor = parents.get(ancestor)
        if ancestor is not None:
            yield ancestor, pid, count


def _cpu_s_of_everything() -> float:
    """CPU seconds that the whole machine has spent, idling and waiting left out."""
    fields = Path("/proc/stat").read_text().partition("\n")[0].split()[1:]
    user, nice, system, _, _, irq, softirq = map(int, fields[:7])
    return (user + nice + system + irq + softirq) / _TICKS_PER_S


def resident_mb(pid: int) -> float:
    """Resident memory of one process, shared pages included, in MB (2^20 bytes)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(pid)


def proportional_mb(root: int) -> float:
    """Memory of a process tree in MB (2^20 bytes), each page divided among those that share it."""
    total_kb = 0
    for _, pid, _ in _tree({root}):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        total_kb += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total_kb / 1024
