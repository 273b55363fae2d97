"""What a process and its children cost, read from /proc."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass
class CpuShares:
    """CPU seconds per second of wall time, by the name of each process tree; 1.0 is one core."""

    shares: dict[str, float] = field(default_factory=dict)


@contextmanager
def measured_cpu(roots: Mapping[str, int]) -> Iterator[CpuShares]:
    """Measures the process trees with these root pids over a block; filled in at its end.

    A root inside another's tree is not part of it: the server is PostgreSQL's parent.
    """
    result = CpuShares()
    before = _cpu_s_by_root(set(roots.values()))
    began_s = time.monotonic()
    yield result
    elapsed_s = time.monotonic() - began_s
    after = _cpu_s_by_root(set(roots.values()))
    for name, pid in roots.items():
        result.shares[name] = (after[pid] - before[pid]) / elapsed_s


def _cpu_s_by_root(roots: set[int]) -> dict[int, float]:
    """CPU seconds of each root, its living descendants, and those they have buried."""
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
    used = dict.fromkeys(roots, 0)
    for pid, count in ticks.items():
        ancestor: int | None = pid
        while ancestor is not None and ancestor not in roots:
            ancestor = parents.get(ancestor)
        if ancestor is not None:
            used[ancestor] += count
    return {root: total / _TICKS_PER_S for root, total in used.items()}


def resident_mb(pid: int) -> float:
    """Resident memory of one process, shared pages included, in MB (2^20 bytes)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(pid)
