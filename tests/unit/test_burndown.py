"""Which vouchers pay, how much, and why the others don't."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.vouchers import DAY, NOW, due, lines_paid, paid, voucher

from counterfoil.domain.burndown import (
    Due,
    Policy,
    Reason,
    Verdict,
    burn_down,
    is_settled,
    place_of,
)
from counterfoil.domain.voucher import ProductScope, Terms, VoidKind, Voucher

TICK = timedelta(microseconds=1)


def burnt(
    vouchers: Sequence[Voucher],
    asked: Due,
    policy: Policy = Policy.INTL,
    named: Sequence[int] = (),
) -> list[Verdict]:
    return burn_down(vouchers, asked, policy=policy, now=NOW, named=named)


def reason(one: Voucher, asked: Due) -> Reason:
    """Why one voucher by itself pays or doesn't."""
    (verdict,) = burnt([one], asked)
    assert bool(verdict.shares) == (verdict.reason is Reason.USED)
    return verdict.reason


# The documents' examples: vouchers by letter, balance at end day; see the rules of both sites.
A, B, C, D, E = range(1, 6)
CN = [voucher(A, 10, 9), voucher(B, 8, 9), voucher(C, 5, 9), voucher(D, 2, 9), voucher(E, 4, 10)]
INTL = [voucher(A, 5, 9), voucher(B, 8, 9), voucher(C, 10, 10), voucher(D, 12, 11)]


@pytest.mark.parametrize(
    ("charged", "pays"),
    [(10, {A: 5, B: 5}), (20, {A: 5, B: 8, C: 7}), (4, {A: 4})],
)
def test_intl_documents_examples(charged: int, pays: dict[int, int]) -> None:
    assert paid(burnt(INTL, due(charged))) == pays


def test_cn_documents_example() -> None:
    verdicts = burnt(CN, due(4), Policy.CN)
    assert [verdict.voucher.voucher_no for verdict in verdicts] == [C, B, A, D, E]
    assert paid(verdicts) == {C: 4}
    assert {v.reason for v in verdicts[1:]} == {Reason.NOTHING_LEFT_TO_PAY}


def test_cn_uses_one_voucher_though_something_stays_unpaid() -> None:
    verdicts = burnt(CN, due(30), Policy.CN)
    assert paid(verdicts) == {A: 10}
    assert [v.reason for v in verdicts[1:]] == [Reason.ONE_VOUCHER_ONLY] * 4


def test_cn_passes_over_a_voucher_that_may_not_pay() -> None:
    prepaid = voucher(A, 10, 9, terms=Terms(pay_mode="prepay"))
    assert paid(burnt([prepaid, voucher(B, 3, 9)], due(5), Policy.CN)) == {B: 3}


def test_cn_counts_what_it_could_take_of_eligible_lines_only() -> None:
    narrow = voucher(A, 100, 9, terms=_only("a"))
    wide = voucher(B, 6, 9)
    assert paid(burnt([narrow, wide], due(5, 50, products="ab"), Policy.CN)) == {B: 6}


def test_vouchers_that_end_sooner_go_first_then_smaller_ones_then_by_number() -> None:
    vouchers = [voucher(4, 5, 9), voucher(3, 5, 9), voucher(2, 1, 10), voucher(1, 4, 9)]
    assert list(paid(burnt(vouchers, due(100)))) == [1, 3, 4, 2]


@pytest.mark.parametrize("policy", Policy)
def test_a_lower_priority_number_goes_ahead_of_the_end(policy: Policy) -> None:
    vouchers = [voucher(A, 5, 1, priority=1), voucher(B, 5, 20), voucher(C, 5, 30, priority=-1)]
    order = [verdict.voucher.voucher_no for verdict in burnt(vouchers, due(100), policy)]
    assert order == [C, B, A]


def test_named_vouchers_pay_in_the_order_named_and_no_others() -> None:
    verdicts = burnt(INTL, due(25), named=[D, A])
    assert paid(verdicts) == {D: 12, A: 5}
    assert [v.reason for v in verdicts[2:]] == [Reason.NOT_NAMED] * 2


def test_the_first_named_voucher_that_can_pays_alone_under_cn() -> None:
    spent = voucher(A, 0)
    verdicts = burnt([spent, *INTL[1:]], due(9), Policy.CN, named=[A, C, B])
    assert paid(verdicts) == {C: 9}


def _only(*codes: str) -> Terms:
    return Terms(product_scope=ProductScope.ALLOW, product_codes=codes)


def _all_but(*codes: str) -> Terms:
    return Terms(product_scope=ProductScope.BLOCK, product_codes=codes)


