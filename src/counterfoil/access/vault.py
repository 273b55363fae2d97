"""The master key in use. `counterfoil keys rotate` may put another in its place while servers run:
whoever meets a secret that names another key than ours makes us look into its file again."""

from pathlib import Path

from counterfoil.access.sealing import MasterKey, load_master_key
from counterfoil.clock import Clock
from counterfoil.domain.errors import Unusable

_LOOK_AGAIN_S = 1.0


def successor(path: Path) -> Path:
    """Where a new master key waits until every secret is sealed under it."""
    return path.with_name(path.name + ".new")


class Vault:
    """Opened with a key that was read from `path`."""

    def __init__(self, path: Path, key: MasterKey) -> None:
        self._path = path
        self._current = key
        self._looked_s = float("-inf")

    @property
    def current(self) -> MasterKey:
        """The key that seals."""
        return self._current

    def named(self, key_id: str) -> MasterKey:
        """The key of this id, which a stored secret names; from now on it seals, too.

        Raises:
            Unusable: neither the key's file nor the one beside it holds that key.
        """
        if key_id != self._current.key_id:
            found = find_key(self._path, key_id)
            if found is None:
                raise Unusable("a secret is sealed under another master key than the one in use")
            self._current = found
        return self._current

    def claimed(self, key_id: str) -> MasterKey:
        """The same, where only a stranger names it: files are then read at most once a second."""
        if key_id != self._current.key_id:
            now_s = Clock.elapsed()
            if now_s - self._looked_s < _LOOK_AGAIN_S:
                raise Unusable("there was no such key a moment ago")
            self._looked_s = now_s
        return self.named(key_id)


def find_key(path: Path, key_id: str) -> MasterKey | None:
    """The key of this id, in its file or still beside it; None where neither holds it."""
    for place in (path, successor(path)):
        try:
            key = load_master_key(place, may_create=False)
        except Unusable:
            continue
        if key.key_id == key_id:
            return key
    return None
