"""Taking one's turn: a step that only one wish may take at a time is a workflow whose id is what they share."""

from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import WorkflowAlreadyStartedError as AlreadyStarted
from temporalio.workflow import ChildWorkflowCancellationType, ParentClosePolicy

from onboarding.model import Model
from onboarding.pace import Pace, Polling
from onboarding.search_attributes import started_with
from onboarding.stages import Stage, WaitingOn
from workflows._waiting import news_or

Result = TypeVar("Result", bound=Model)


async def take_turn(
    turn: str, workflow_id: str, request: Model, result_type: type[Result], wish: str, title: str
) -> Result | None:
    """What the turn ended with; None where another wish has it. Once taken, it is finished even without this workflow.

    Raises ChildWorkflowError where the turn was ended from outside.
    """
    try:
        begun = await workflow.start_child_workflow(
            turn,
            request,
            id=workflow_id,
            result_type=result_type,
            parent_close_policy=ParentClosePolicy.ABANDON,
            cancellation_type=ChildWorkflowCancellationType.ABANDON,
            search_attributes=started_with(wish, None, Stage.ORDERED, WaitingOn.NOBODY),
            static_summary=title,
        )
    except AlreadyStarted:
        return None
    result: Result = await begun
    return result


async def pause(pace: Pace, polling: Polling, summary: str) -> Polling:
    """Wait before a step of the turn is tried again; each wait is longer than the one before."""
    longer = polling.after_read(pace, news=False)
    await news_or(workflow.now() + longer.wait, lambda: False, summary)
    return longer
