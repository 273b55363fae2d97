"""What official clients read while the database is out of reach."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.contract.asking import PYTHON, WAYS, Question, Way
from tests.contract.clients import Clients
from tests.contract.node_client import Node
from tests.contract.refusals import Refusal, check_refused
from tests.contract.test_coverage import contract_tests
from tests.contract.test_declarations import OFFICIAL
from tests.contract.test_describe_customer_voucher_usage_details import SEED as BY_PARTNER
from tests.contract.test_describe_voucher_usage_details import SEED as BY_OWNER
from tests.serving import COMMAND, environment, running

from counterfoil.actions.declaration import Action

SERVICE_BUSY = Refusal(
    case="partner",
    params={},
    code="OperationDenied.ServiceBusy",
    en="The service is busy. Please try again later.",
    zh="服务繁忙，请稍后重试。",
)
GATEWAY_ERROR = Refusal(
    case="owner",
    params={},
    code="InternalError.GatewayError",
    en="Gateway error.",
    zh="网关错误。",
)


@pytest.fixture(scope="module")
def stranded(node: Node, tccli_home: Path) -> Iterator[Clients]:
    """Clients of a server whose database, another server's embedded one, has gone for good."""
    options = ("--sample", "--no-rate-limit")
    with running(*options) as owner:
        dsn = subprocess.run(
            [COMMAND, "database", "--data", owner.data],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            env=environment(),
        ).stdout.strip()
        key = str(owner.data / "master.key")
        with running(*options, "--database", dsn, "--master-key-file", key) as server:
            clients = Clients(server.address, node, tccli_home)
            assert clients.ask(PYTHON, BY_OWNER)["TotalCount"] == 1
            owner.process.terminate()
            owner.process.wait(timeout=30)
            yield clients


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize(
    ("question", "refusal"),
    [(BY_PARTNER, SERVICE_BUSY), (BY_OWNER, GATEWAY_ERROR)],
    ids=["partner", "owner"],
)
def test_every_client_reads_that_it_is(
    stranded: Clients, way: Way, question: Question, refusal: Refusal
) -> None:
    check_refused(stranded, way, question, refusal)


@pytest.mark.parametrize("action", OFFICIAL, ids=lambda action: action.name)
def test_every_action_says_it_in_its_services_words(stranded: Clients, action: Action) -> None:
    question = replace(contract_tests(action).SEED, key=BY_PARTNER.key)
    refusal = GATEWAY_ERROR if action.service == "billing" else SERVICE_BUSY
    check_refused(stranded, PYTHON, question, refusal)