@pytest.mark.parametrize(
    ("terms", "pays"),
    [
        (Terms(), {1: 10, 2: 20, 3: 30}),
        (_only("a"), {1: 10}),
        (_only("a", "c"), {1: 10, 3: 30}),
        (_all_but("a"), {2: 20, 3: 30}),
        (replace(_only("a", "b"), excluded_product_codes=("a",)), {2: 20}),
        (Terms(excluded_product_codes=("c",)), {1: 10, 2: 20}),
        (replace(_all_but("a"), excluded_product_codes=("b",)), {3: 30}),
        (_only("x"), {}),
    ],
)
def test_product_scopes(terms: Terms, pays: dict[int, int]) -> None:
    verdicts = burnt([voucher(A, 100, terms=terms)], due(10, 20, 30, products="abc"))
    assert lines_paid(verdicts) == ({A: pays} if pays else {})
    assert verdicts[0].reason is (Reason.USED if pays else Reason.PRODUCTS)


def test_a_voucher_is_shared_over_eligible_lines_pro_rata_to_what_is_unpaid() -> None:
    first = voucher(A, 30, 9, terms=_only("a", "b"))  # of 100 and 200: 10 and 20
    second = voucher(B, 70, 10, terms=_only("b", "c"))  # of 180 and 170: 36 and 34
    verdicts = burnt([first, second], due(100, 200, 170, products="abc"))
    assert lines_paid(verdicts) == {A: {1: 10, 2: 20}, B: {2: 36, 3: 34}}


def test_the_rounding_example_of_the_documents() -> None:
    assert lines_paid(burnt([voucher(A, 90)], due(100, 200))) == {A: {1: 30, 2: 60}}


@pytest.mark.parametrize(("spend", "is_met"), [(59, True), (60, True), (61, False)])
def test_minimum_spend_is_tested_on_eligible_lines_alone(spend: int, *, is_met: bool) -> None:
    terms = replace(_only("a", "b"), min_spend_micro=spend)
    verdicts = burnt([voucher(A, 5, terms=terms)], due(20, 40, 1_000, products="abc"))
    assert verdicts[0].reason is (Reason.USED if is_met else Reason.MIN_SPEND)


def test_minimum_spend_is_tested_on_what_was_charged_not_on_what_is_left() -> None:
    late = voucher(B, 50, 10, terms=Terms(min_spend_micro=100))
    assert paid(burnt([voucher(A, 80, 9), late], due(100))) == {A: 80, B: 20}


@pytest.mark.parametrize(
    ("scenes", "scene", "may"),
    [
        ((), "", True),
        ((), "purchase", True),
        (("purchase",), "purchase", True),
        (("purchase", "renew"), "renew", True),
        (("purchase",), "renew", False),
        (("purchase",), "", False),  # a charge that names none fits open terms only
    ],
)
def test_scenes(scenes: tuple[str, ...], scene: str, *, may: bool) -> None:
    one = voucher(A, 5, terms=Terms(pay_scenes=scenes))
    assert reason(one, due(5, scene=scene)) is (Reason.USED if may else Reason.PAY_SCENE)


@pytest.mark.parametrize("mode", ["prepay", "postpay", "ripay"])
def test_pay_modes(mode: str) -> None:
    asked = due(5, mode=mode)
    assert reason(voucher(A, 5), asked) is Reason.USED
    for own in ("prepay", "postpay", "ripay"):
        expected = Reason.USED if own == mode else Reason.PAY_MODE
        assert reason(voucher(A, 5, terms=Terms(pay_mode=own)), asked) is expected


@pytest.mark.parametrize(
    ("begin_at", "end_at", "expected"),
    [
        (NOW, NOW + DAY, Reason.USED),  # its first instant
        (NOW + TICK, NOW + DAY, Reason.NOT_YET_VALID),
        (NOW - DAY, NOW + TICK, Reason.USED),  # its last
        (NOW - DAY, NOW, Reason.ENDED),
    ],
)
def test_validity_includes_the_beginning_and_excludes_the_end(
    begin_at: object, end_at: object, expected: Reason
) -> None:
    assert reason(voucher(A, 5, begin_at=begin_at, end_at=end_at), due(5)) is expected


def test_reasons_come_in_their_order() -> None:
    """Each obstacle is told only when the ones before it are out of the way."""
    hopeless = {
        "void_kind": VoidKind.KILLED,
        "begin_at": NOW + DAY,
        "available_micro": 0,
        "terms": replace(_only("x"), pay_mode="prepay", pay_scenes=("renew",), min_spend_micro=9),
    }
    cures = [
        (Reason.VOIDED, {"void_kind": None}),
        (Reason.NOT_YET_VALID, {"begin_at": NOW - DAY}),
        (Reason.EMPTY, {"available_micro": 5}),
        (Reason.PAY_MODE, {"terms": replace(_only("x"), pay_scenes=("renew",), min_spend_micro=9)}),
        (Reason.PAY_SCENE, {"terms": replace(_only("x"), min_spend_micro=9)}),
        (Reason.PRODUCTS, {"terms": Terms(min_spend_micro=9)}),
        (Reason.MIN_SPEND, {"terms": Terms()}),
    ]
    for expected, cure in cures:
        assert reason(voucher(A, 5, **hopeless), due(5)) is expected
        hopeless |= cure
    assert reason(voucher(A, 5, **hopeless), due(5)) is Reason.USED
    assert reason(voucher(A, 5, void_kind=VoidKind.WITHDRAWN, end_at=NOW), due(5)) is Reason.VOIDED


