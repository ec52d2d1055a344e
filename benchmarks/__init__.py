"""Measured runs of the product on one machine: `make bench`, or `python -m benchmarks`.

One module a measure in `benchmarks.measures`, what the product is compared with in `benchmarks.baselines`.
docs/performance.md tells what is measured, how, and what came out. No part of the installed product.
"""
