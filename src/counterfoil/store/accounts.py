"""Accounts of the partner tree, as set up and listed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from counterfoil.domain.account import AccountKind, Caller
from counterfoil.domain.burndown import Policy
from counterfoil.store.database import Connection, Database
from counterfoil.store.statements import statement


@dataclass(frozen=True, slots=True)
class ShownAccount:
    """An account as a list shows it."""

    uin: int
    kind: AccountKind
    parent_uin: int | None
    name: str
    returns_on_refund: bool
    returns_on_expiry: bool
    returns_on_withdrawal: bool
    burn_policy: Policy
    created_at: datetime
    bound_at: datetime


async def account_page(
    database: Database, caller: Caller, after_uin: int, size: int
) -> Sequence[ShownAccount]:
    """The first `size` accounts above `after_uin` in the caller's tree, by uin."""
    rows = await database.fetch(
        statement("describe_accounts"),
        caller.main_uin,
        caller.kind is AccountKind.PLATFORM,
        after_uin,
        size,
        caller.kind is AccountKind.DISTRIBUTOR,
    )
    return [
        ShownAccount(
            row["uin"],
            AccountKind(row["kind"]),
            row["parent_uin"],
            row["name"],
            row["returns_on_refund"],
            row["returns_on_expiry"],
            row["returns_on_withdrawal"],
            Policy(row["burn_policy"]),
            row["created_at"],
            row["bound_at"],
        )
        for row in rows
    ]


async def platform_uin(connection: Connection) -> int | None:
    """The platform's account; None in a database without accounts."""
    uin: int | None = await connection.fetchval(statement("platform_account"))
    return uin


async def insert_account(
    connection: Connection,
    *,
    uin: int,
    kind: AccountKind,
    parent_uin: int | None,
    name: str,
    at: datetime,
) -> None:
    """Adds an account; it is marked as a sample's when the one above it is."""
    await connection.execute(statement("insert_account"), uin, kind, parent_uin, name, at)


async def set_policies(
    connection: Connection,
    uin: int,
    returns_on_refund: bool | None,
    returns_on_expiry: bool | None,
    returns_on_withdrawal: bool | None,
    burn_policy: Policy | None,
) -> tuple[bool, bool, bool, Policy]:
    """Sets those policies that are given; all of them as they are now."""
    row = await connection.fetchrow(
        statement("set_policies"),
        uin,
        returns_on_refund,
        returns_on_expiry,
        returns_on_withdrawal,
        burn_policy,
    )
    refund, expiry, withdrawal, burn = row
    return refund, expiry, withdrawal, Policy(burn)
