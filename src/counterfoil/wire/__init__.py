"""Tencent Cloud API 3.0 as a transport: signatures, parameters, envelope, errors, throttle."""
