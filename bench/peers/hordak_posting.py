"""Runs in the environment of the programs to compare with:
`hordak_posting.py DSN prepare` or `hordak_posting.py DSN post SECONDS THREADS`."""

import os
import random
import sys
import threading
import time
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings

CUSTOMERS = 100


def main() -> None:
    """Makes schema and accounts, or prints how many transfers a second were posted."""
    dsn, task, *numbers = sys.argv[1:]
    _set_up(dsn)
    if task == "prepare":
        _prepare()
    else:
        print(_post(*map(int, numbers)))


def _set_up(dsn: str) -> None:
    parts = urlsplit(dsn)
    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": parts.path.removeprefix("/"),
                "USER": parts.netloc.partition("@")[0],
                "HOST": parse_qs(parts.query)["host"][0],
                "CONN_MAX_AGE": None,
            }
        },
        INSTALLED_APPS=["mptt", "django.contrib.contenttypes", "django.contrib.auth", "hordak"],
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        DEFAULT_CURRENCY="USD",
        HORDAK_INTERNAL_CURRENCY="USD",
        CURRENCIES=["USD"],
        HORDAK_DECIMAL_PLACES=8,
        HORDAK_MAX_DIGITS=20,
        USE_TZ=True,
        SECRET_KEY=os.urandom(16).hex(),
    )
    django.setup()


def _prepare() -> None:
    from django.core.management import call_command
    from hordak.models import Account

    call_command("migrate", verbosity=0)
    vouchers = Account.objects.create(name="vouchers", code="1", type="LI", currencies=["USD"])
    Account.objects.create(name="income", code="2", type="IN", currencies=["USD"])
    for n in range(CUSTOMERS):
        Account.objects.create(name=f"customer {n}", code=str(n), parent=vouchers)


def _post(seconds: int, threads: int) -> float:
    from django.db import transaction
    from hordak.models import Account
    from moneyed import Money

    income = Account.objects.get(name="income")
    customers = list(Account.objects.filter(parent__name="vouchers"))
    counts = [0] * threads
    ends_s = time.monotonic() + seconds

    def post(n: int) -> None:
        while time.monotonic() < ends_s:
            amount = Money(Decimal(random.randrange(1, 10)) / 100_000, "USD")
            with transaction.atomic():
                random.choice(customers).transfer_to(income, amount)
            counts[n] += 1

    began_s = time.monotonic()
    posting = [threading.Thread(target=post, args=(n,)) for n in range(threads)]
    for thread in posting:
        thread.start()
    for thread in posting:
        thread.join()
    return sum(counts) / (time.monotonic() - began_s)


if __name__ == "__main__":
    main()
