"""Counts that the processes of one server share, in memory.

A table of slots in a file that all of them map, and locks on its parts that the system lifts from a
process that dies. A key's slots are few: where all are taken by keys still counted, the process
counts such a key for itself. Rates protect; they are no books.
"""

import fcntl
import hashlib
import mmap
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from limits.storage import MemoryStorage

from counterfoil.clock import Clock

_SLOT = struct.Struct("<QdQ")  # of the key a digest, until when it is kept, its count
_SLOTS = 8
_BUCKETS = 8_192
_BUCKET_BYTES = _SLOT.size * _SLOTS


@contextmanager
def shared_table() -> Iterator[int]:
    """A file descriptor to hand to each process, for `HostCounts`."""
    with tempfile.TemporaryFile() as file:
        file.truncate(_BUCKETS * _BUCKET_BYTES)
        yield file.fileno()


class HostCounts:
    """One process's view of a table; `table` stays open."""

    def __init__(self, table: int) -> None:
        self._table = table
        self._slots = mmap.mmap(table, _BUCKETS * _BUCKET_BYTES)
        self._own = MemoryStorage()

    def incr(self, key: str, kept_s: int) -> int:
        """Adds one to a count that is kept for a while; the count."""
        (digest,) = struct.unpack("<Q", hashlib.blake2b(key.encode(), digest_size=8).digest())
        bucket = digest % _BUCKETS * _BUCKET_BYTES
        with self._locked(bucket):
            now_s, free = Clock.elapsed(), None
            for slot in range(bucket, bucket + _BUCKET_BYTES, _SLOT.size):
                kept, ends_at_s, count = _SLOT.unpack_from(self._slots, slot)
                if ends_at_s <= now_s:
                    free = slot
                elif kept == digest:
                    _SLOT.pack_into(self._slots, slot, digest, ends_at_s, count + 1)
                    return int(count) + 1
            if free is not None:
                _SLOT.pack_into(self._slots, free, digest, now_s + kept_s, 1)
                return 1
        return self._own.incr(key, kept_s)

    @contextmanager
    def _locked(self, bucket: int) -> Iterator[None]:
        fcntl.lockf(self._table, fcntl.LOCK_EX, _BUCKET_BYTES, bucket)
        try:
            yield
        finally:
            fcntl.lockf(self._table, fcntl.LOCK_UN, _BUCKET_BYTES, bucket)
