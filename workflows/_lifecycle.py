"""How long-lived workflows end their runs and talk to each other."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import FailureError

from onboarding.model import Model, State

_TRIES_APART = (timedelta(seconds=1), timedelta(seconds=5))


def history_is_long(events_a_run: int) -> bool:
    """True when the run should end and the next one take over."""
    info = workflow.info()
    return info.get_current_history_length() >= events_a_run or info.is_continue_as_new_suggested()


async def go_on_as_new(request: Model, state: State) -> None:
    """End this run; the next one starts with `state`. Never returns."""
    await workflow.wait_condition(workflow.all_handlers_finished)
    workflow.continue_as_new(request.model_copy(update={"state": state}))


async def tell_workflow(workflow_id: str, signal: str, value: Model | None = None) -> bool:
    """Signal another workflow; False where there is none of this id any more.

    One that is being reset is away for a moment, so nobody is given up at the first try.
    """
    handle = workflow.get_external_workflow_handle(workflow_id)
    for wait in (*_TRIES_APART, None):
        try:
            await handle.signal(signal, args=[] if value is None else [value])
        except FailureError as error:
            workflow.logger.warning("%s did not take %s: %s", workflow_id, signal, error)
            if wait:
                await workflow.sleep(wait, summary=f"until {signal} is tried again")
        else:
            return True
    return False
