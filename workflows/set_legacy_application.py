"""`SetLegacyApplication`: numbers into the list of an application, or out of it.

Somebody else may overwrite the list at the same time; then it is merged and written again, a few times.
"""

from temporalio import workflow

from onboarding.calls.legacy_numbers import ASSIGN, UNASSIGN, SetApplication
from onboarding.contracts import legacy_turns as contract
from onboarding.contracts.legacy_turns import SetRequest, SetResult
from onboarding.legacy_wishes import LegacyAction
from onboarding.pace import Polling
from workflows._calling import call
from workflows._display import Display
from workflows._legacy_turns import pause

WRITES_AT_MOST = 5


@workflow.defn(name=contract.SET_WORKFLOW)
class SetLegacyApplication:
    """The turn of one wish to change an application."""

    @workflow.run
    async def run(self, request: SetRequest) -> SetResult:
        """Write until nothing of it is overwritten."""
        wish, polling, writes = request.wish, Polling(), 1
        described = UNASSIGN if wish.action is LegacyAction.UNASSIGN else ASSIGN
        asked = SetApplication(
            application_key=wish.application_key, capability=wish.capability, phone_numbers=request.phone_numbers
        )
        summary = f"{wish.action.value} {len(request.phone_numbers)} numbers"
        with Display().until_cancelled():
            done = await call(described, asked, summary, profile=request.profile)
            while done.lost and writes < WRITES_AT_MOST:
                polling = await pause(wish.pace, polling, "until the overwritten list is merged again")
                done = await call(described, asked, summary, profile=request.profile)
                writes += 1
        return SetResult(application=done)
