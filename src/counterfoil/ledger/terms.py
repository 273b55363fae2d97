"""What a voucher may pay for, with its issuer's policies, as it is stored once for many vouchers.

Terms are written and committed before the vouchers that name them, in a transaction of their own.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from counterfoil.domain.account import Account
from counterfoil.domain.voucher import Terms
from counterfoil.ledger.command import Write
from counterfoil.ledger.desk import SettledTerms
from counterfoil.store.database import Connection, Database
from counterfoil.store.journal import read_accounts
from counterfoil.store.terms import store_terms


async def settle_terms(database: Database, writes: Sequence[Write]) -> SettledTerms:
    """The stored terms of every voucher that writes would issue."""
    asked = {
        (write.command.origin.caller.main_uin, terms)
        for write in writes
        for terms in write.needs.terms
    }
    if not asked:
        return {}
    async with database.transaction() as connection:
        return await settle(connection, asked)


async def settle(connection: Connection, asked: Collection[tuple[int, Terms]]) -> SettledTerms:
    """The stored form of terms, each by its issuer and as asked."""
    issuers = await read_accounts(connection, {issuer_uin for issuer_uin, _ in asked})
    settled = {
        (issuer_uin, terms): _with_policies(terms, issuers[issuer_uin])
        for issuer_uin, terms in asked
    }
    ids = await store_terms(connection, set(settled.values()))
    return {key: (terms, ids[terms]) for key, terms in settled.items()}


def _with_policies(terms: Terms, issuer: Account) -> Terms:
    return replace(
        terms,
        returns_on_refund=issuer.returns_on_refund,
        returns_on_expiry=issuer.returns_on_expiry,
        returns_on_withdrawal=issuer.returns_on_withdrawal,
    )
