"""The installed command: its options and variables, `call`, `database`, help."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.databases import query
from tests.fault.asking import health, is_right
from tests.serving import COMMAND, Running, environment, running
from tests.store.owner_process import installed_package

from counterfoil.ledger.sample import KEYS
from counterfoil.settings import variable

PARTNER = ["intlpartnersmgt", "DescribeCustomerVoucherUsageDetails"]
BILLING = ["billing", "DescribeVoucherUsageDetails"]
PARTNER_MEMBERS = {"Page": 1, "PageSize": 10, "CustomerUin": 800000495142, "VoucherId": 12130012}
PARTNER_GIVEN = [f"{name}={value}" for name, value in PARTNER_MEMBERS.items()]
BILLING_GIVEN = ["Limit=10", "Offset=1", "VoucherId=VHPIUDFG9GUZDESWPR4W99"]

# What the two documents print.
PARTNER_SEED = {
    "CustomerUin": 800000495142,
    "Data": [],
    "Month": "2024-03",
    "RecordsCountByMonth": 0,
    "RemainAmount": 0,
    "TotalAmount": 1,
    "TotalRecordsCount": 2,
    "VoucherId": 12130012,
}
BILLING_SEED = {
    "TotalUsedAmount": 10000000,
    "TotalCount": 1,
    "UsageRecords": [
        {
            "UsedAmount": 10000000,
            "PayScene": "common",
            "UsedTime": "2024-03-29 02:03:27",
            "VoucherId": "VHPIUDFG9GUZDESWPR4W99",
            "SeqId": "10071_2024032902_1300223973_1711649007",
            "UsageDetails": [
                {
                    "Action": "purchase",
                    "BillingItemCode": "v_cvm_bandwidth",
                    "SubProductName": "Cloud Virtual Machine (CVM)-standard type S1",
                    "SubProductEnName": "CVM Standard S1",
                    "ProductName": "Cloud Virtual Machine (CVM)",
                    "ProductCode": "cvm",
                    "SubBillingItemCode": "sv_cvm_bandwidth_prepay",
                    "ProductEnName": "Cloud Virtual Machine(CVM)",
                    "CalcUnit": "1",
                    "SubProductCode": "p_cvm",
                }
            ],
            "PayMode": "postpay",
        }
    ],
}


def run(
    *arguments: str, given: str | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """`counterfoil ARGUMENTS` to its end, its output into pipes."""
    done = subprocess.run(
        [COMMAND, *arguments],
        input=given,
        capture_output=True,
        encoding="utf-8",
        env=environment(**variables),
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done


def call(
    server: Running, *arguments: str, given: str | None = None, **variables: str
) -> tuple[int, dict[str, Any]]:
    """Exit code and answer of `counterfoil call`, its RequestId looked at and left out."""
    variables = {"COUNTERFOIL_ENDPOINT": server.url, **variables}
    done = run("call", *arguments, given=given, **variables)
    assert done.stderr == ""
    response: dict[str, Any] = json.loads(done.stdout)["Response"]
    assert re.fullmatch("[0-9a-f-]{36}", response.pop("RequestId"))
    return done.returncode, response


def complaint(*arguments: str, given: str | None = None, **variables: str) -> str:
    """The one line with which a command that can't be meant ends."""
    done = run(*arguments, given=given, **variables)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"counterfoil: [^\n]+\n", done.stderr), done.stderr
    return done.stderr.removeprefix("counterfoil: ").strip()


def test_call_gets_the_documents_answers(sample_server: Running) -> None:
    assert call(sample_server, *PARTNER, *PARTNER_GIVEN, "Month=2024-03") == (0, PARTNER_SEED)
    by_customer = call(sample_server, *BILLING, *BILLING_GIVEN, "--profile", "customerb")
    assert by_customer == (0, BILLING_SEED)


def test_call_speaks_chinese_in_any_locale(sample_server: Running) -> None:
    arguments = [*BILLING, *BILLING_GIVEN, "--profile", "customerb", "--language", "zh-CN"]
    latin = {"LC_ALL": "en_US.ISO-8859-1", "PYTHONIOENCODING": "latin-1"}
    _, response = call(sample_server, *arguments, **latin)
    assert response["UsageRecords"][0]["UsageDetails"][0]["ProductName"] == "云服务器CVM"


def test_call_prints_a_refusal_and_exits_1(sample_server: Running) -> None:
    code, response = call(sample_server, *PARTNER, *PARTNER_GIVEN, "Month=2024-13")
    assert code == 1
    assert response["Error"]["Code"] == "InvalidParameterValue.InvalidMonth"


