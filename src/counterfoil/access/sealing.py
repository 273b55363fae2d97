"""Secrets at rest are sealed with AES-GCM under a master key that never enters the database.

A sealed secret is bound to its SecretId (the associated data): copied to another row it does not
open. Each row names its key by id, so that a wrong key is told from a damaged row.
"""

import contextlib
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from counterfoil.domain.errors import Unusable

_NONCE_BYTES = 12
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True, repr=False)
class MasterKey:
    """A key and the id by which rows name it."""

    key_id: str
    cipher: AESGCM

    @classmethod
    def of(cls, key: bytes) -> "MasterKey":
        """A master key from its 32 bytes."""
        return cls(hashlib.sha256(b"counterfoil key id" + key).hexdigest()[:16], AESGCM(key))

    def seal(self, secret_id: str, secret: str) -> bytes:
        """The secret as it may be stored."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self.cipher.encrypt(nonce, secret.encode(), secret_id.encode())

    def unseal(self, secret_id: str, sealed: bytes) -> str:
        """The secret again.

        Raises:
            Unusable: sealed under another key or for another SecretId, or damaged.
        """
        nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self.cipher.decrypt(nonce, text, secret_id.encode()).decode()
        except InvalidTag:
            raise Unusable(f"the secret of {secret_id} does not open with this key") from None


def load_master_key(path: Path, *, may_create: bool) -> MasterKey:
    """The master key in `path`: 64 hexadecimal digits, readable by its owner alone.

    Where there is none and `may_create`, one is made, mode 0600.

    Raises:
        Unusable: no key and none may be made, not a key, or open to other users.
    """
    try:
        if may_create:
            if not path.exists():
                _make_master_key(path)
            _settle(path.parent)
        if path.stat().st_mode & 0o077:
            raise Unusable(f"the master key {path} is open to other users: chmod 600 {path}")
        key = bytes.fromhex(path.read_text().strip())
    except FileNotFoundError:
        raise Unusable(
            f"the database holds sealed secrets but there is no master key at {path}: "
            "put the key back, or name its file with --master-key-file"
        ) from None
    except OSError as error:
        raise Unusable(
            f"can't use the master key {path} ({error.strerror}): name another file with "
            "--master-key-file"
        ) from None
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise Unusable(
            f"{path} is not a master key, which is 64 hexadecimal digits: put the key back, or "
            "name its file with --master-key-file"
        )
    return MasterKey.of(key)


def _make_master_key(path: Path) -> None:
    """A new key appears whole or not at all, whoever else makes one at the same moment."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:
        file.write(os.urandom(_KEY_BYTES).hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(file.name, path)


def _settle(folder: Path) -> None:
    """Has the names in a folder outlive a power cut: before a secret is sealed under a key, the key
    must be there for good."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
