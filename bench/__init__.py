"""How fast Counterfoil is, as ratios to yardsticks taken in the same run.

`python -m bench` runs every scenario and writes docs/benchmarks.md; `python -m bench NAME` runs
some and only prints. A scenario is one module in `scenarios`; the rest is what they share.
"""
