"""The cluster in a data folder: made once by initdb, served by `postgres` under our settings."""

import os
import shutil
from pathlib import Path

import asyncpg

from counterfoil.domain.errors import Unavailable, Unusable
from counterfoil.store.embedded.data_folder import failure, socket_folder
from counterfoil.store.embedded.memory import shared_buffers_mb
from counterfoil.store.embedded.privileges import Identity
from counterfoil.store.embedded.programs import folder_of_programs, installed_version

ROLE = "counterfoil"
DATABASE = "counterfoil"
SUPERUSER = "postgres"
PORT = 5432

# The builtin C.UTF-8 sorts by code point on every machine alike, whatever its C library.
INITDB_OPTIONS = (
    f"--username={SUPERUSER}",
    "--auth-local=trust",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)

# Given on the command line, so that no file in the cluster can turn them.
SERVER_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    # What is committed is on the disk.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    # A small machine, many short statements.
    "max_connections": "200",
    "shared_buffers": f"{shared_buffers_mb()}MB",
    "max_wal_size": "2GB",
    "jit": "off",
    "random_page_cost": "1.1",
    # Parallel plans share memory through /dev/shm, of which containers have little.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
}

# Finds what a start that was cut short has not made yet; small catalogues, by their unique names.
FIND_MADE = """
    select exists (select from pg_roles where rolname = $1) as has_role,
           exists (select from pg_database where datname = $2) as has_database
"""
CREATE_ROLE = f"create role {ROLE} login"
CREATE_DATABASE = f"create database {DATABASE} owner {ROLE}"

_NOT_NOW = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
)


def cluster_folder(data: Path) -> Path:
    """Where PostgreSQL keeps its files."""
    return data / "postgresql"


def make_cluster(data: Path, identity: Identity, lock: int) -> None:
    """Make the cluster, unless it is there already.

    initdb inherits the descriptor `lock`: should we be killed meanwhile, the lock is free when
    initdb has ended too.

    Raises:
        Unusable: initdb fails, or what is there is of another version or no cluster.
    """
    cluster = cluster_folder(data)
    if cluster.exists():
        _check_version(cluster)
        return
    # Made under another name, so that a half-made one is never taken for the real one.
    unfinished = data / "postgresql.new"
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir(mode=0o700)
    identity.own(unfinished)
    program = folder_of_programs(identity, data) / "initdb"
    done = identity.run([program, f"--pgdata={unfinished}", *INITDB_OPTIONS], keep=(lock,))
    if done.returncode != 0:
        lines = [line for line in done.stdout.splitlines() if "error:" in line or "FATAL" in line]
        reason = (lines or done.stdout.splitlines() or ["it gave no reason"])[0]
        raise failure(data, f"PostgreSQL can't make its cluster in {data}: {reason}")
    unfinished.rename(cluster)
    _sync_folder(data)  # or a power cut could bring the old name back


def server_command(data: Path, identity: Identity) -> list[str | Path]:
    """The command line that serves the cluster."""
    program = folder_of_programs(identity, data) / "postgres"
    command: list[str | Path] = [program, "-D", cluster_folder(data)]
    sockets = {"unix_socket_directories": f'"{socket_folder(data)}"'}
    for name, value in (SERVER_SETTINGS | sockets).items():
        command += ["-c", f"{name}={value}"]
    return command


async def make_database(data: Path) -> None:
    """Make the service's role, which is no superuser, and its database where they are missing.

    Raises:
        Unavailable: no server takes connections; the one that did may be stopping.
        Unusable: the running server refuses.
    """
    host = str(socket_folder(data))
    try:
        connection = await asyncpg.connect(
            host=host, port=PORT, user=SUPERUSER, database="postgres", ssl=False, timeout=10
        )
        try:
            made = await connection.fetchrow(FIND_MADE, ROLE, DATABASE)
            if not made["has_role"]:
                await connection.execute(CREATE_ROLE)
            if not made["has_database"]:
                await connection.execute(CREATE_DATABASE)
        finally:
            await connection.close()
    except _NOT_NOW as error:
        raise Unavailable(str(error) or "it doesn't answer") from error
    except asyncpg.PostgresError as error:
        raise failure(data, f"the PostgreSQL that runs in {data} refuses: {error}") from error


def _check_version(cluster: Path) -> None:
    try:
        made_by = (cluster / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise Unusable(f"{cluster} isn't a cluster of PostgreSQL: move it away") from None
    installed = installed_version().partition(".")[0]
    if made_by != installed:
        raise Unusable(
            f"{cluster} was made by PostgreSQL {made_by}, but PostgreSQL {installed} is "
            "installed: move the data with pg_dump, or choose another --data"
        )


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
