"""Temporary keys (STS), version 2018-08-13."""
