"""The SDKs' own request and response classes, used as their guides show."""

import asyncio
import json
from importlib import import_module
from typing import Any

import msgspec
import pytest
from tencentcloud.billing.v20180709 import models as billing
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.intlpartnersmgt.v20220928 import models as partners
from tests.contract.answers import UUID, as_json, content
from tests.contract.asking import ASYNC_PYTHON, NODE, PYTHON, WAYS, Question, Way
from tests.contract.clients import Clients
from tests.contract.node_client import Node, node_job
from tests.contract.python_clients import python_client
from tests.contract.test_coverage import contract_tests
from tests.contract.test_declarations import OFFICIAL, every_action, folder
from tests.contract.test_describe_customer_voucher_usage_details import ALL_MONTHS
from tests.contract.test_describe_voucher_usage_details import SEED

from counterfoil.actions.declaration import Action

TRACE_ID = "00000000-1111-4222-8333-444444444444"


def ask_typed(clients: Clients, way: Way, question: Question, request: Any) -> Any:
    """The response object of the SDK's method for the action."""
    for name, value in question.params.items():
        setattr(request, name, value)

    async def ask_async() -> Any:
        async with python_client(clients.address, way, question) as client:
            return await getattr(client, question.action)(request)

    if way == ASYNC_PYTHON:
        return asyncio.run(ask_async())
    return getattr(python_client(clients.address, way, question), question.action)(request)


# Node's package has no classes for the two actions that were documented last.
KNOWN_TO_NODE = [
    action
    for action in OFFICIAL
    if action.service == "billing" or not action.name.endswith("UsageDetails")
]


def seed_of(action: Action, clients: Clients, listed: Clients) -> tuple[Clients, Question]:
    """The question of the action's own tests, and clients of the server that it is for."""
    question: Question = contract_tests(action).SEED
    is_of_the_sample = question.key.secret_id.startswith("AKIDSAMPLE")
    return (clients if is_of_the_sample else listed), question


@every_action
@pytest.mark.parametrize("way", [PYTHON, ASYNC_PYTHON], ids=str)
def test_python_has_every_member_in_its_objects(
    clients: Clients, listed: Clients, way: Way, action: Action
) -> None:
    server, question = seed_of(action, clients, listed)
    models = import_module(f"tencentcloud.{folder(action)}.models")
    request = getattr(models, f"{action.name}Request")()
    answer = json.loads(ask_typed(server, way, question, request).to_json_string())
    assert as_json(content(answer)) == as_json(content(server.ask(way, question)))


@pytest.mark.parametrize("way", [way for way in WAYS if way.client == "node"], ids=str)
@pytest.mark.parametrize("action", KNOWN_TO_NODE, ids=lambda action: action.name)
def test_node_shows_the_fields_it_knows(
    clients: Clients, listed: Clients, node: Node, way: Way, action: Action
) -> None:
    server, question = seed_of(action, clients, listed)
    job = node_job(server.address, way, question) | {"typed": True}
    answer = content(node.run(job)["response"])
    check_is_part(answer, content(server.ask(way, question)))
    assert answer.keys() == {field.name for field in msgspec.structs.fields(action.response)} - (
        {"Unit"} if action.name == "DescribeVoucherInfo" else set()
    )


def check_is_part(part: Any, whole: Any) -> None:
    """That an answer holds what another holds, perhaps without some members of objects."""
    if isinstance(part, dict):
        assert part.keys() <= whole.keys()
        for name in part:
            check_is_part(part[name], whole[name])
    elif isinstance(part, list):
        for one, other in zip(part, whole, strict=True):
            check_is_part(one, other)
    else:
        assert as_json(part) == as_json(whole)


@pytest.mark.parametrize("way", [PYTHON, ASYNC_PYTHON], ids=str)
def test_python_shows_a_partners_answer_as_objects(clients: Clients, way: Way) -> None:
    request = partners.DescribeCustomerVoucherUsageDetailsRequest()
    answer = ask_typed(clients, way, ALL_MONTHS, request)
    assert (answer.TotalAmount, answer.RemainAmount, answer.TotalRecordsCount) == (1, 0, 2)
    assert [(record.VoucherId, record.Amount) for record in answer.Data] == [
        ("12130012", 0.7),
        ("12130012", 0.3),
    ]
    assert UUID.fullmatch(answer.RequestId)
    assert "null" not in answer.to_json_string()


@pytest.mark.parametrize("way", [PYTHON, ASYNC_PYTHON], ids=str)
def test_python_shows_an_owners_answer_as_objects(clients: Clients, way: Way) -> None:
    answer = ask_typed(clients, way, SEED, billing.DescribeVoucherUsageDetailsRequest())
    (record,) = answer.UsageRecords
    (line,) = record.UsageDetails
    assert (answer.TotalCount, answer.TotalUsedAmount, record.UsedAmount) == (1, 10**7, 10**7)
    assert (record.PayMode, record.PayScene) == ("postpay", "common")
    assert (line.ProductCode, line.SubProductEnName) == ("cvm", "CVM Standard S1")
    assert UUID.fullmatch(answer.RequestId)


@pytest.mark.parametrize("way", [PYTHON, ASYNC_PYTHON], ids=str)
def test_python_raises_its_exception_from_a_typed_call(clients: Clients, way: Way) -> None:
    request = billing.DescribeVoucherUsageDetailsRequest()
    request.Operator = "abc"
    with pytest.raises(TencentCloudSDKException) as caught:
        ask_typed(clients, way, SEED, request)
    assert caught.value.get_code() == "FailedOperation.InvalidAppId"
    assert caught.value.get_message() == "Invalid App ID."
    assert UUID.fullmatch(caught.value.get_request_id())


@pytest.mark.parametrize("way", [way for way in WAYS if way.client == "node"], ids=str)
def test_node_shows_an_owners_answer_in_the_fields_it_knows(
    clients: Clients, node: Node, way: Way
) -> None:
    job = node_job(clients.address, way, SEED) | {"typed": True}
    answer = content(node.run(job)["response"])
    (record,) = answer.pop("UsageRecords")
    assert as_json(answer) == as_json({"TotalCount": 1, "TotalUsedAmount": 10**7})
    assert (record["UsedAmount"], record["UsedTime"]) == (10**7, "2024-03-29 02:03:27")
    assert record["UsageDetails"][0]["ProductName"] == "Cloud Virtual Machine (CVM)"


@pytest.mark.parametrize("way", [NODE, Way("node", "HmacSHA256", "GET")], ids=str)
def test_node_finds_its_trace_id_in_an_error(clients: Clients, node: Node, way: Way) -> None:
    job = node_job(clients.address, way, SEED) | {"params": {}, "typed": True}
    job["headers"]["X-TC-TraceId"] = TRACE_ID
    assert node.run(job)["error"]["traceId"] == TRACE_ID
