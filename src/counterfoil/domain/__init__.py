"""What a voucher is. Pure: no I/O, no clock, no wire names, the standard library alone."""
