"""pgbench: what PostgreSQL does a second with statements that come one by one."""

import re
import tempfile
from pathlib import Path
from urllib.parse import quote

from counterfoil.store.embedded.privileges import choose
from counterfoil.store.embedded.programs import folder_of_programs


class Pgbench:
    """The program, copied into a folder where that is needed for it to run."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._identity = choose(folder)
        self._identity.own(folder)
        self._programs = folder_of_programs(self._identity, folder)

    def fill(self, dsn: str) -> None:
        """Makes its own tables, 1,000,000 accounts."""
        self._run("-i", "-q", "-s", "10", dsn)

    def rate(
        self, dsn: str, *, clients: int, seconds: int, script: str = "", options: str = ""
    ) -> float:
        """Transactions a second, prepared: of a script, or tpcb-like without one. `options` are
        those of the sessions."""
        with tempfile.NamedTemporaryFile("w", dir=self._folder, suffix=".sql") as file:
            file.write(script)
            file.flush()
            self._identity.own(Path(file.name))
            asked = ["-f", file.name] if script else []
            if options:
                dsn = f"{dsn}{'&' if '?' in dsn else '?'}options={quote(options)}"
            printed = self._run(
                "-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, 2)),
                "-T", str(seconds), *asked, dsn,
            )  # fmt: skip
        found = re.search(r"tps = ([0-9.]+) \(without", printed)
        if found is None or "number of failed transactions: 0" not in printed:
            raise RuntimeError(f"pgbench failed: {printed}")
        return float(found[1])

    def _run(self, *arguments: str) -> str:
        done = self._identity.run([self._programs / "pgbench", *arguments])
        if done.returncode != 0:
            raise RuntimeError(f"pgbench failed: {done.stdout}")
        return done.stdout
