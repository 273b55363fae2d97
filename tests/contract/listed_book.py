"""A book of vouchers for the list actions: the ones that their documents print, and others of every
state, kind and term. They are only read, so they come without a journal."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields, replace
from datetime import datetime, timedelta, timezone

from tests.contract.asking import Key
from tests.contract.own_book import key_of, serving, write
from tests.importing import ImportedAccount, ImportedProduct
from tests.serving import Running

from counterfoil.domain.account import AccountKind
from counterfoil.domain.money import micro
from counterfoil.store.bulk import copy_rows
from counterfoil.store.database import Connection

PLATFORM, DISTRIBUTOR, SUB_RESELLER = 100000000001, 200000000100, 200000000110
RESELLER, NEW_RESELLER = 200000000200, 200000000300
# The customers of the documents' examples.
LISTED, OWN_LISTED, INFO = 800000183985, 800000234475, 909619400
OF_SUB, OF_DISTRIBUTOR, MANY, NO_VOUCHERS = 800000000001, 800000000002, 800000000003, 800000000004

_KINDS = {
    PLATFORM: (AccountKind.PLATFORM, None, "Platform"),
    DISTRIBUTOR: (AccountKind.DISTRIBUTOR, PLATFORM, "Distributor"),
    SUB_RESELLER: (AccountKind.SUB_RESELLER, DISTRIBUTOR, "Second-level reseller"),
    RESELLER: (AccountKind.RESELLER, PLATFORM, "Company Name"),
    NEW_RESELLER: (AccountKind.RESELLER, PLATFORM, '代理商 "N"'),
}
PARTNER_UINS = frozenset(_KINDS)
PARENTS = {
    **{uin: parent for uin, (_, parent, _) in _KINDS.items() if parent},
    **dict.fromkeys((LISTED, OWN_LISTED, INFO, MANY, NO_VOUCHERS), RESELLER),
    OF_SUB: SUB_RESELLER,
    OF_DISTRIBUTOR: DISTRIBUTOR,
}
ACCOUNTS = [
    *(ImportedAccount(uin, kind, parent, name) for uin, (kind, parent, name) in _KINDS.items()),
    *(
        ImportedAccount(uin, AccountKind.CUSTOMER, parent, "Customer")
        for uin, parent in PARENTS.items()
        if uin not in _KINDS
    ),
]
PRODUCTS = [
    ImportedProduct("p_cvm", "", "Cloud Virtual Machine CVM", "云服务器 CVM", "CVM"),
    ImportedProduct("p_lighthouse", "", "Tencent Cloud Lighthouse", "轻量应用服务器", "LIGHTHOUSE"),
    ImportedProduct("p_qidian", "", "Tencent QiDian Customer Service", "企点客服", "QIDIAN"),
    ImportedProduct("p_qm", "", "Tencent QiDian Marketing Cloud", "企点营销", "QM"),
    ImportedProduct("p_quote", "", 'Disk "2"\\', "云硬盘", "DISK"),
]


def at(shown: str) -> datetime:
    """A time in UTC+8."""
    return datetime.fromisoformat(shown).replace(tzinfo=timezone(timedelta(hours=8)))


BEGIN, END = at("2025-01-01T08:00:00"), at("2090-01-01T00:00:00")


@dataclass(frozen=True)
class Terms:
    """What a voucher may pay for, as the store has it."""

    pay_mode: str = "all"
    pay_scenes: tuple[str, ...] = ()
    product_scope: str = "all"
    product_codes: tuple[str, ...] = ()
    excluded_product_codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listed:
    """A voucher; what is neither spent nor held is where its state says."""

    owner_uin: int
    voucher_no: int
    code: str
    state: str = "usable"
    face: str = "10"
    spent: str = "0"
    held: str = "0"
    issuer_uin: int = RESELLER
    terms: Terms = Terms()
    issued_at: datetime = BEGIN
    begin_at: datetime = BEGIN
    end_at: datetime = END
    usage_kind: str = "customer_offer"
    name: str = ""
    apply_reason: str = ""
    activity_id: str = ""
    code_id: str = ""
    main_type: str = "no_price"
    sub_type: str = "deduct"
    policy_remark: str = ""

    @property
    def left_micro(self) -> int:
        """The face less what was spent."""
        return micro(self.face) - micro(self.spent)


DOCUMENTED = [
    Listed(
        LISTED, 12342356, "DOCUMENTEDLIST00000001", "withdrawn", "1", "0.202896",
        issued_at=at("2025-07-21T06:10:24"), begin_at=at("2025-07-21T06:10:24"),
        end_at=at("2025-10-20T00:00:00"),
        apply_reason="For API testing usage, do not review, sub-coupon",
    ),
    Listed(
        OWN_LISTED, 12348270, "DOCUMENTEDOWN000000001", "killed", "2",
        terms=Terms("prepay", (), "block", ("p_qm",)), issued_at=at("2025-07-29T10:59:39"),
        begin_at=at("2025-07-29T10:59:39"), end_at=at("2025-08-29T00:00:00"),
    ),
    Listed(
        INFO, 12130100, "PPVIA653S3T7L07A4P", "usable", "12",
        terms=Terms(
            "prepay", ("purchase", "renew"), "allow", ("p_cvm",),
            ("p_lighthouse", "p_qidian", "p_qm"),
        ),
        issued_at=at("2016-03-12T14:51:52"), begin_at=at("2016-03-12T00:00:00"),
    ),
]  # fmt: skip

# One owner's, of which each differs from the first in what its name says. Of those issued in the
# same second the higher number is the newer one.
_FIRST = Listed(MANY, 30000001, "MANY01")
_DIFFERENT: Mapping[str, Mapping[str, object]] = {
    "plain": {},
    "not begun": {"state": "issued", "begin_at": at("2080-05-05T00:00:00")},
    "used": {"state": "used", "spent": "10"},
    "expired": {"state": "expired", "spent": "2.5", "end_at": at("2025-06-30T00:00:00")},
    "ended, not swept": {
        "state": "usable", "spent": "1", "held": "3", "end_at": at("2025-06-30T00:00:01"),
    },
    "withdrawn": {"state": "withdrawn", "spent": "0.00000001", "held": "1"},
    "killed": {"state": "killed"},
    "held": {"held": "10"},
    "prepaid": {"terms": Terms("prepay", ("purchase",))},
    "postpaid": {"terms": Terms("postpay", ("settle account", "spotpay"))},
    "reserved": {"terms": Terms("ripay", ("hourlyFee",))},
    "for one": {"terms": Terms("all", (), "allow", ("p_cvm", "p_quote"))},
    "not for one": {"terms": Terms("all", (), "block", ("p_cvm",), ("p_quote",))},
    "ordered": {"code_id": "20230627799000283860282011", "main_type": "has_price"},
    "of a campaign": {"activity_id": "570", "sub_type": "discount"},
    "named": {
        "name": '代金券 "二期"\\', "policy_remark": '不限 "使用"\n\\', "apply_reason": '"\\\n理由',
    },
    "early": {
        "issued_at": at("2021-12-31T23:59:59"), "begin_at": at("2022-01-01T00:00:00"),
        "end_at": at("2089-01-01T00:00:00"),
    },
    "late": {
        "issued_at": at("2026-03-01T00:00:00"), "begin_at": at("2026-03-01T12:00:00"),
        "end_at": at("2091-12-31T23:59:59"),
    },
    "of the platform": {"issuer_uin": PLATFORM, "usage_kind": "product_trial", "face": "500"},
}  # fmt: skip
VARIED = {
    name: replace(
        _FIRST,
        voucher_no=30000000 + n,
        code=f"MANY{n:02}",
        **changes,  # type: ignore[arg-type]  # the values are those of the fields they name
    )
    for n, (name, changes) in enumerate(_DIFFERENT.items(), start=1)
}
OTHERS = [
    Listed(OF_SUB, 40000001, "OFSUB1", issuer_uin=SUB_RESELLER, face="1000000"),
    Listed(OF_SUB, 40000002, "OFSUB2", issuer_uin=DISTRIBUTOR, face="0.00000001"),
    Listed(OF_SUB, 40000003, "OFSUB3", issuer_uin=RESELLER),
    Listed(OF_SUB, 40000004, "12130012", issuer_uin=SUB_RESELLER, spent="3"),
    Listed(OF_DISTRIBUTOR, 40000005, "OFDISTRIBUTOR1", issuer_uin=DISTRIBUTOR, face="7"),
    Listed(OF_DISTRIBUTOR, 40000006, "OFDISTRIBUTOR2", issuer_uin=SUB_RESELLER, face="8"),
]
VOUCHERS = [*DOCUMENTED, *VARIED.values(), *OTHERS]

# Of the holds on the vouchers called so, whether their deadline has come.
_IS_LATE = {"ended, not swept": True, "withdrawn": False, "held": True}


def key(uin: int) -> Key:
    """The key of an account of this book."""
    own = key_of(uin)
    return Key(own.secret_id, own.secret_key)


@contextmanager
def serving_listed() -> Iterator[Running]:
    """A server on this book."""
    with serving(ACCOUNTS, PRODUCTS, []) as server:
        write(server, _add)
        yield server


async def _add(connection: Connection) -> None:
    terms = sorted({voucher.terms for voucher in VOUCHERS}, key=repr)
    names = " ".join(field.name for field in fields(Terms))
    more = "min_spend_micro returns_on_refund returns_on_expiry returns_on_withdrawal"
    await copy_rows(
        connection,
        "terms",
        f"terms_id digest {names} {more}",
        [
            (n, str(n).encode(), *astuple(one), 0, False, True, True)
            for n, one in enumerate(terms, start=1000)
        ],
    )
    buckets = "available_micro held_micro spent_micro expired_micro voided_micro"
    kept = (
        "owner_uin voucher_no code issuer_uin issued_at begin_at end_at usage_kind name "
        "apply_reason activity_id code_id main_type sub_type policy_remark"
    )
    await copy_rows(
        connection,
        "voucher",
        f"{kept} terms_id void_kind voided_at version last_posted_at face_micro {buckets} "
        "has_available record_count posting_count",
        [
            (
                *(getattr(voucher, name) for name in kept.split()),
                1000 + terms.index(voucher.terms), *_void(voucher), 1, voucher.issued_at,
                micro(voucher.face), *_buckets(voucher), _buckets(voucher)[0] > 0, 0, 1,
            )
            for voucher in VOUCHERS
        ],
    )  # fmt: skip
    await _hold(connection)


def _void(voucher: Listed) -> tuple[str | None, datetime | None]:
    is_void = voucher.state in ("withdrawn", "killed")
    return (voucher.state, voucher.begin_at) if is_void else (None, None)


def _buckets(voucher: Listed) -> Sequence[int]:
    spent, held = micro(voucher.spent), micro(voucher.held)
    rest = micro(voucher.face) - spent - held
    where = {"expired": 3, "withdrawn": 4, "killed": 4}.get(voucher.state, 0)
    buckets = [0, held, spent, 0, 0]
    buckets[where] += rest
    return buckets


async def _hold(connection: Connection) -> None:
    held = {name: voucher for name, voucher in VARIED.items() if voucher.held != "0"}
    assert held.keys() == _IS_LATE.keys()
    opened_at, late, later = at("2025-02-01T00:00:00"), at("2025-02-02T00:00:00"), at("2088-01-01")
    await copy_rows(
        connection,
        "hold",
        "owner_uin hold_id version state operation_id pay_mode pay_scene deal_name bill_id paid_at "
        "lines amount_micro created_at expires_at actor_uin",
        [
            (
                MANY, n, 1, "open", n, "prepay", "", "", "", opened_at, "[]",
                micro(voucher.held), opened_at, late if _IS_LATE[name] else later, RESELLER,
            )
            for n, (name, voucher) in enumerate(held.items(), start=1)
        ],
    )  # fmt: skip
    await copy_rows(
        connection,
        "hold_voucher",
        "owner_uin hold_id voucher_no burn_order amount_micro shares",
        [
            (
                MANY, n, voucher.voucher_no, 1, micro(voucher.held),
                f'[{{"line_no": 1, "amount_micro": {micro(voucher.held)}}}]',
            )
            for n, voucher in enumerate(held.values(), start=1)
        ],
    )  # fmt: skip
