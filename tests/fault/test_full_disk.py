"""A disk that fills up under a load of charges: a clear answer, nothing lost, and it goes on when
there is space again."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fault.conftest import Serve
from tests.fault.process import processes_of
from tests.fault.test_crash import OPTIONS, check_effects, under_load
from tests.fault.writing import give_vouchers
from tests.store.owner_process import eventually

SIZE = "160m"  # twice what a cluster takes; each segment of its log takes 16 MB
WITHIN_S = 60


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, on which little has room."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("this system lets root mount nothing")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_loses_nothing(serve: Serve, small_disk: Path) -> None:
    data = small_disk / "data"
    server = serve(data, *OPTIONS).wait_ready()
    give_vouchers(server.address, 5, "1000")
    with under_load(server.address) as load:
        load.goes_on()
        _fill(small_disk / "ballast")
        eventually(lambda: len(load.unacknowledged) > 100, WITHIN_S)
        time.sleep(2)  # PostgreSQL may give up and be started anew, again and again
        (small_disk / "ballast").unlink()
        load.goes_on()
    check_effects(load, data)
    assert server.end() == 0
    assert "Traceback" not in server.errors()
    assert processes_of(data) == []


def _fill(path: Path) -> None:
    """Writes a file until there is no room left."""
    block = bytes(1 << 20)
    with path.open("wb", buffering=0) as ballast:
        try:
            while ballast.write(block):
                pass
        except OSError:
            return
