"""Other programs to compare with, in a virtual environment of their own: `make bench` makes it."""

from bench.peers.hordak import Hordak
from bench.peers.moto import ITEMS, QUERY, Moto, moto_server, started

__all__ = ["ITEMS", "QUERY", "Hordak", "Moto", "moto_server", "started"]
