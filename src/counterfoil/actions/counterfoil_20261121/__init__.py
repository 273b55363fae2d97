"""Counterfoil's own service, version 2026-11-21: everything that writes, and what reads the books.

Amounts are decimal texts in USD with at most eight decimals; times are `YYYY-MM-DD HH:MM:SS` in
UTC+8. A fault of form fails a call; a fault of value fails its item.
"""