_terms = st.builds(
    Terms,
    pay_mode=st.sampled_from(["all", "all", "prepay", "postpay"]),
    pay_scenes=st.sampled_from([(), ("purchase",)]),
    product_scope=st.sampled_from(ProductScope),
    product_codes=st.sampled_from([("a",), ("a", "b")]),
    excluded_product_codes=st.sampled_from([(), ("c",)]),
    min_spend_micro=st.sampled_from([0, 0, 20]),
)
_vouchers = st.lists(
    st.builds(
        voucher,
        st.integers(1, 10**9),
        st.integers(0, 40),
        st.integers(-1, 3),
        terms=_terms,
        priority=st.integers(0, 1),
    ),
    max_size=8,
    unique_by=lambda one: one.voucher_no,
)
_dues = st.lists(st.tuples(st.integers(1, 60), st.sampled_from("abc")), min_size=1, max_size=5).map(
    lambda lines: due(
        *(amount for amount, _ in lines), products="".join(product for _, product in lines)
    )
)


@given(_vouchers, _dues, st.sampled_from(Policy), st.randoms(use_true_random=False))
def test_shares_are_exact_bounded_and_the_same_in_any_order(
    vouchers: list[Voucher], asked: Due, policy: Policy, rng: object
) -> None:
    before = [replace(one) for one in vouchers]
    verdicts = burnt(vouchers, asked, policy)
    assert vouchers == before  # it only judges
    assert sorted(v.voucher.voucher_no for v in verdicts) == sorted(v.voucher_no for v in vouchers)
    unpaid = dict(enumerate(asked.amounts_micro, start=1))
    for verdict in verdicts:
        assert (verdict.reason is Reason.USED) == bool(verdict.shares)
        assert verdict.amount_micro <= verdict.voucher.available_micro
        assert [s.line_no for s in verdict.shares] == sorted({s.line_no for s in verdict.shares})
        for share in verdict.shares:
            assert share.amount_micro > 0
            assert verdict.voucher.terms.allows_product(asked.product_codes[share.line_no - 1])
            unpaid[share.line_no] -= share.amount_micro
    assert min(unpaid.values()) >= 0
    shuffled = list(vouchers)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]  # a Random, whatever its stub says
    assert burnt(shuffled, asked, policy) == verdicts


@given(_vouchers, _dues, st.sampled_from(Policy), st.integers(1, 8), st.integers(0, 40))
def test_what_is_settled_by_the_first_vouchers_is_what_all_would_pay(
    vouchers: list[Voucher], asked: Due, policy: Policy, read: int, spent_micro: int
) -> None:
    """Also when an earlier charge has taken something from one that was read."""
    first = sorted(vouchers, key=place_of)[:read]
    if not first:
        return
    read_to = place_of(first[-1])
    first[-1].available_micro = max(0, first[-1].available_micro - spent_micro)
    verdicts = burn_down(first, asked, policy=policy, now=NOW, stops_when_paid=True)
    if is_settled(verdicts, asked, policy, read_to):
        assert lines_paid(verdicts) == lines_paid(burnt(vouchers, asked, policy))
    elif len(first) == len(vouchers) and policy is Policy.INTL:
        assert sum(paid(verdicts).values()) < sum(asked.amounts_micro)


@given(_vouchers, _dues)
def test_intl_leaves_nothing_unpaid_that_a_voucher_could_pay(
    vouchers: list[Voucher], asked: Due
) -> None:
    verdicts = burnt(vouchers, asked)
    unpaid = dict(enumerate(asked.amounts_micro, start=1))
    for verdict in verdicts:
        for share in verdict.shares:
            unpaid[share.line_no] -= share.amount_micro
    for verdict in verdicts:
        if verdict.reason is Reason.USED and verdict.amount_micro < verdict.voucher.available_micro:
            allows = verdict.voucher.terms.allows_product
            codes = enumerate(asked.product_codes, start=1)
            assert not any(unpaid[n] for n, code in codes if allows(code))


@given(_vouchers, _dues)
def test_cn_pays_with_one_voucher_at_most(vouchers: list[Voucher], asked: Due) -> None:
    assert len(paid(burnt(vouchers, asked, Policy.CN))) <= 1


@given(_vouchers, _dues, st.data())
def test_naming_vouchers_uses_no_others(
    vouchers: list[Voucher], asked: Due, data: st.DataObject
) -> None:
    numbers = [one.voucher_no for one in vouchers]
    named = data.draw(st.lists(st.sampled_from(numbers), unique=True) if numbers else st.just([]))
    if named:
        used = list(paid(burnt(vouchers, asked, named=named)))
        assert used == [number for number in named if number in used]
