"""Counterfoil: an open voucher ledger that answers Tencent Cloud's voucher APIs on the wire."""
