"""Secrets at rest, and the key that opens them."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.access.sealing import MasterKey, load_master_key
from counterfoil.domain.errors import Unusable

KEY, OTHER = (MasterKey.of(bytes([number]) * 32) for number in (1, 2))
SEALED = KEY.seal("AKID", "secret")


@given(secret_id=st.text(), secret=st.text())
def test_round_trip(secret_id: str, secret: str) -> None:
    sealed = KEY.seal(secret_id, secret)
    assert KEY.unseal(secret_id, sealed) == secret
    assert secret == "" or len(secret) < 4 or secret.encode() not in sealed


def test_the_same_secret_is_sealed_differently_each_time() -> None:
    assert len({KEY.seal("AKID", "secret") for _ in range(20)}) == 20


@pytest.mark.parametrize(
    "damage",
    [
        lambda sealed: sealed[:-1],
        lambda sealed: sealed + b"\0",
        lambda sealed: bytes([sealed[0] ^ 1]) + sealed[1:],
        lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1]),
        lambda sealed: bytes(len(sealed)),
    ],
    ids=["cut", "longer", "first byte", "last byte", "zeros"],
)
def test_what_was_damaged_does_not_open(damage: Callable[[bytes], bytes]) -> None:
    with pytest.raises(Unusable, match="AKID"):
        KEY.unseal("AKID", damage(SEALED))


@pytest.mark.parametrize(("key", "secret_id"), [(OTHER, "AKID"), (KEY, "AKIE"), (KEY, "")])
def test_only_its_key_opens_it_and_only_for_its_secret_id(key: MasterKey, secret_id: str) -> None:
    with pytest.raises(Unusable):
        key.unseal(secret_id, SEALED)


def test_a_key_is_named_and_never_shown() -> None:
    assert KEY.key_id != OTHER.key_id
    assert MasterKey.of(bytes([1]) * 32).key_id == KEY.key_id
    assert "01" * 32 not in repr(KEY)


def test_a_key_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "master.key"
    made = load_master_key(path, may_create=True)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_master_key(path, may_create=True).key_id == made.key_id
    assert load_master_key(path, may_create=False).key_id == made.key_id
    assert list(path.parent.iterdir()) == [path]


def test_no_key_is_made_where_secrets_are_sealed_already(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    with pytest.raises(Unusable, match=r"no master key at .*--master-key-file"):
        load_master_key(path, may_create=False)
    assert not path.exists()


@pytest.mark.parametrize("text", ["", "ab", "g" * 64, "ab" * 31, "ab" * 33, "ab" * 32 + "\nab"])
def test_what_is_no_key(tmp_path: Path, text: str) -> None:
    path = tmp_path / "master.key"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(Unusable, match="is not a master key"):
        load_master_key(path, may_create=True)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o601])
def test_a_key_that_others_could_use(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "master.key"
    load_master_key(path, may_create=True)
    path.chmod(mode)
    with pytest.raises(Unusable, match=r"open to other users: chmod 600"):
        load_master_key(path, may_create=True)


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"can't use|open to other users"):
        load_master_key(tmp_path, may_create=True)


def test_a_new_key_is_on_the_disk_under_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "master.key"
    really, named = os.fsync, []

    def spied(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            named.append(path.exists())
        really(descriptor)

    monkeypatch.setattr(os, "fsync", spied)
    load_master_key(path, may_create=True)
    assert named == [True]
