"""The ledger as a Python library: the use cases of the service, without HTTP between.

    async with counterfoil.Ledger.open() as ledger:
        await ledger.charge(token="order-1", customer_uin=customer, purchase=bought)

`ledger` has what is done with vouchers, `ledger.read` what can be asked, `ledger.admin` accounts,
catalogue and keys. Amounts are whole numbers of 1e-8 USD (`…_micro`), instants are aware datetimes.
`by` is who acts, the platform's operator unless it is given; what it may do, and to whom, is judged
as it is for a request that its key has signed.
"""

from counterfoil.ledger.api.ledger import Ledger

__all__ = ["Ledger"]
