"""The connection to PostgreSQL breaks while a charge is written, at every message there is: each
time the client is told so, and the token tells what became of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import quote

import pytest
from tests.books import assert_books_at
from tests.databases import query
from tests.fault.process import Server
from tests.fault.proxy import COMMIT, Proxy
from tests.fault.writing import Client, charge_of, give_vouchers, has_failed

from counterfoil.ledger.sample import CUSTOMER_A
from counterfoil.store import embedded
from counterfoil.store.embedded import cluster

USAGES = "select usage_id from usage where owner_uin = $1 and operation_id = ("
USAGES += "select operation_id from idempotency where owner_uin = $1 and token = $2)"


@dataclass
class Line:
    """A server that reaches its database through a proxy, which serves `dsn` too."""

    server: Server
    proxy: Proxy
    dsn: str

    def charge(self, token: str) -> dict[str, Any]:
        """What a call with one charge answers."""
        client = Client(self.server.address)
        try:
            return client.call("ChargeVouchers", {"Charges": [charge_of(token, "0.01")]})
        finally:
            client.close()

    def usages(self, token: str) -> list[int]:
        """The usage rows of a charge, as stored."""
        return [usage_id for (usage_id,) in query(self.dsn, USAGES, CUSTOMER_A, token)]

    def check_repeat(self, token: str, found: list[int]) -> None:
        """A charge sent again tells what was `found` of it, or takes effect now."""
        (result,) = self.charge(token)["Results"]
        told = [allocation["UsageId"] for allocation in result["Allocations"]]
        assert len(told) == 1
        assert told == self.usages(token)
        assert found in ([], told)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    folder = tmp_path_factory.mktemp("line")
    postgresql = embedded.start(folder / "data")
    dsn = embedded.dsn(folder / "data")
    proxy = Proxy(folder, folder / "data" / "run")
    through = f"postgresql://{cluster.ROLE}@/{cluster.DATABASE}?host={quote(str(folder))}"
    server = Server(folder / "own", "--sample", "--no-rate-limit", "--database", through)
    try:
        give_vouchers(server.wait_ready().address, 2, "1000")
        made = Line(server, proxy, dsn)
        assert not has_failed(made.charge("first"))  # has ids at hand: the next is one transaction
        yield made
        assert_books_at(dsn)
        assert server.end() == 0
        assert "Traceback" not in server.errors()
    finally:
        server.clean_up()
        proxy.close()
        postgresql.stop()


@pytest.mark.parametrize(("when", "is_stored"), [("before", False), ("after", True)])
def test_a_cut_at_the_commit(line: Line, when: str, *, is_stored: bool) -> None:
    for n in range(5):
        token = f"commit-{when}-{n}"
        line.proxy.hang_up(lambda text: when if text == COMMIT else "")
        assert has_failed(line.charge(token))
        line.proxy.hang_up(lambda _: "")
        found = line.usages(token)
        assert bool(found) == is_stored
        line.check_repeat(token, found)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_cut_at_any_message(line: Line, when: str) -> None:
    for nth in count(1):
        token = f"any-{when}-{nth}"
        messages = count(1)
        line.proxy.hang_up(lambda _, n=messages, at=nth: when if next(n) == at else "")
        answer = line.charge(token)
        line.proxy.hang_up(lambda _: "")
        if not has_failed(answer):
            assert nth > 8, "a charge has more messages than that, also when all is known"
            break
        line.check_repeat(token, line.usages(token))