def test_call_leaves_it_to_the_server_to_judge_parameters(sample_server: Running) -> None:
    for given, code in [
        (["Page=one"], "InvalidParameter"),
        (["Pages=1"], "UnknownParameter"),
        (["Page.0.Field=1"], "InvalidParameter"),
        (["VoucherId="], "InvalidParameter"),
    ]:
        _, response = call(sample_server, *PARTNER, *PARTNER_GIVEN, *given)
        assert (given, response["Error"]["Code"]) == (given, code)


def test_call_takes_a_file_or_standard_input(sample_server: Running, tmp_path: Path) -> None:
    file = tmp_path / "request.json"
    file.write_text(json.dumps(PARTNER_MEMBERS))
    whole = call(sample_server, *PARTNER, *PARTNER_GIVEN)
    assert whole[1]["TotalRecordsCount"] == 2
    assert call(sample_server, *PARTNER, "--json", str(file)) == whole
    assert call(sample_server, *PARTNER, "--json", "-", given=file.read_text()) == whole
    with_month = call(sample_server, *PARTNER, "--json", str(file), "Month=2024-03")
    assert with_month == (0, PARTNER_SEED)


def test_call_nests_parameters() -> None:
    issue = ["counterfoil", "IssueVouchers"]
    charge = "Charges.0.Lines.1.Amount=2.5"
    with running("--sample") as server:
        _, response = call(server, *issue, charge)
    assert response["Error"] == {
        "Code": "MissingParameter",
        "Message": "The request is missing a required parameter `Vouchers`.",
    }


@pytest.mark.parametrize("profile", [key.profile for key in KEYS])
def test_call_signs_as_each_profile(sample_server: Running, profile: str) -> None:
    refused = {"operator", "customera", "customerb", "customerc"}
    code, response = call(sample_server, *PARTNER, *PARTNER_GIVEN, COUNTERFOIL_PROFILE=profile)
    if profile in refused:
        assert response["Error"]["Code"] == "UnauthorizedOperation.UinNoAuth"
    elif profile == "reseller":
        assert code == 0
    else:
        assert response["Error"]["Code"] == "FailedOperation"


def test_call_signs_with_a_key_of_ones_own(sample_server: Running) -> None:
    own = {"TENCENTCLOUD_SECRET_ID": "AKIDSAMPLECUSTOMERB"}
    right = {**own, "TENCENTCLOUD_SECRET_KEY": "sample-customer-b"}
    wrong = {**own, "TENCENTCLOUD_SECRET_KEY": "another"}
    billing = [*BILLING, *BILLING_GIVEN]
    assert call(sample_server, *billing, **right) == (0, BILLING_SEED)
    _, response = call(sample_server, *billing, **wrong)
    assert response["Error"]["Code"] == "AuthFailure.SignatureFailure"
    assert call(sample_server, *billing, "--profile", "customerb", **wrong) == (0, BILLING_SEED)
    assert "give both, or a --profile" in complaint("call", *billing, **own)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["billing", "Describe"], "there is no billing Describe; there are: billing Describe"),
        ([*BILLING, "--profile", "nobody"], "there is no profile 'nobody'; there are: operator, "
         "distributor, subreseller, reseller, customera, customerb, customerc"),
        ([*BILLING, "Limit"], "'Limit' is not of the form Name=value"),
        ([*BILLING, "--json", "/nowhere"], "--json /nowhere: "),
        ([*BILLING, "--endpoint", "https://h"], "--endpoint https://h: http://HOST:PORT is "),
        ([*BILLING, "--endpoint", "http://h:x"], "--endpoint http://h:x: http://HOST:PORT is "),
        ([*BILLING, "--endpoint", "127.0.0.1:1"], "no server answers at http://127.0.0.1:1 "
         "(Connection refused): start one with `counterfoil serve --sample`"),
    ],
)  # fmt: skip
def test_call_says_what_it_cant_do(arguments: list[str], told: str) -> None:
    assert complaint("call", *arguments).startswith(told)


@pytest.mark.parametrize("text", ["", "{", "[]", "1", "[" * 100_000])
def test_call_says_what_is_no_request(text: str) -> None:
    assert complaint("call", *BILLING, "--json", "-", given=text).startswith("--json -: ")


def test_call_says_when_something_else_answers(sample_server: Running) -> None:
    health_page = "GET /healthz HTTP/1.1"
    assert health(sample_server.address) == 200, health_page
