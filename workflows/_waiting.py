"""Waiting: for news or the next moment at which something is due, whichever comes first; and telling people."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError

from onboarding.calls.notifications import SEND_NOTICE, Notice
from onboarding.pace import Pace, Vigil
from workflows._calling import call

Answer = TypeVar("Answer")


async def news_or(moment: datetime | None, has_news: Callable[[], bool], summary: str) -> bool:
    """Wait until there is news or `moment` has come; without a moment, for news alone. True when there was news."""
    if moment is None:
        await workflow.wait_condition(has_news)
        return True
    left = moment - workflow.now()
    if left <= timedelta(0):
        return has_news()
    try:
        await workflow.wait_condition(has_news, timeout=left, timeout_summary=summary)
    except TimeoutError:
        return False
    return True


def is_due(moment: datetime | None) -> bool:
    """Whether the moment has come; None never comes."""
    return moment is not None and workflow.now() >= moment


def earliest(moments: Iterable[datetime | None]) -> datetime | None:
    """The first of the moments; None where there is none."""
    return min((moment for moment in moments if moment), default=None)


async def due_or_over(next_due: Callable[[], datetime | None], is_over: Callable[[], bool]) -> None:
    """Wait for what is due next, even if news makes that sooner, or until nothing is left to wait for."""
    moment = next_due()

    def is_sooner() -> bool:
        due = next_due()
        return is_over() or (due is not None and (moment is None or due < moment))

    await news_or(moment, is_sooner, "until the next look")


async def minding(
    step: Coroutine[Any, Any, Answer], due: Callable[[], datetime | None], mind: Callable[[], Awaitable[None]]
) -> Answer:
    """The answer of a step that may take days; what falls due meanwhile is minded."""
    task = asyncio.create_task(step)
    while not await news_or(due(), task.done, "until the step has taken long"):
        await mind()
    return await task


async def tell(vigil: Vigil, notice: Notice, pace: Pace) -> Vigil:
    """Send a message about a wait; where mail cannot be sent now, the next try comes one long poll later."""
    try:
        await call(SEND_NOTICE, notice, f"tell {notice.contact.name}: {notice.subject}"[:180])
    except ActivityError as error:
        workflow.logger.warning("notice not sent: %s", error.cause)
        return vigil.not_told(again=workflow.now() + pace.poll_longest.fixed)
    return vigil.told()
