"""What is set up: accounts and where they stand, policies, the catalogue, keys."""

from collections.abc import Sequence

from counterfoil.access.keys import open_vault
from counterfoil.domain.account import AccountKind, Caller
from counterfoil.domain.burndown import Policy
from counterfoil.domain.errors import OutOfRange
from counterfoil.domain.limits import PAGE_MAX, require_uin
from counterfoil.ledger import results
from counterfoil.ledger.accounts import ChoosePolicies, OpenAccount
from counterfoil.ledger.api.session import Session
from counterfoil.ledger.catalogue import NameProducts
from counterfoil.ledger.keys import Keys, NewKey
from counterfoil.ledger.moving import Move
from counterfoil.settings import Settings
from counterfoil.store.catalogue import NamedProduct
from counterfoil.store.database import Database


class Administration:
    """Set-up: tokens, and the errors of every write, are as for `ledger` itself."""

    def __init__(self, session: Session, database: Database, settings: Settings) -> None:
        self._session = session
        self._database = database
        self._settings = settings

    async def create_account(
        self,
        *,
        token: str,
        kind: AccountKind,
        name: str,
        parent_uin: int | None = None,
        uin: int | None = None,
        by: Caller | None = None,
    ) -> results.AccountMade:
        """Adds an account below `by`, or below `parent_uin`, with the number `uin` or the next free
        one.

        Raises:
            NotFound: no such parent that is `by` or stands below it.
            Misplaced: an account of that kind can't stand there.
            Taken: the number belongs to another account or sub-user.
        """
        return await self._session.change(
            OpenAccount,
            by,
            token,
            owner_uin=self._session.acting(by).main_uin if parent_uin is None else parent_uin,
            kind=AccountKind(kind),
            name=name,
            uin=None if uin is None else require_uin(uin, "uin"),
        )

    async def move_customer(
        self,
        *,
        token: str,
        customer_uin: int,
        parent_uin: int,
        keeps_vouchers: bool = False,
        by: Caller | None = None,
    ) -> results.CustomerMoved:
        """Puts a customer below another partner, or below the platform, which unbinds it. What the
        partners that it leaves have issued ends, unless vouchers are kept.

        Raises:
            NotFound: no such customer below `by`, or no such parent that is `by` or below it.
            Misplaced: a customer can't stand below that account.
        """
        return await self._session.write(
            Move,
            by,
            token,
            owner_uin=customer_uin,
            parent_uin=parent_uin,
            keeps_vouchers=keeps_vouchers,
        )

    async def set_policies(
        self,
        *,
        token: str,
        partner_uin: int,
        returns_on_refund: bool | None = None,
        returns_on_expiry: bool | None = None,
        returns_on_withdrawal: bool | None = None,
        burn_policy: Policy | None = None,
        by: Caller | None = None,
    ) -> results.PoliciesSet:
        """Sets a partner's policies for what it issues from now on; None leaves one as it is.

        Raises:
            NotFound: no such partner that is `by` or stands below it.
        """
        return await self._session.change(
            ChoosePolicies,
            by,
            token,
            owner_uin=partner_uin,
            returns_on_refund=returns_on_refund,
            returns_on_expiry=returns_on_expiry,
            returns_on_withdrawal=returns_on_withdrawal,
            burn_policy=None if burn_policy is None else Policy(burn_policy),
        )

    async def put_products(
        self, *, token: str, products: Sequence[NamedProduct], by: Caller | None = None
    ) -> results.Done:
        """Adds up to 1,000 products and sub-products to the catalogue, or names them anew.

        Raises:
            RoleRefused: `by` is not the platform.
        """
        if not 1 <= len(products) <= PAGE_MAX:
            raise OutOfRange("products", len(products))
        return await self._session.change(
            NameProducts,
            by,
            token,
            owner_uin=self._session.acting(by).main_uin,
            products=tuple(products),
        )

    async def create_credential(
        self, *, token: str, uin: int | None = None, by: Caller | None = None
    ) -> NewKey:
        """A key for the account of `by`, or for `uin`, to sign requests to a server with. Repeated
        under its token, the answer is without the secret.

        Raises:
            NotFound: `uin` is neither the account of `by` nor a sub-user of it, and `by` is not the
                platform.
            Unusable: the master key is missing, or is not the one of this database.
        """
        acting = self._session.acting(by)
        vault = await open_vault(self._database, self._settings.master_key_path())
        keys = Keys(self._database, self._session.book.set_up, vault)
        owner_uin = acting.main_uin if uin is None else uin
        return await keys.make(
            self._session.origin(acting, token, "MakeKey", {"owner_uin": owner_uin}), owner_uin
        )

    async def disable_credential(
        self, *, token: str, secret_id: str, by: Caller | None = None
    ) -> None:
        """Makes a key of the account of `by` unusable for ever; the platform does so with any.

        Raises:
            NotFound: no such key, or not one of the account of `by`.
            NotOpen: it is disabled already, or it is the platform's last.
        """
        await self._session.book.keys.disable(
            self._session.origin(by, token, "DisableKey", {"secret_id": secret_id}), secret_id
        )
