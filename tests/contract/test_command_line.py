"""The installed command: its options and variables, `call`, `database`, help."""

import contextlib
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from tests.contract.raw import PARTNER as PARTNER_API
from tests.databases import query
from tests.fault.asking import health, is_right, outcome
from tests.serving import COMMAND, Running, environment
from tests.store.owner_process import installed_package

from counterfoil.ledger.sample import KEYS
from counterfoil.settings import Settings, variable

PARTNER = ["intlpartnersmgt", "DescribeCustomerVoucherUsageDetails"]
BILLING = ["billing", "DescribeVoucherUsageDetails"]
PARTNER_MEMBERS = {"Page": 1, "PageSize": 10, "CustomerUin": 800000495142, "VoucherId": 12130012}
PARTNER_GIVEN = [f"{name}={value}" for name, value in PARTNER_MEMBERS.items()]
BILLING_GIVEN = ["Limit=10", "Offset=1", "VoucherId=VHPIUDFG9GUZDESWPR4W99"]
FOREIGN_CUSTOMER = 800000190982  # not the default profile's

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


def test_call_nests_parameters(sample_server: Running) -> None:
    charge = {
        "CustomerUin": FOREIGN_CUSTOMER,
        "PayMode": "postPay",
        "Lines.0.ProductCode": "p_cvm",
        "Lines.0.SubProductCode": "sp_cvm_s1",
        "Lines.0.Amount": "2.5",
    }
    given = [f"Charges.{n}.{name}={value}" for n in (0, 1) for name, value in charge.items()]
    tokens = [f"Charges.{n}.ClientToken=command-line-{n}" for n in (0, 1)]
    code, response = call(sample_server, "counterfoil", "ChargeVouchers", *given, *tokens)
    assert code == 0
    assert [result["Error"]["Code"] for result in response["Results"]] == ["FailedOperation"] * 2
    _, response = call(sample_server, "counterfoil", "ChargeVouchers", *given, tokens[0])
    assert response["Error"]["Message"].endswith("`Charges.1.ClientToken`.")


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


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{",
        b"SSH-2.0-OpenSSH_9.2\r\n",
    ],
)
def test_call_says_when_something_else_answers(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        address = "{}:{}".format(*stranger.getsockname())

        def serve_once() -> None:
            connection, _ = stranger.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=serve_once)
        thread.start()
        told = complaint("call", *BILLING, *BILLING_GIVEN, "--endpoint", address)
        thread.join()
    assert told == f"what answers at http://{address} isn't Counterfoil"


def test_call_into_a_pipe_that_nobody_reads(sample_server: Running) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run(
        [COMMAND, "call", *PARTNER, *PARTNER_GIVEN, "--endpoint", sample_server.url],
        stdout=write_end,
        stderr=subprocess.PIPE,
        env=environment(),
        check=False,
    )
    os.close(write_end)
    assert (done.returncode, done.stderr) == (1, b"")


def test_serve_takes_every_setting_from_the_environment(tmp_path: Path) -> None:
    settings = {
        "host": "127.0.0.1",
        "port": "0",
        "data": str(tmp_path / "data"),
        "sample": "1",
        "no_rate_limit": "1",
        "rates": "*=5",
        "account_rate": "9",
        "address_rate": "9",
        "rate_store": "redis://127.0.0.1:1/0",
        "master_key_file": str(tmp_path / "own.key"),
        "log_level": "info",
        "workers": "2",
    }
    assert {field.name for field in fields(Settings)} == {*settings, "database"}
    variables = {variable(name): value for name, value in settings.items()}
    with serving(**variables) as server:
        assert health(server.address) == 200
        assert is_right(server.address)
        server.process.send_signal(signal.SIGTERM)
        printed, errors = server.process.communicate(timeout=30)
    assert (server.process.returncode, printed) == (0, "")  # after the one line that it listens
    events = [json.loads(line)["event"] for line in errors.splitlines()]
    assert events == ["listening", *["stopping"] * 3]  # the server and both that serve for it
    assert (tmp_path / "own.key").exists()
    assert not (tmp_path / "data" / "master.key").exists()


def test_serve_heeds_the_command_line_before_the_environment(tmp_path: Path) -> None:
    ignored = {
        "COUNTERFOIL_HOST": "nowhere",
        "COUNTERFOIL_PORT": "70000",
        "COUNTERFOIL_DATA": "/nowhere",
        "COUNTERFOIL_SAMPLE": "1",
        "COUNTERFOIL_RATES": "x",
        "COUNTERFOIL_LOG_LEVEL": "loud",
    }
    options = ["--host", "localhost", "--port", "0", "--data", str(tmp_path / "data"),
               "--no-sample", "--rates", "*=5", "--log-level", "info"]  # fmt: skip
    with serving(*options, **ignored) as server:
        assert outcome(server.address, PARTNER_API) == "AuthFailure.SecretIdNotFound"


@pytest.mark.parametrize(
    "arguments",
    [["serve", "--port", "many"], ["serve", "--odd"], ["call"], ["odd"], ["database", "odd"], []],
)
def test_a_command_that_cant_be_read(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "Usage: counterfoil" in done.stdout + done.stderr


def test_database_prints_a_dsn_for_psql_and_drivers(sample_server: Running) -> None:
    printed = run("database", "--data", str(sample_server.data)).stdout
    assert printed.count("\n") == 1
    assert printed == run("database", COUNTERFOIL_DATA=str(sample_server.data)).stdout
    question = "select count(*) from account"
    assert query(printed.strip(), question) == [(7,)]
    psql = installed_package() / "pginstall" / "bin" / "psql"
    done = subprocess.run(
        [psql, "-XAt", printed.strip(), "-c", question], capture_output=True, text=True, check=True
    )
    assert done.stdout == "7\n"


def test_the_version_is_the_installed_ones() -> None:
    assert run("--version").stdout == f"counterfoil {version('counterfoil')}\n"


def test_help_shows_every_option_and_examples_that_work(sample_server: Running) -> None:
    shown = {name: run(name, "--help").stdout for name in ("serve", "call", "database")}
    assert "\x1b" not in "".join(shown.values())
    for field in fields(Settings):
        assert f"--{field.name.replace('_', '-')}" in shown["serve"]
        assert variable(field.name) in shown["serve"]
    assert "counterfoil serve --sample" in shown["serve"]
    assert 'psql "$(counterfoil database' in shown["database"]
    text = re.sub(r"\\ *\n", " ", shown["call"])
    examples = re.findall(r"^ *counterfoil call (.*)$", text, re.MULTILINE)
    reading = [shlex.split(each) for each in examples if " Describe" in each]
    answers = [call(sample_server, *words) for words in reading]
    assert [status for status, _ in answers] == [0, 0]
    assert [answer["TotalCount"] for _, answer in answers] == [1, 1]


@contextlib.contextmanager
def serving(*options: str, **variables: str) -> Iterator[Running]:
    """`counterfoil serve` with these options and variables alone."""
    with subprocess.Popen(
        [COMMAND, "serve", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(**variables),
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline().strip()
            assert line.startswith("listening on http://127.0.0.1:"), line
            yield Running(line.removeprefix("listening on http://"), Path(), process)
        finally:
            process.terminate()
