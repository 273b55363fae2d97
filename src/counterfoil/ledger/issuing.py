"""Quota and issue: how value comes into a pool, and from a pool into a voucher."""

from dataclasses import dataclass
from datetime import datetime

from counterfoil.domain.account import AccountKind
from counterfoil.domain.errors import NotFound, QuotaInsufficient, RoleRefused, Untimely
from counterfoil.domain.money import require_positive
from counterfoil.domain.pool import Pool
from counterfoil.domain.postings import Cause, QuotaCause
from counterfoil.domain.voucher import Bucket, Terms, Voucher
from counterfoil.ledger import results
from counterfoil.ledger.authority import require_above
from counterfoil.ledger.command import Needs, Origin
from counterfoil.ledger.desk import Desk
from counterfoil.store.posting import NewVoucher
from counterfoil.store.reader import Product

_ISSUE = Cause("issue")


@dataclass(frozen=True, slots=True)
class VoucherFacts:
    """What a voucher is, besides its owner; its terms as asked, before the issuer's policies."""

    face_micro: int
    begin_at: datetime | None
    end_at: datetime
    terms: Terms
    usage_kind: str = "customer_offer"
    priority: int = 0
    name: str = ""
    apply_reason: str = ""
    activity_id: str = ""
    code_id: str = ""
    main_type: str = "no_price"
    sub_type: str = "deduct"
    policy_remark: str = ""

    @property
    def products(self) -> frozenset[Product]:
        """What the terms name."""
        codes = (*self.terms.product_codes, *self.terms.excluded_product_codes)
        return frozenset((code, "") for code in codes)


@dataclass(frozen=True, slots=True)
class IssueVoucher:
    """Gives a customer a voucher, from the partner's pool or by the platform's own funds."""

    origin: Origin
    owner_uin: int
    facts: VoucherFacts

    def needs(self) -> Needs:
        caller = self.origin.caller
        is_platform = caller.kind is AccountKind.PLATFORM
        return Needs(
            pools=() if is_platform else (caller.main_uin,),
            terms=(self.facts.terms,),
            products=self.facts.products,
        )

    def decide(self, desk: Desk) -> results.Issued:
        caller, facts = self.origin.caller, self.facts
        is_platform = caller.kind is AccountKind.PLATFORM
        if facts.usage_kind == "product_trial" and not is_platform:
            raise RoleRefused
        require_positive(facts.face_micro, "Amount")
        require_above(desk, caller, self.owner_uin)
        desk.require_products(facts.products)
        begin_at = facts.begin_at or desk.now
        if facts.end_at <= max(begin_at, desk.now):
            raise Untimely("ExpireTime")
        voucher_no = desk.ids.take("voucher")
        funder_uin = None if is_platform else caller.main_uin
        if funder_uin is not None:
            desk.pool(funder_uin).require(facts.face_micro)
            about = QuotaCause(voucher=(self.owner_uin, voucher_no))
            pool = desk.move_quota(
                funder_uin, "issue", "available", "issued", facts.face_micro, about
            )
            pool.issued_count += 1
        terms, terms_id = desk.terms[caller.main_uin, facts.terms]
        voucher = _blank(desk, self, voucher_no, funder_uin, begin_at, terms)
        code = desk.ids.voucher_code()
        desk.issue(
            NewVoucher(
                voucher,
                code,
                terms_id,
                facts.usage_kind,
                desk.now,
                facts.name,
                facts.apply_reason,
                facts.activity_id,
                facts.code_id,
                facts.main_type,
                facts.sub_type,
                facts.policy_remark,
            )
        )
        desk.move(voucher, Bucket.MINT, Bucket.AVAILABLE, facts.face_micro, _ISSUE)
        return results.Issued(voucher_no, code)


def _blank(
    desk: Desk,
    issue: IssueVoucher,
    voucher_no: int,
    funder_uin: int | None,
    begin_at: datetime,
    terms: Terms,
) -> Voucher:
    facts = issue.facts
    return Voucher(
        owner_uin=issue.owner_uin,
        voucher_no=voucher_no,
        issuer_uin=issue.origin.caller.main_uin,
        funder_uin=funder_uin,
        terms=terms,
        priority=facts.priority,
        begin_at=begin_at,
        end_at=facts.end_at,
        void_kind=None,
        void_reason="",
        voided_at=None,
        version=1,
        last_posted_at=desk.now,
        face_micro=facts.face_micro,
        available_micro=0,
        held_micro=0,
        spent_micro=0,
        expired_micro=0,
        voided_micro=0,
        record_count=0,
        posting_count=0,
    )


@dataclass(frozen=True, slots=True)
class AdjustQuota:
    """Gives a partner quota, or takes back (negative) what it has not used: the platform from
    outside, a distributor from and to its own pool for its second-level resellers."""

    origin: Origin
    owner_uin: int
    amount_micro: int
    reason: str = ""

    def needs(self) -> Needs:
        return Needs(pools=(self.owner_uin, self.origin.caller.main_uin))

    def decide(self, desk: Desk) -> results.Quota:
        require_positive(abs(self.amount_micro), "Amount")
        caller = self.origin.caller
        partner = desk.accounts.get(self.owner_uin)
        if partner is None or not desk.is_above(caller.main_uin, partner.uin):
            raise NotFound
        if partner.kind in (AccountKind.CUSTOMER, AccountKind.PLATFORM):
            raise NotFound
        amount_micro = abs(self.amount_micro)
        is_grant = self.amount_micro > 0
        below = desk.pool(self.owner_uin)
        if not is_grant:
            below.require(amount_micro)
        if caller.kind is not AccountKind.PLATFORM:
            self._move_above(desk, amount_micro, is_grant=is_grant)
        counterpart_uin = None if caller.kind is AccountKind.PLATFORM else caller.main_uin
        about = QuotaCause(counterpart_uin=counterpart_uin, reason=self.reason)
        if is_grant:
            desk.move_quota(self.owner_uin, "grant", "quota", "available", amount_micro, about)
        else:
            desk.move_quota(self.owner_uin, "reclaim", "available", "quota", amount_micro, about)
        return results.Quota(below.total_micro, below.available_micro)

    def _move_above(self, desk: Desk, amount_micro: int, *, is_grant: bool) -> Pool:
        """The distributor's side of an allocation."""
        above_uin = self.origin.caller.main_uin
        about = QuotaCause(counterpart_uin=self.owner_uin, reason=self.reason)
        above = desk.pool(above_uin)
        if is_grant:
            above.require(amount_micro)
            return desk.move_quota(
                above_uin, "allocate", "available", "allocated", amount_micro, about
            )
        if amount_micro > above.allocated_micro:  # the rest came from the platform
            raise QuotaInsufficient
        return desk.move_quota(
            above_uin, "deallocate", "allocated", "available", amount_micro, about
        )
