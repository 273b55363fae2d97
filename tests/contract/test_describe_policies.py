"""DescribePolicies: an account's own policies, page by page."""

from tests.contract.access import attach, make_policy, make_sub_user
from tests.contract.house import House
from tests.contract.house_rules import EVERYONE, check_callers, out_of_range
from tests.contract.reading import BAD_CURSOR, check_refusals, pages

from counterfoil.actions.counterfoil_20261121.describe_policies import ACTION
from counterfoil.domain import errors


def test_every_policy_is_on_one_page(house: House) -> None:
    made = [make_policy(house, house.reseller, "finance:*") for _ in range(5)]
    make_policy(house, house.distributor, "finance:*")
    for limit in (1, 2, 5, 6):
        found = pages(house, ACTION, "Policies", Limit=limit)
        assert [policy["PolicyId"] for page in found for policy in page] == made
        assert all(len(page) == limit for page in found[:-1])


def test_a_policy_shows_what_it_is_attached_to(house: House) -> None:
    users = [make_sub_user(house, house.reseller) for _ in range(2)]
    policy_id = attach(house, house.reseller, users[1].uin, "finance:*")
    house.do("AttachPolicy", house.reseller, PolicyId=policy_id, PrincipalId=users[0].uin)
    (policy,) = house.ask(ACTION.name, house.reseller)["Policies"]
    assert policy["PrincipalIds"] == [user.uin for user in users]


def test_refusals(house: House) -> None:
    check_refusals(
        house,
        ACTION,
        {},
        [
            *((errors.OutOfRange, {"Limit": n}, out_of_range("Limit")) for n in (0, -1, 1_001)),
            *((errors.BadCursor, {"Cursor": text}, BAD_CURSOR) for text in ("x", "1.2", "9" * 30)),
        ],
    )


def test_who_may_call(house: House) -> None:
    check_callers(house, ACTION, EVERYONE)
