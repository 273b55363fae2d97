"""`counterfoil init`: from an empty database to a tree of one's own, with no SQL in between."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.contract.house import LATER, LINE, Account, send, token
from tests.contract.house_rules import PAST_ITS_STATE
from tests.serving import COMMAND, environment, running
from tests.store.owner_process import end_server

from counterfoil.ledger.sample import SampleKey

PRINTED = re.compile(
    r"Uin: (?P<uin>[0-9]{12})\nSecretId: (?P<id>AKID[0-9A-Za-z]{32})\n"
    r"SecretKey: (?P<key>[0-9A-Za-z]{32})\n"
)


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder that isn't there yet."""
    yield tmp_path / "data"
    end_server(tmp_path / "data")


def init(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, "init", *options],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
        check=False,
    )


def operator_of(printed: str) -> Account:
    """The account and key that were printed."""
    found = PRINTED.fullmatch(printed)
    assert found, printed
    uin = int(found["uin"])
    return Account(uin, SampleKey("", uin, found["id"], found["key"]))


def test_from_nothing_to_a_charge(data: Path) -> None:
    done = init("--data", str(data))
    assert (done.returncode, done.stderr) == (0, "")
    platform = operator_of(done.stdout)
    with running("--no-rate-limit", data=data) as server:

        def do(action: str, by: Account, **members: object) -> dict[str, object]:
            answer = send(server.address, action, by, {"ClientToken": token(), **members})
            assert "Error" not in answer, answer
            return answer

        def made(kind: str, parent: Account) -> Account:
            uin = do("CreateAccount", parent, Kind=kind, Name=kind)["Uin"]
            key = do("CreateCredential", platform, Uin=uin)
            return Account(
                int(str(uin)),
                SampleKey("", 0, str(key["SecretId"]), str(key["SecretKey"])),
            )

        reseller = made("reseller", platform)
        customer = made("customer", reseller)
        do("AdjustVoucherQuota", platform, PartnerUin=reseller.uin, Amount="100")
        names = {"Name": "CVM", "NameZh": "云服务器", "EnName": "CVM"}
        product = {"ProductCode": "p_cvm", "SubProductCode": "sp_cvm_s1", **names}
        do("PutProducts", platform, Products=[product])
        voucher = {"CustomerUin": customer.uin, "Amount": "50", "ExpireTime": LATER}
        items = {"Vouchers": [{"ClientToken": token(), **voucher}]}
        assert "VoucherId" in send(server.address, "IssueVouchers", reseller, items)["Results"][0]
        charge = {"CustomerUin": customer.uin, "PayMode": "postPay", "Lines": [LINE]}
        items = {"Charges": [{"ClientToken": token(), **charge}]}
        (paid,) = send(server.address, "ChargeVouchers", reseller, items)["Results"]
        assert paid["PaidAmount"] == "10"

        # Nobody could give the platform another key, so its last one stays: a sub-user's is none.
        sub_user = do("CreateSubUser", platform, Name="without rights")
        do("CreateCredential", platform, Uin=sub_user["Uin"])
        members = {"ClientToken": token(), "SecretId": platform.key.secret_id}
        error = send(server.address, "DisableCredential", platform, members)["Error"]
        assert (error["Code"], error["Message"]) == PAST_ITS_STATE
        do("CreateCredential", platform)
        do("DisableCredential", platform, SecretId=platform.key.secret_id)


def test_a_database_with_accounts_is_left_alone(data: Path) -> None:
    platform = operator_of(init("--data", str(data)).stdout)
    again = init("--data", str(data))
    assert (again.returncode, again.stdout) == (2, "")
    assert re.fullmatch(r"counterfoil: this database holds accounts already.*\n", again.stderr)
    with running(data=data) as server:
        page = send(server.address, "DescribeAccounts", platform, {})
        assert [account["Uin"] for account in page["Accounts"]] == [platform.uin]


def test_beside_a_running_server_and_by_dsn(data: Path, tmp_path: Path) -> None:
    with running(data=data) as server:
        dsn = subprocess.run(
            [COMMAND, "database", "--data", str(data)],
            capture_output=True,
            text=True,
            env=environment(),
            check=True,
        ).stdout.strip()
        key_file = ["--master-key-file", str(data / "master.key")]
        done = init("--database", dsn, "--data", str(tmp_path / "unused"), *key_file)
        assert (done.returncode, done.stderr) == (0, "")
        platform = operator_of(done.stdout)
        page = send(server.address, "DescribeAccounts", platform, {})
        assert [account["Kind"] for account in page["Accounts"]] == ["platform"]
    assert not (tmp_path / "unused").exists()


def test_the_sample_has_its_operator(data: Path) -> None:
    with running("--sample", data=data):
        done = init("--data", str(data))
    assert (done.returncode, done.stdout) == (2, "")
