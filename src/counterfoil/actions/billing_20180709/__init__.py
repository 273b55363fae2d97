"""Billing, version 2018-07-09: what an account owner sees of its own vouchers."""
