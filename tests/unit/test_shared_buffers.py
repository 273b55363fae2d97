"""The memory that PostgreSQL is given: what a container may use counts, not all that is there."""

from pathlib import Path

import pytest

from counterfoil.store.embedded import memory

MB = 2**20


@pytest.mark.parametrize(
    ("limit", "expected_mb"),
    [(256 * MB, 128), (2_048 * MB, 512), (1_000_000_000_000, None), ("max", None)],
    ids=["small", "a quarter", "more than there is", "no limit"],
)
def test_a_quarter_of_what_may_be_used(
    limit: int | str, expected_mb: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "_LIMITS", ())
    without_limit_mb = memory.shared_buffers_mb()
    path = tmp_path / "memory.max"
    path.write_text(f"{limit}\n")
    monkeypatch.setattr(memory, "_LIMITS", (path, tmp_path / "missing"))
    assert memory.shared_buffers_mb() == (expected_mb or without_limit_mb)
    assert 128 <= without_limit_mb <= 1_024
