"""Pages of usage rows, for many askers in one statement each."""

from collections.abc import Sequence
from dataclasses import dataclass

from counterfoil.store.database import Database
from counterfoil.store.statements import statement

# No voucher has more rows than this, so a page beyond it is as empty as any later one. Clamping
# here keeps one caller's huge page number from overflowing in a statement that others share.
_SKIP_MAX = 2**31


@dataclass(frozen=True, slots=True)
class CustomerUsageQuestion:
    """One page of one customer's voucher as a partner asks for it, or (`caller_uin` None) the
    customer itself; `month` is yyyymm or 0 for all, `skip` and `size` count rows."""

    caller_uin: int | None
    customer_uin: int
    voucher_no: int
    month: int
    skip: int
    size: int
    is_chinese: bool


@dataclass(frozen=True, slots=True)
class CustomerUsagePage:
    """`rows` is the text of the rows' JSON objects with commas between."""

    face_micro: int
    spent_micro: int
    record_count: int
    month_record_count: int
    rows: bytes


@dataclass(frozen=True, slots=True)
class OwnUsageQuestion:
    """One page of the caller's own voucher, named by its code or, where `voucher_no` is not 0, by
    its number."""

    owner_uin: int
    code: str
    voucher_no: int
    skip: int
    size: int
    is_chinese: bool


@dataclass(frozen=True, slots=True)
class OwnUsagePage:
    """`rows` is the text of the rows' JSON objects with commas between."""

    spent_micro: int
    record_count: int
    rows: bytes


async def customer_usage_pages(
    database: Database, questions: Sequence[CustomerUsageQuestion]
) -> Sequence[CustomerUsagePage | None]:
    """The page each question asks for; None where its caller may see no such voucher."""
    answers: list[CustomerUsagePage | None] = [None] * len(questions)
    rows = await database.fetch(
        statement("describe_customer_voucher_usage_details"),
        list({question.customer_uin for question in questions}),
        range(len(questions)),
        [question.caller_uin for question in questions],
        [question.customer_uin for question in questions],
        [question.voucher_no for question in questions],
        [question.month for question in questions],
        [min(question.skip, _SKIP_MAX) for question in questions],
        [question.size for question in questions],
        [question.is_chinese for question in questions],
    )
    for n, *columns in rows:
        answers[n] = CustomerUsagePage(*columns)
    return answers


async def own_usage_pages(
    database: Database, questions: Sequence[OwnUsageQuestion]
) -> Sequence[OwnUsagePage | None]:
    """The page each question asks for; None where its caller owns no such voucher."""
    answers: list[OwnUsagePage | None] = [None] * len(questions)
    rows = await database.fetch(
        statement("describe_voucher_usage_details"),
        list({question.owner_uin for question in questions}),
        range(len(questions)),
        [question.owner_uin for question in questions],
        [question.code for question in questions],
        [question.voucher_no for question in questions],
        [min(question.skip, _SKIP_MAX) for question in questions],
        [question.size for question in questions],
        [question.is_chinese for question in questions],
    )
    for n, *columns in rows:
        answers[n] = OwnUsagePage(*columns)
    return answers
