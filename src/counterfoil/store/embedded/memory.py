"""How much memory PostgreSQL keeps pages of tables in."""

import os
from contextlib import suppress
from pathlib import Path

# Where the kernel says what a container may use: cgroups of version 2 and of version 1. A text that
# is no number, `max`, stands for no limit.
_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
_LEAST_MB, _MOST_MB = 128, 1_024


def shared_buffers_mb() -> int:
    """A quarter of the memory there is, from 128 to 1,024 MB (2^20 bytes).

    Pages beyond it come from the system's cache at a cost each; memory that no page was read into
    is not taken.
    """
    return max(_LEAST_MB, min(_MOST_MB, _memory_bytes() // 4 // 2**20))


def _memory_bytes() -> int:
    """The machine's memory, or what our container may use of it."""
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for path in _LIMITS:
        with suppress(OSError):  # not of this version, or closed to us
            text = path.read_text().strip()
            if text.isdigit():
                limits.append(int(text))
    return min(limits)
