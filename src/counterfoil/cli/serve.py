"""`counterfoil serve`: runs the server until it is told to stop."""

from pathlib import Path
from typing import Annotated

from counterfoil.cli.options import option
from counterfoil.settings import Settings

DEFAULT = Settings()


def serve(
    sample: Annotated[bool, option("sample")] = DEFAULT.sample,
    host: Annotated[str, option("host")] = DEFAULT.host,
    port: Annotated[int, option("port")] = DEFAULT.port,
    data: Annotated[Path, option("data")] = DEFAULT.data,
    database: Annotated[str | None, option("database")] = DEFAULT.database,
    workers: Annotated[int, option("workers")] = DEFAULT.workers,
    no_rate_limit: Annotated[bool, option("no_rate_limit")] = DEFAULT.no_rate_limit,
    rates: Annotated[str, option("rates")] = DEFAULT.rates,
    account_rate: Annotated[int | None, option("account_rate")] = DEFAULT.account_rate,
    address_rate: Annotated[int | None, option("address_rate")] = DEFAULT.address_rate,
    rate_store: Annotated[str | None, option("rate_store")] = DEFAULT.rate_store,
    master_key_file: Annotated[Path | None, option("master_key_file")] = DEFAULT.master_key_file,
    log_level: Annotated[str, option("log_level")] = DEFAULT.log_level,
) -> None:
    """Serve the APIs; with --sample, on the sample accounts and vouchers.

    Example: counterfoil serve --sample --data ./data
    """
    from counterfoil.http.server import run
    from counterfoil.telemetry import configure_logs

    configure_logs(log_level)
    run(
        Settings(
            host=host,
            port=port,
            data=data.absolute(),
            database=database,
            sample=sample,
            workers=workers,
            no_rate_limit=no_rate_limit,
            rates=rates,
            account_rate=account_rate,
            address_rate=address_rate,
            rate_store=rate_store,
            master_key_file=master_key_file,
            log_level=log_level,
        )
    )
