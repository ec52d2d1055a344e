"""Reading and checking a batch before anything is sent, and showing what would be sent."""

from starter.input.plan import Plan, plan
from starter.input.problems import InvalidInput, Problem
from starter.input.reading import BatchInput, read_batch
from starter.input.rendering import render
from starter.input.slices import PlannedPart, PlannedSlice

__all__ = [
    "BatchInput",
    "InvalidInput",
    "Plan",
    "PlannedPart",
    "PlannedSlice",
    "Problem",
    "plan",
    "read_batch",
    "render",
]
