"""What waits for an operator, and which waits end soon or have ended: the earliest first, each with the next step."""

from datetime import UTC, datetime, timedelta

import pytest
from temporalio.client import Client

from doctor.diagnosis import Level
from doctor.open_work import OpenWork
from doctor.waiting import SHOWN, diagnose_deadlines, diagnose_operator_waits
from onboarding.contracts import (
    assign_legacy_numbers,
    change_active_numbers,
    group,
    hosting_order,
    import_numbers,
    relink_numbers,
    rent_numbers,
    verification,
)
from onboarding.stages import WaitingOn
from tests.doctor.patients import begin
from tests.end_to_end.site import until


async def all_listed(work: OpenWork, expected: int) -> None:
    async def is_so() -> bool:
        return await work.count() == expected

    await until(is_so, f"{expected} workflows are listed")


async def test_decisions_are_listed_by_what_is_due_first_with_the_commands_for_them(client: Client) -> None:
    batch, now = "decisions", datetime.now(UTC)
    for workflow_type, days in (
        (hosting_order.WORKFLOW, 3),
        (import_numbers.WORKFLOW, 1),
        (relink_numbers.WORKFLOW, 2),
    ):
        due = now + timedelta(days=days)
        await begin(client, workflow_type, batch, waiting_on=WaitingOn.OPERATOR, deadline=due)
    await begin(client, group.WORKFLOW, batch, waiting_on=WaitingOn.CARRIER)
    work = OpenWork(client, batch)
    await all_listed(work, 4)
    found = await diagnose_operator_waits(work)
    assert [(diagnosis.level, diagnosis.subject, diagnosis.next_step) for diagnosis in found] == [
        (Level.WARNING, f"ImportNumbers:{batch}:0001", f"onboard import-retry {batch} or onboard import-skip {batch}"),
        (
            Level.WARNING,
            f"RelinkNumbers:{batch}:0001",
            f"onboard relink-retry {batch}, onboard relink-skip {batch} or onboard link-back {batch}",
        ),
        (
            Level.WARNING,
            f"HostingOrder:{batch}:0001",
            f"onboard retry {batch} or onboard skip {batch}; where Sinch has sent no news, ask its support",
        ),
    ]
    end = f"{now + timedelta(days=1):%Y-%m-%d %H:%M} UTC"
    assert found[0].message == f"waits for an operator until {end}: a decision, or no news for too long"


@pytest.mark.parametrize(
    ("workflow_type", "command"),
    [
        (rent_numbers.WORKFLOW, "onboard rent-status {id}"),
        (change_active_numbers.WORKFLOW, "onboard active status {id}"),
        (assign_legacy_numbers.WORKFLOW, "onboard legacy status {id}"),
    ],
)
async def test_what_rents_and_changes_numbers_is_looked_at_by_its_own_command(
    client: Client, workflow_type: str, command: str
) -> None:
    wish = f"wish-{workflow_type}"
    await begin(client, workflow_type, wish, waiting_on=WaitingOn.OPERATOR)
    work = OpenWork(client, wish)
    await all_listed(work, 1)
    (found,) = await diagnose_operator_waits(work)
    assert found.next_step.startswith(command.format(id=wish))


async def test_of_many_decisions_the_rest_is_counted(client: Client) -> None:
    batch = "many-decisions"
    for part in range(SHOWN + 3):
        await begin(client, hosting_order.WORKFLOW, batch, part=part, waiting_on=WaitingOn.OPERATOR)
    work = OpenWork(client, batch)
    await all_listed(work, SHOWN + 3)
    found = await diagnose_operator_waits(work)
    assert len(found) == SHOWN + 1
    assert found[-1].message == "3 more like these"
    assert f'OnboardingBatch="{batch}"' in found[-1].next_step


async def test_a_wait_that_ends_within_a_day_is_a_warning_and_one_that_did_not_end_a_problem(client: Client) -> None:
    batch, now = "deadlines", datetime.now(UTC)
    begun = (
        (1, verification.WORKFLOW, WaitingOn.VOICE_CODE, timedelta(hours=5)),
        (2, hosting_order.WORKFLOW, WaitingOn.LOA_SIGNATURE, timedelta(hours=2)),
        (3, hosting_order.WORKFLOW, WaitingOn.CARRIER, timedelta(hours=30)),
        (4, group.WORKFLOW, WaitingOn.INVOICE_REVIEW, -timedelta(hours=1)),
        (5, group.WORKFLOW, WaitingOn.NOBODY, -timedelta(hours=1)),
    )
    for part, workflow_type, who, left in begun:
        await begin(client, workflow_type, batch, part=part, waiting_on=who, deadline=now + left)
    work = OpenWork(client, batch)
    await all_listed(work, len(begun))
    found = await diagnose_deadlines(work)
    assert [(diagnosis.level, diagnosis.subject) for diagnosis in found] == [
        (Level.PROBLEM, f"OnboardGroup:{batch}:0004"),
        (Level.WARNING, f"HostingOrder:{batch}:0002"),
        (Level.WARNING, f"VerifyNumber:{batch}:0001"),
    ]
    assert found[0].message.startswith("waits on invoice-review, and has not gone on although the wait ended at ")
    assert found[2].next_step == f"onboard verify {batch}"


async def test_nothing_to_decide_and_nothing_due_is_well(client: Client) -> None:
    work = OpenWork(client, "no-such-batch")
    found = [*await diagnose_operator_waits(work), *await diagnose_deadlines(work)]
    assert [diagnosis.level for diagnosis in found] == [Level.OK, Level.OK]
