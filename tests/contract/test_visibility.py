"""Who may see whose vouchers: every caller, every customer, every voucher of the sample.

What one may not see answers exactly like what does not exist.
"""

from itertools import product

import pytest
from tests.contract import sample
from tests.contract.answers import as_json, content
from tests.contract.asking import PYTHON, Key, Question, Refused
from tests.contract.clients import Clients

PARTNERS = [sample.DISTRIBUTOR, sample.SUB_RESELLER, sample.RESELLER]
CUSTOMERS = [sample.CUSTOMER_A, sample.CUSTOMER_B, sample.CUSTOMER_C]
CALLERS = [sample.OPERATOR, *PARTNERS, *CUSTOMERS]
UINS = [sample.CUSTOMER_A_UIN, sample.CUSTOMER_B_UIN, sample.CUSTOMER_C_UIN, 800000000001]
NUMBERS = [12130012, 12130013, 12130014, 12130099]

# A second-level reseller's vouchers are seen by its distributor too.
SEEN_BY_PARTNERS = {
    (sample.RESELLER, sample.CUSTOMER_A_UIN, 12130012): 2,
    (sample.RESELLER, sample.CUSTOMER_B_UIN, 12130013): 1,
    (sample.SUB_RESELLER, sample.CUSTOMER_C_UIN, 12130014): 1_234,
    (sample.DISTRIBUTOR, sample.CUSTOMER_C_UIN, 12130014): 1_234,
}
RECORDS_OF_OWNERS = {
    (sample.CUSTOMER_A, sample.VOUCHER_A): 2,
    (sample.CUSTOMER_B, sample.VOUCHER_B): 1,
    (sample.CUSTOMER_C, sample.VOUCHER_C): 1_234,
}
VOUCHERS = [
    sample.VOUCHER_A,
    sample.VOUCHER_B,
    sample.VOUCHER_C,
    (12130099, "NOSUCHVOUCHER000000001"),
]


def of_customer(key: Key, customer_uin: int, number: int) -> Question:
    return Question(
        "intlpartnersmgt",
        "DescribeCustomerVoucherUsageDetails",
        {"Page": 1, "PageSize": 1, "CustomerUin": customer_uin, "VoucherId": number},
        key,
    )


def of_own(key: Key, voucher: str) -> Question:
    return Question(
        "billing",
        "DescribeVoucherUsageDetails",
        {"Limit": 1, "Offset": 1, "VoucherId": voucher},
        key,
    )


@pytest.mark.parametrize("key", PARTNERS, ids=lambda key: key.secret_id)
@pytest.mark.parametrize(("customer_uin", "number"), list(product(UINS, NUMBERS)))
def test_a_partner_sees_its_trees_vouchers_and_no_trace_of_others(
    clients: Clients, key: Key, customer_uin: int, number: int
) -> None:
    question = of_customer(key, customer_uin, number)
    records = SEEN_BY_PARTNERS.get((key, customer_uin, number))
    if records is not None:
        assert clients.ask(PYTHON, question)["TotalRecordsCount"] == records
        return
    with pytest.raises(Refused) as caught:
        clients.ask(PYTHON, question)
    assert (caught.value.code, caught.value.message) == (
        "FailedOperation",
        "Operation failed: the customer or voucher was not found.",
    )


@pytest.mark.parametrize("key", [sample.OPERATOR, *CUSTOMERS], ids=lambda key: key.secret_id)
def test_only_partners_may_ask_about_customers_whatever_they_ask(
    clients: Clients, key: Key
) -> None:
    questions = [of_customer(key, uin, number) for uin, number in product(UINS, NUMBERS)]
    malformed = Question("intlpartnersmgt", "DescribeCustomerVoucherUsageDetails", {"x": 1}, key)
    for question in [*questions, malformed]:
        with pytest.raises(Refused) as caught:
            clients.ask(PYTHON, question)
        assert caught.value.code == "UnauthorizedOperation.UinNoAuth"


@pytest.mark.parametrize("key", CALLERS, ids=lambda key: key.secret_id)
@pytest.mark.parametrize("voucher", VOUCHERS, ids=lambda voucher: voucher[1])
def test_every_caller_sees_its_own_vouchers_and_no_trace_of_others(
    clients: Clients, key: Key, voucher: tuple[int, str]
) -> None:
    records = RECORDS_OF_OWNERS.get((key, voucher))
    for name in (str(voucher[0]), voucher[1]):
        answer = content(clients.ask(PYTHON, of_own(key, name)))
        if records is None:
            nothing = {"TotalCount": 0, "TotalUsedAmount": 0, "UsageRecords": []}
            assert as_json(answer) == as_json(nothing)
        else:
            assert answer["TotalCount"] == records
            assert answer["UsageRecords"][0]["VoucherId"] == voucher[1]
