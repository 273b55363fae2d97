"""The PostgreSQL that comes with Counterfoil: a real server, run in a data folder.

`start` returns this process's share in it; `dsn` is how to connect to it.
"""

from counterfoil.store.embedded.server import Server, dsn, start

__all__ = ["Server", "dsn", "start"]
