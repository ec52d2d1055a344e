"""Open workflows one by one: which cannot go on, because their workflow task or an activity fails again and again."""

from collections.abc import Sequence

from doctor.diagnosis import Diagnosis, fine, warning
from doctor.failing_activities import diagnose_activities, failing_activities
from doctor.failing_tasks import diagnose_failing, failing_task, reported_by_the_server
from doctor.open_work import SUBJECT, OpenWork, inspect
from doctor.profiles import Profiles

CHECK = "workflows"


async def diagnose_stuck_work(work: OpenWork, profiles: Profiles, at_most: int) -> list[Diagnosis]:
    """What `at_most` open workflows, and those that the server has marked, are held up by. Raises RPCError."""
    inspected = await inspect(work, at_most)
    reported = await reported_by_the_server(work) or ()
    described = {one.id: one for one in (*inspected.looked_at, *reported)}.values()
    tasks = [task for one in described if (task := failing_task(one))]
    activities = [activity for one in described for activity in await failing_activities(work.client, one)]
    found = [*await diagnose_failing(work.client, tasks), *diagnose_activities(activities, profiles)]
    return [*(found or [_all_well(len(described))]), *_not_looked_at(inspected.not_looked_at)]


def _all_well(count: int) -> Diagnosis:
    return fine(CHECK, SUBJECT, f"no task and no activity fails again and again; workflows looked at: {count}")


def _not_looked_at(count: int) -> Sequence[Diagnosis]:
    if not count:
        return ()
    message = f"{count} further open workflows were not looked at"
    return [warning(CHECK, SUBJECT, message, "look at one batch: onboard doctor BATCH")]
