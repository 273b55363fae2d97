"""The documented 20 requests a second of each action, as a caller comes to feel them.

A window is a wall-clock second, whatever moment a test began in. Every test has callers of its
own, so that none finds a second already used up.
"""

import re
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
from tests.contract import sample
from tests.contract.answers import UUID
from tests.contract.asking import PYTHON, TCCLI, WAYS, Question, Refused, Way
from tests.contract.clients import Clients
from tests.contract.node_client import Node
from tests.serving import running

LIMIT = 20
CODE = "RequestLimitExceeded"
SENTENCE = (
    r"Your current request times equals to `(\d+)` in a second, which exceeds the frequency limit "
    r"`{limit}` for a second\. Please reduce the frequency of calls\."
)
SENTENCE_ZH = r"您当前每秒请求 `(\d+)` 次，超过了每秒频率上限 `{limit}`，请稍后重试。"

BY_PARTNER = Question(
    "intlpartnersmgt",
    "DescribeCustomerVoucherUsageDetails",
    {"Page": 1, "PageSize": 1, "CustomerUin": sample.CUSTOMER_C_UIN, "VoucherId": 12130014},
    sample.DISTRIBUTOR,
)
BY_OWNER = Question(
    "billing",
    "DescribeVoucherUsageDetails",
    {"Limit": 1, "Offset": 1, "VoucherId": "12130014"},
    sample.CUSTOMER_C,
)


@pytest.fixture(scope="module")
def documented(node: Node, tccli_home: Path) -> Iterator[Clients]:
    """Clients of a server that keeps the documented rates."""
    with running("--sample") as server:
        yield Clients(server.address, node, tccli_home)


@pytest.fixture(scope="module")
def strict(node: Node, tccli_home: Path) -> Iterator[Clients]:
    """Clients of a server that lets one request a second pass: the slowest client exceeds that."""
    with running("--sample", "--rates", "*=1") as server:
        yield Clients(server.address, node, tccli_home)


def refused_count(
    clients: Clients, way: Way, question: Question, code: str = CODE, *, limit: int
) -> int:
    """The count that a refusal by the rate limit tells; 0 for an answer."""
    sentence = SENTENCE_ZH if question.language == "zh-CN" else SENTENCE
    try:
        clients.ask(way, question)
    except Refused as refused:
        told = re.fullmatch(sentence.format(limit=limit), refused.message)
        assert refused.code == code
        assert UUID.fullmatch(refused.request_id)
        assert told, refused.message
        return int(told[1])
    return 0


@contextmanager
def flood(clients: Clients, question: Question, code: str = CODE) -> Iterator[None]:
    """Asks a strict server without a pause, until the block ends."""
    stopping = Event()

    def ask() -> None:
        while not stopping.is_set():
            refused_count(clients, PYTHON, question, code, limit=1)

    threads = [Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join()


def first_refused_count(clients: Clients, way: Way, question: Question, code: str = CODE) -> int:
    """What the first refusal of a flooded caller tells: a call that comes early in a second passes,
    but hardly ever do this many."""
    counts = (refused_count(clients, way, question, code, limit=1) for _ in range(30))
    return next(filter(None, counts), 0)


@pytest.mark.parametrize(
    ("option", "code"),
    [
        ("--account-rate", "RequestLimitExceeded.UinLimitExceeded"),
        ("--address-rate", "RequestLimitExceeded.IPLimitExceeded"),
    ],
)
def test_every_client_reads_the_limits_of_accounts_and_addresses(
    node: Node, tccli_home: Path, option: str, code: str
) -> None:
    with running("--sample", "--rates", "*=1000", option, "1") as server:
        clients = Clients(server.address, node, tccli_home)
        with flood(clients, BY_OWNER, code):
            for way in WAYS:
                assert first_refused_count(clients, way, BY_OWNER, code) >= 2


@pytest.mark.parametrize(
    "question",
    [replace(BY_PARTNER, key=sample.SUB_RESELLER), BY_OWNER],
    ids=["partner", "owner"],
)
def test_twenty_requests_of_a_second_pass_and_the_rest_are_counted(
    documented: Clients, question: Question
) -> None:
    counts: list[int] = []
    began_s = int(time.time())
    with ThreadPoolExecutor(6) as pool:
        while not any(counts):  # a machine busy with other things may need more than one burst
            asked = [
                pool.submit(refused_count, documented, PYTHON, question, limit=LIMIT)
                for _ in range(120)
            ]
            counts += [one.result() for one in asked]
    seconds = int(time.time()) - began_s + 1
    passed = counts.count(0)
    refused = Counter(count for count in counts if count)
    full_seconds = refused[LIMIT + 1]  # each second that refused any refused its 21st
    assert full_seconds >= 1
    assert full_seconds * LIMIT <= passed <= seconds * LIMIT
    assert set(refused) == set(range(LIMIT + 1, max(refused) + 1))
    assert all(refused[n] >= refused[n + 1] for n in refused)


@pytest.mark.parametrize(
    "question",
    [BY_PARTNER, replace(BY_OWNER, key=sample.CUSTOMER_B)],
    ids=["partner", "owner"],
)
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_client_reads_that_it_asks_too_often(
    strict: Clients, way: Way, question: Question
) -> None:
    with flood(strict, question):
        assert first_refused_count(strict, way, question) >= 2


@pytest.mark.parametrize("way", [PYTHON, TCCLI], ids=str)
def test_it_is_told_in_chinese_when_asked_for(strict: Clients, way: Way) -> None:
    with flood(strict, BY_PARTNER):
        assert first_refused_count(strict, way, replace(BY_PARTNER, language="zh-CN")) >= 2


def test_another_caller_and_another_action_are_not_held_back(strict: Clients) -> None:
    own_voucher = {"CustomerUin": sample.CUSTOMER_A_UIN, "VoucherId": 12130012}
    another_caller = replace(
        BY_PARTNER, key=sample.RESELLER, params=BY_PARTNER.params | own_voucher
    )
    another_action = replace(BY_OWNER, key=BY_PARTNER.key)
    with flood(strict, BY_PARTNER):
        assert first_refused_count(strict, PYTHON, BY_PARTNER)
        assert refused_count(strict, PYTHON, another_caller, limit=1) == 0
        assert refused_count(strict, PYTHON, another_action, limit=1) == 0


def test_nothing_is_refused_where_the_limits_are_off(clients: Clients) -> None:
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(clients.ask, PYTHON, BY_PARTNER) for _ in range(120)]
    assert {answer.result()["TotalRecordsCount"] for answer in asked} == {1_234}
