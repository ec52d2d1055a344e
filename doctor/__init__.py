"""What is stuck or set up wrong, and what to do about it: looks, and sentences for people; nothing is changed.

`examination` puts all looks together for `onboard doctor`; `watch` keeps the cheap ones in the worker's metrics.
"""
