"""Use cases: what may be done with vouchers and asked of them. Owns transactions."""
