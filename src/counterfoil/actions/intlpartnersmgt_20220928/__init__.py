"""Partner management, version 2022-09-28: what distributors and resellers see of customers."""
