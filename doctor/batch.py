"""Whether there is such a batch at all, before nothing is found wrong with it."""

from doctor.diagnosis import Cause, Diagnosis, fine, problem
from doctor.open_work import OpenWork

CHECK = "batch"


async def diagnose_batch(work: OpenWork) -> list[Diagnosis]:
    """How many of its workflows run. Raises RPCError."""
    batch = work.batch or ""
    if running := await work.count():
        return [fine(CHECK, batch, f"{running} of its workflows run")]
    if (await work.client.count_workflows(work.belonging)).count:
        return [fine(CHECK, batch, "none of its workflows runs: it is through")]
    message = "Temporal knows no workflow of it: it was never started, or has been forgotten"
    return [problem(CHECK, batch, message, "see: onboard list", Cause.WORK)]
