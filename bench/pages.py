"""Pages of usage: as signed calls, as what they must hold, and as the same SELECT without us."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from typing import Any

from bench.books import CUSTOMER_KEY, RESELLER, RESELLER_KEY, Book, Shelf
from bench.calls import Client, Key, SignedCall, response_of, signed_call
from bench.load import RightAnswer
from bench.server import Server
from counterfoil.store.database import SESSION
from counterfoil.store.statements import statement

PARTNERS = "DescribeCustomerVoucherUsageDetails"
OWNERS = "DescribeVoucherUsageDetails"
# A session of the service, so that the yardstick plans as the service does.
SESSION_OPTIONS = " ".join(f"-c {name}={value}" for name, value in SESSION.items())

_READERS = 8  # connections over which pages are checked


@dataclass(frozen=True)
class Pages:
    """Random full pages of so many records: as a partner asks for a customer's, or, where they are
    larger than that action allows, as the customer asks for its own."""

    book: Book
    size: int

    @property
    def is_partners(self) -> bool:
        """Whether it is the partner who asks."""
        return self.size <= 100

    @property
    def shelf(self) -> Shelf:
        """The vouchers whose pages they are."""
        return self.book.read if self.is_partners else self.book.own

    def calls(self, server: Server, count: int) -> list[SignedCall]:
        """Signed now; the same pages each time."""
        return [
            signed_call(self._action, self._asked(voucher, page), self._key, server.address)
            for voucher, page in self._chosen(count)
        ]

    def refused(self, server: Server, count: int) -> list[SignedCall]:
        """The same calls without `VoucherId`, which are refused before the database is asked."""
        refused = []
        for voucher, page in self._chosen(count):
            asked = self._asked(voucher, page)
            del asked["VoucherId"]
            refused.append(signed_call(self._action, asked, self._key, server.address))
        return refused

    def checked(self, server: Server, count: int) -> RightAnswer:
        """Reads every page that `calls` asks for and compares it with what was filled in; how such
        an answer is told."""
        asked = list(zip(self._chosen(count), self.calls(server, count), strict=True))
        parts = [asked[n::_READERS] for n in range(_READERS)]
        with ThreadPoolExecutor(_READERS) as readers:
            read = readers.map(self._read, [server] * _READERS, parts)
            lengths = [length for part in read for length in part]
        text = '"Id":' if self.is_partners else '"UsedTime":'
        return RightAnswer(min(lengths), max(lengths), text, times=self.size)

    def _read(self, server: Server, asked: list[tuple[tuple[int, int], SignedCall]]) -> list[int]:
        """Reads and compares pages over one connection; the lengths of the answers."""
        lengths = []
        client = Client(server.address)
        for (voucher, page), call in asked:
            body = client.send(call)
            self._check(response_of(body), voucher, page)
            lengths.append(len(body))
        client.close()
        return lengths

    def script(self) -> str:
        """For pgbench: the service's own statement, asked for one random page."""
        shelf, pages = self.shelf, self.shelf.usages_each // self.size
        sql = statement(self._statement)
        values = self._values(":uin", ":no", ":skip")
        for n, value in reversed(list(enumerate(values, start=1))):
            sql = sql.replace(f"${n}", f"array[{value}]")
        return (
            f"\\set voucher random(0, {shelf.vouchers - 1})\n"
            f"\\set no {shelf.voucher_no(0)} + :voucher\n"
            f"\\set uin {shelf.owner_uin(0)} + :voucher % {shelf.customers}\n"
            f"\\set skip random(0, {pages - 1}) * {self.size}\n{sql};\n"
        )

    def statements(self, count: int) -> tuple[str, list[Sequence[object]]]:
        """For a driver: the service's own statement, and its parameters for each page."""
        parameters = []
        for voucher, page in self._chosen(count):
            uin, no = self.shelf.owner_uin(voucher), self.shelf.voucher_no(voucher)
            values = self._values(uin, no, (page - 1) * self.size)
            literal = {"false": False, "''": ""}
            parameters.append([[literal.get(str(value), value)] for value in values])
        return statement(self._statement), parameters

    @property
    def _action(self) -> str:
        return PARTNERS if self.is_partners else OWNERS

    @property
    def _key(self) -> Key:
        return RESELLER_KEY if self.is_partners else CUSTOMER_KEY

    @property
    def _statement(self) -> str:
        action = "customer_voucher" if self.is_partners else "voucher"
        return f"describe_{action}_usage_details"

    def _values(self, uin: object, no: object, skip: object) -> list[object]:
        """The statement's parameters for one page; it takes a list of each."""
        if self.is_partners:
            return [uin, 0, RESELLER, uin, no, 0, skip, self.size, "false"]
        return [uin, 0, uin, "''", no, skip, self.size, "false"]

    def _chosen(self, count: int) -> list[tuple[int, int]]:
        """Voucher and page, from 1."""
        random, pages = Random(1), self.shelf.usages_each // self.size
        return [
            (random.randrange(self.shelf.vouchers), random.randint(1, pages)) for _ in range(count)
        ]

    def _asked(self, voucher: int, page: int) -> dict[str, Any]:
        if self.is_partners:
            return {
                "Page": page,
                "PageSize": self.size,
                "CustomerUin": self.shelf.owner_uin(voucher),
                "VoucherId": self.shelf.voucher_no(voucher),
            }
        return {"Offset": page, "Limit": self.size, "VoucherId": self.shelf.code(voucher)}

    def _check(self, response: dict[str, Any], voucher: int, page: int) -> None:
        if self.is_partners:
            total, found = response["TotalRecordsCount"], [row["Id"] for row in response["Data"]]
        else:
            total, found = response["TotalCount"], list(_ids_in(response["UsageRecords"]))
        assert total == self.shelf.usages_each
        assert found == self.shelf.usage_ids(voucher, page, self.size)


def _ids_in(records: list[dict[str, Any]]) -> Iterator[int]:
    """The ids of usages, which their order and bill numbers were made from."""
    for record in records:
        number = record["SeqId"].removeprefix("10071_").removesuffix("_1300223973")
        yield int(number[len("20210101") :]) - 10**15
