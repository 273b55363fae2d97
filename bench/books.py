"""The books that are measured: accounts, catalogue, quota, vouchers and what they have paid for.

There are two, with 100,000 and with 10,000,000 usages. Everything in them follows from the numbers
here, so that a scenario knows what each page must hold; `filling` writes them. Vouchers that are
read and vouchers that are charged have owners of their own, so that scenarios may come in any
order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from bench.calls import Key

PLATFORM, RESELLER, FIRST_CUSTOMER = 100000000001, 200000000200, 700000000001
RESELLER_KEY = Key("AKIDBENCHRESELLER", "bench-reseller")
# Its owner has all vouchers of the shelf `own`.
CUSTOMER_KEY = Key("AKIDBENCHCUSTOMER", "bench-customer")
PRODUCTS, SUB_PRODUCTS = 40, 10

_FIRST_VOUCHER_NO = 20_000_000


@dataclass(frozen=True)
class Shelf:
    """Vouchers that are alike, spread evenly over their owners: numbered from 0, each with as many
    usages. The vouchers' usages alternate on disk, as they would when made over years."""

    vouchers: int
    customers: int
    usages_each: int
    first_voucher: int = 0
    first_customer: int = 0
    first_usage: int = 1

    @property
    def usages(self) -> int:
        """How many there are in all."""
        return self.vouchers * self.usages_each

    def voucher_no(self, voucher: int) -> int:
        """The number of a voucher."""
        return _FIRST_VOUCHER_NO + self.first_voucher + voucher

    def code(self, voucher: int) -> str:
        """The code of a voucher."""
        return f"BENCHVOUCHER{self.first_voucher + voucher}"

    def owner_uin(self, voucher: int) -> int:
        """The customer whose voucher it is."""
        return FIRST_CUSTOMER + self.first_customer + voucher % self.customers

    def usage_ids(self, voucher: int, page: int, size: int) -> Sequence[int]:
        """The ids on one full page of a voucher, newest first; usages are numbered as made."""
        newest = self.usages_each - 1 - (page - 1) * size
        numbers = range(newest, newest - size, -1)
        return [self.first_usage + number * self.vouchers + voucher for number in numbers]


@dataclass(frozen=True)
class Book:
    """`read`, whose pages are asked for; `own`, one customer's; `deep`, one voucher; `charged`."""

    read: Shelf
    own: Shelf
    deep: Shelf
    charged: Shelf

    @property
    def shelves(self) -> tuple[Shelf, ...]:
        """All of them, in the order of their numbers."""
        return (self.read, self.own, self.deep, self.charged)

    @property
    def vouchers(self) -> int:
        """How many there are in all."""
        return sum(shelf.vouchers for shelf in self.shelves)

    @property
    def customers(self) -> int:
        """How many there are in all."""
        return sum(shelf.customers for shelf in self.shelves)

    @property
    def usages(self) -> int:
        """How many there are in all."""
        return sum(shelf.usages for shelf in self.shelves)


def _book(*shelves: tuple[int, int, int]) -> Book:
    """A book from the vouchers, customers and usages each of its shelves."""
    vouchers, customers, usages = (
        list(accumulate(counts, initial=0))
        for counts in zip(*((v, c, v * each) for v, c, each in shelves), strict=True)
    )
    return Book(
        *(
            Shelf(*shelf, vouchers[n], customers[n], usages[n] + 1)
            for n, shelf in enumerate(shelves)
        )
    )


SHORT = _book((40, 40, 1_000), (10, 1, 1_000), (1, 1, 10_000), (20_000, 10_000, 2))
LONG = _book((4_900, 980, 1_000), (100, 1, 1_000), (1, 1, 1_000_000), (20_000, 10_000, 200))
