"""What an identity may do: all of it as the account itself, else what the policies attached to it
allow, at most one second stale."""

from collections.abc import Sequence

from counterfoil.access.fresh import Fresh
from counterfoil.access.policy import Statement, Verdict, judge, read_policy
from counterfoil.clock import Clock
from counterfoil.domain.account import Caller
from counterfoil.store.database import Database
from counterfoil.store.principals import StoredPolicy, attached_policies


class Permissions:
    """The permissions of every caller of one server."""

    def __init__(self, database: Database, clock: Clock) -> None:
        async def look_up(uins: Sequence[int]) -> Sequence[Sequence[StoredPolicy]]:
            return await attached_policies(database, uins)

        self._statements = Fresh(look_up, lambda _, policies: statements_of(policies), clock)

    async def verdict(self, caller: Caller, operation: str) -> Verdict:
        """Whether a caller may do an operation, and by which statement.

        Raises:
            Unavailable: the database can't be reached just now.
        """
        if caller.uin == caller.main_uin:
            return Verdict(is_allowed=True)
        return judge(await self._statements.find(caller.uin), operation)


def statements_of(policies: Sequence[StoredPolicy]) -> list[Statement]:
    """All that some policies say."""
    return [
        statement
        for policy in policies
        for statement in read_policy(policy.document, policy.policy_id)
    ]
