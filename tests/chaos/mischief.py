"""What goes wrong all the time in a chaos run: requests to Sinch, and Sinch's callbacks."""

from tests.end_to_end.simulated_world import SimulatedWorld

FAULT_OF_STATUS = {"503": "5xx before commit", "502": "5xx after commit", "429": "429", "cut": "cut connections"}
"""How a request ended -> the fault that made it end so: each has an ending that the simulator has no other use for."""

_FAULTS: tuple[dict[str, object], ...] = (
    {"kind": "status", "status": 503, "probability": 0.05},
    {"kind": "status_after_commit", "status": 502, "probability": 0.05},
    {"kind": "status", "status": 429, "retry_after": 1, "probability": 0.05},
    {"kind": "cut_before", "probability": 0.01},
    {"kind": "cut_after", "probability": 0.01},
    {"kind": "late", "seconds": 1, "probability": 0.05},
)


async def let_loose(world: SimulatedWorld) -> None:
    """From now on, and until the end."""
    for fault in _FAULTS:
        for operation in ("*", "token"):
            await world.add_fault(operation=operation, times=None, **fault)
    await world.callbacks(drop=0.1, duplicate=0.2, reorder=1)
