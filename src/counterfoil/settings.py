"""Every setting, once: its name, type, default, unit and meaning.

Each is an option of `counterfoil serve` (`--data`) and an environment variable
(`COUNTERFOIL_DATA`); the command line, the environment and the reference page are derived from
the declarations here. An option given on the command line wins over the environment.
"""

import os
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from counterfoil.domain.errors import Unusable

PREFIX = "COUNTERFOIL_"

# So many processes, each with its own connections, get along with the embedded PostgreSQL.
WORKERS_MAX = 16


def _setting(meaning: str, default: Any = MISSING, default_factory: Any = MISSING) -> Any:
    metadata = {"meaning": meaning}
    if default_factory is not MISSING:
        return field(default_factory=default_factory, metadata=metadata)
    return field(default=default, metadata=metadata)


def _default_data() -> Path:
    """`$XDG_DATA_HOME/counterfoil`, or `~/.local/share/counterfoil`."""
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "counterfoil"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one server."""

    host: str = _setting("Address to listen on.", "127.0.0.1")
    port: int = _setting("TCP port to listen on; 0 picks a free one.", 8750)
    data: Path = _setting(
        "Folder of the embedded PostgreSQL and the master key; made when missing.",
        default_factory=_default_data,
    )
    database: str | None = _setting(
        "DSN of a PostgreSQL 15 or newer to use in place of the embedded one.", None
    )
    sample: bool = _setting("Load the sample accounts and vouchers; loopback only.", False)
    workers: int = _setting(
        f"Processes that serve, up to {WORKERS_MAX}; they count rates together.", 1
    )
    no_rate_limit: bool = _setting(
        "Let every rate through; the documented one holds if not.", False
    )
    rates: str = _setting(
        "Rates other than the documented ones, in requests a second: 'Action=50,Other=5'; "
        "'*=100' is for every action not named.",
        "",
    )
    account_rate: int | None = _setting(
        "Requests a second that one main account may make in all, its sub-users' and roles' among "
        "them; without it any number.",
        None,
    )
    address_rate: int | None = _setting(
        "Requests a second that may come from one IP address; without it any number.", None
    )
    rate_store: str | None = _setting(
        "URL of a Redis or Valkey in which servers count requests together: redis://HOST:PORT/DB "
        "or unix:///PATH; without it each counts for itself.",
        None,
    )
    master_key_file: Path | None = _setting(
        "File holding the key that seals secrets at rest; default: master.key in the data folder.",
        None,
    )
    log_level: str = _setting("Least severe log line to print: debug, info, warning.", "warning")

    def master_key_path(self) -> Path:
        """Where the key that seals secrets is read from."""
        return self.master_key_file or self.data / "master.key"

    def rate_of(self, action: str, documented: int | None) -> int | None:
        """Requests a second that one caller may make of `action`, None for any; see `rates`."""
        chosen = self.chosen_rates()
        return chosen.get(action, chosen.get("*", documented))

    def chosen_rates(self) -> dict[str, int]:
        """`rates` as numbers by action: `'A=5,*=20'` → `{'A': 5, '*': 20}`.

        Raises:
            Unusable: an item is not `Action=whole number ≥ 1`.
        """
        chosen = {}
        for item in filter(None, (part.strip() for part in self.rates.split(","))):
            action, _, number = item.partition("=")
            if not (action and number.isascii() and number.isdigit() and int(number) >= 1):
                raise Unusable(f"--rates: '{item}' is not of the form Action=N with N of 1 or more")
            chosen[action] = int(number)
        return chosen


def declaration(name: str) -> Field[Any]:
    """The declaration of one setting by its name in `Settings`."""
    return next(declared for declared in fields(Settings) if declared.name == name)


def variable(name: str) -> str:
    """The environment variable of a setting: `data` → `COUNTERFOIL_DATA`."""
    return PREFIX + name.upper()


def settings_of(
    *, database: str | None = None, data: Path | None = None, master_key_file: Path | None = None
) -> Settings:
    """Where a book is: what is given, else what the environment says to `counterfoil serve`. A
    folder given without a DSN means its embedded server, whatever database the environment names.
    """
    if database is None and data is None:
        database = os.environ.get(variable("database")) or None
    folder = data or os.environ.get(variable("data")) or _default_data()
    key_file = master_key_file or os.environ.get(variable("master_key_file"))
    return Settings(
        database=database,
        data=Path(folder).absolute(),
        master_key_file=Path(key_file) if key_file else None,
    )
