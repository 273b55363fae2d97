"""What a write reads besides vouchers and products, as the domain's values: tokens, accounts,
holds, pools and usage.

Nothing is locked unless asked.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from counterfoil.domain.account import Account, AccountKind
from counterfoil.domain.burndown import Policy, Share
from counterfoil.domain.hold import HeldPart, Hold, HoldState
from counterfoil.domain.pool import Pool
from counterfoil.domain.postings import Bill, Cause, Line, PaidLine, PastUsage, UsagePosting
from counterfoil.domain.voucher import Bucket
from counterfoil.store.database import Connection
from counterfoil.store.statements import statement

Key = tuple[int, int]
Token = tuple[int, int, str]  # (owner_uin, caller_uin, token)

_lines = msgspec.json.Decoder(tuple[Line, ...]).decode
_paid_lines = msgspec.json.Decoder(tuple[PaidLine, ...]).decode
_shares = msgspec.json.Decoder(tuple[Share, ...]).decode


class Kept(msgspec.Struct, frozen=True):
    """What stands under a client token: the request's digest and the answer as JSON."""

    digest: bytes
    answer: bytes


async def find_tokens(connection: Connection, tokens: Collection[Token]) -> dict[Token, Kept]:
    """What stands under these tokens already."""
    if not tokens:
        return {}
    owners, callers, texts = zip(*tokens, strict=True)
    rows = await connection.fetch(statement("tokens"), list(set(owners)), owners, callers, texts)
    return {
        (row["owner_uin"], row["caller_uin"], row["token"]): Kept(
            row["digest"], row["answer"].encode()
        )
        for row in rows
    }


async def read_accounts(connection: Connection, uins: Collection[int]) -> dict[int, Account]:
    """These accounts and all above them, by uin; those that do not exist are left out."""
    rows = await connection.fetch(statement("accounts_and_ancestors"), list(uins))
    return {
        uin: Account(uin, AccountKind(kind), parent_uin, Policy(policy), *returns)
        for uin, kind, parent_uin, policy, *returns in rows
    }


async def read_parents(connection: Connection, uins: Collection[int]) -> dict[int, int | None]:
    """The account directly above each of these."""
    rows = await connection.fetch(statement("parents"), list(uins))
    return {row["uin"]: row["parent_uin"] for row in rows}


async def be_patient(connection: Connection) -> None:
    """From here to the transaction's end, rows in the hands of others are waited for."""
    await connection.execute("set local lock_timeout = '5s'")


async def lock_accounts(connection: Connection, uins: Collection[int]) -> None:
    """Locks accounts, in ascending order: nobody else moves them or gives them a voucher."""
    if uins:
        await connection.fetch(statement("lock_accounts"), list(uins))


async def lock(
    connection: Connection,
    holds: Collection[Key],
    vouchers: Collection[Key],
    partner_uins: Collection[int],
) -> None:
    """Locks holds, then vouchers, owner by owner, and then pools, all in ascending order."""
    for name, keys in (("lock_holds", holds), ("lock_vouchers", vouchers)):
        numbers: dict[int, list[int]] = {}
        for owner_uin, number in sorted(keys):
            numbers.setdefault(owner_uin, []).append(number)
        for owner_uin, own in numbers.items():
            await connection.fetch(statement(name), owner_uin, own)
    for partner_uin in sorted(partner_uins):
        await connection.fetch(statement("lock_pool"), partner_uin)


async def read_holds(
    connection: Connection, keys: Collection[Key], owner_uins: Collection[int], now: datetime
) -> dict[Key, Hold]:
    """These holds, and all open ones of these owners whose deadline has come."""
    owners, numbers = zip(*keys, strict=True) if keys else ((), ())
    rows = await connection.fetch(statement("holds_by_id"), list(owner_uins), owners, numbers, now)
    holds: dict[Key, Hold] = {}
    for row in rows:
        key = (row["owner_uin"], row["hold_id"])
        hold = holds.get(key) or holds.setdefault(key, _hold(row))
        if row["voucher_no"] is not None:
            hold.parts.append(
                HeldPart(row["voucher_no"], row["burn_order"], _shares(row["shares"]))
            )
    return holds


async def read_past_usages(connection: Connection, keys: Collection[Key]) -> dict[Key, PastUsage]:
    """These usage rows by (owner, usage id); their corrections are still to be added."""
    if not keys:
        return {}
    owners, usage_ids = zip(*keys, strict=True)
    rows = await connection.fetch(statement("past_usages"), list(set(owners)), owners, usage_ids)
    return {
        (row["owner_uin"], row["usage_id"]): PastUsage(_usage(row), corrected_micro=0)
        for row in rows
    }


async def add_corrections(connection: Connection, usages: Mapping[Key, PastUsage]) -> None:
    """Notes on each of these rows what corrections have taken from it or added to it so far."""
    if not usages:
        return
    owners, usage_ids = zip(*usages, strict=True)
    rows = await connection.fetch(statement("corrections"), list(set(owners)), owners, usage_ids)
    for owner_uin, usage_id, corrected_micro in rows:
        usages[owner_uin, usage_id].corrected_micro = corrected_micro


@dataclass(frozen=True, slots=True)
class PaidUsage:
    """A usage row as an answer shows it again."""

    voucher_no: int
    usage_id: int
    amount_micro: int
    lines: tuple[PaidLine, ...]


async def read_paid_usages(
    connection: Connection, keys: Collection[tuple[int, int, int]]
) -> Mapping[tuple[int, int, int], PaidUsage]:
    """Usage rows by (owner, voucher number, ordinal)."""
    if not keys:
        return {}
    owners, numbers, ordinals = zip(*keys, strict=True)
    rows = await connection.fetch(
        statement("usages_by_ordinal"), list(set(owners)), owners, numbers, ordinals
    )
    return {
        (row["owner_uin"], row["voucher_no"], row["ordinal"]): PaidUsage(
            row["voucher_no"], row["usage_id"], row["amount_micro"], _paid_lines(row["lines"])
        )
        for row in rows
    }


async def read_pools(connection: Connection, partner_uins: Collection[int]) -> dict[int, Pool]:
    """These partners' pools; those that have none are left out."""
    if not partner_uins:
        return {}
    rows = await connection.fetch(statement("pools"), list(partner_uins))
    return {row["partner_uin"]: Pool(*row) for row in rows}


def _hold(row: Any) -> Hold:
    bill = Bill(
        row["pay_mode"], row["pay_scene"], row["deal_name"], row["bill_id"], row["paid_at"],
        row["paid_at"], _lines(row["lines"]),
    )  # fmt: skip
    return Hold(
        row["owner_uin"], row["hold_id"], row["version"], HoldState(row["state"]),
        row["operation_id"], bill, row["created_at"], row["expires_at"], row["closed_at"],
        row["actor_uin"],
    )  # fmt: skip


def _usage(row: Any) -> UsagePosting:
    bill = Bill(
        row["pay_mode"], row["pay_scene"], row["deal_name"], row["bill_id"], row["paid_at"],
        row["completed_at"],
    )  # fmt: skip
    cause = Cause(row["kind"], row["hold_id"], row["corrects_usage_id"], row["reason"])
    return UsagePosting(
        row["owner_uin"], row["voucher_no"], row["ordinal"], row["posting_no"], row["usage_id"],
        row["operation_id"], cause, Bucket(row["from_bucket"]), Bucket(row["to_bucket"]),
        row["amount_micro"], bill, _paid_lines(row["lines"]), row["posted_at"], row["actor_uin"],
    )  # fmt: skip
