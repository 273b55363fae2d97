"""Databases of one test each, on a server that is reached by DSN: an embedded one, and the one that
COUNTERFOIL_TEST_DATABASE names, whose user has to be allowed to create databases."""

import asyncio
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from counterfoil.store.embedded import cluster

GIVEN_SERVER = os.environ.get("COUNTERFOIL_TEST_DATABASE", "")


@contextmanager
def new_database(server: str, options: str = "") -> Iterator[str]:
    """The DSN of an empty database on the server with the DSN `server`; dropped in the end."""
    name = f"counterfoil_test_{secrets.token_hex(6)}"
    query(server, f"create database {name} {options}")
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        query(server, f"drop database {name} with (force)")


def as_superuser(embedded_dsn: str) -> str:
    """The DSN of an embedded server's superuser."""
    return embedded_dsn.replace(
        f"//{cluster.ROLE}@/{cluster.DATABASE}", f"//{cluster.SUPERUSER}@/postgres"
    )


def query(dsn: str, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    """The rows of one statement."""

    async def fetch() -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(dsn)
        try:
            return [tuple(row) for row in await connection.fetch(statement, *parameters)]
        finally:
            await connection.close()

    return asyncio.run(fetch())
