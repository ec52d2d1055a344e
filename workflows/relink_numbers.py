"""`RelinkNumbers`: unlink numbers, see that they are unlinked, link them to something else, see that they are linked.

Callbacks alone are enough to finish, and so are polls alone. A number that fails on the way waits for an operator, who
may have it tried again or linked back. Until a first number has come through, only a few are unlinked at a time. Once
cancelled, numbers that are not unlinked yet are left alone; all others are without SMS and go on to their ends.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from onboarding import relinking
from onboarding.callbacks import CALLBACK_SIGNAL, CallbackEvents
from onboarding.calls.imported_numbers import (
    CHANGES_A_CALL,
    LINK_IMPORTED_NUMBERS,
    READ_IMPORTED_NUMBERS,
    READS_A_CALL,
    UNLINK_IMPORTED_NUMBERS,
    ChangeOutcome,
    LinkNumber,
    LinkNumbers,
    NumberChange,
    NumbersChanged,
    ReadImportedNumbers,
    UnlinkNumber,
    UnlinkNumbers,
)
from onboarding.chunks import in_chunks
from onboarding.contracts import relink_numbers as contract
from onboarding.contracts.number_list import NumberListResult
from onboarding.contracts.operator import (
    CANCEL_UPDATE,
    RETRY_UPDATE,
    SKIP_UPDATE,
    STATUS_QUERY,
    ActionTaken,
    NumbersAction,
    OperatorAction,
)
from onboarding.contracts.relink_numbers import RelinkRequest, RelinkState, RelinkStatus
from onboarding.imported_links import Service
from onboarding.relinking import AT_SINCH, RelinkingNumber, RelinkStep
from onboarding.relinking_texts import relink_details
from onboarding.stages import Stage
from workflows._calling import call
from workflows._display import Display
from workflows._number_list import NumberList
from workflows._relink_waits import RelinkWaits
from workflows._waiting import earliest, is_due

TO_BE_READ = (RelinkStep.READING, RelinkStep.CONFIRMING)

GATHERED_FOR = timedelta(seconds=10)
"""How long numbers that may be linked wait for others, so that they are linked by one call."""


@workflow.defn(name=contract.WORKFLOW)
class RelinkNumbers:
    """Any count of imported numbers to one service plan, one campaign, or both."""

    @workflow.init
    def __init__(self, request: RelinkRequest) -> None:
        """State exists before the first callback arrives."""
        self._request = request
        self._state = request.state or RelinkState()
        self._list = NumberList(
            request,
            self._state,
            self._state.numbers,
            lambda phone_number, now: RelinkingNumber(phone_number=phone_number, since=now),
            relinking.cancelled,
        )
        self._waits = RelinkWaits(request, self._state)
        self._display = Display()

    @workflow.run
    async def run(self, request: RelinkRequest) -> NumberListResult:
        """Keep a window of numbers at work until the list is through; then write the report."""
        with self._display.until_cancelled():
            async for polls in self._list.turns(self._dues, self._show):
                await self._read(polls)
                await self._unlink(polls)
                await self._link(polls)
                self._end_waits()
                await self._waits.remind()
        return await self._list.result(self._show)

    # the steps

    async def _read(self, polls: bool) -> None:
        """Read what is to be read at once and, with a poll, what is unclear and all that Sinch is at work on."""
        unclear = self._unclear() if polls else []
        for chunk in in_chunks([*self._callable(polls, *TO_BE_READ), *unclear], READS_A_CALL):
            await self._read_chunk(chunk)
        if polls:
            news = False
            for chunk in in_chunks(self._at(*AT_SINCH), READS_A_CALL):
                news |= await self._read_chunk(chunk, only_at_rest=True)
            self._list.polled(news=news)

    async def _read_chunk(self, chunk: Sequence[RelinkingNumber], *, only_at_rest: bool = False) -> bool:
        """True where a number has moved."""
        phone_numbers = tuple(n.phone_number for n in chunk if not self._state.numbers[n.phone_number].is_final)
        if not phone_numbers:
            return False
        request = ReadImportedNumbers(phone_numbers=phone_numbers, only_at_rest=only_at_rest)
        summary = f"read {len(phone_numbers)} numbers"
        try:
            read = await call(READ_IMPORTED_NUMBERS, request, summary, profile=self._profile)
            seen = {number.phone_number: number for number in read.numbers}
        except ActivityError as error:
            workflow.logger.warning("numbers could not be read: %s", error.cause)
            seen = {}
        news = False
        for asked in chunk:
            known = self._state.numbers[asked.phone_number]
            if asked.phone_number in seen:
                found = relinking.learned(known, seen[asked.phone_number], self._request.wanted, workflow.now())
                news |= found.step is not known.step
                self._put(found)
            elif known.step in TO_BE_READ:
                self._put(relinking.not_answered(known))
        return news

    async def _unlink(self, polls: bool) -> None:
        for number in self._may_be_unlinked(polls):
            if not number.unanswered and workflow.now() > self._request.pace.poll_longest.after(number.since):
                self._put(relinking.stale(number, workflow.now()))
        for chunk in in_chunks(self._may_be_unlinked(polls), CHANGES_A_CALL):
            planned = {number.phone_number for number in chunk}
            await self._unlink_chunk([n for n in self._may_be_unlinked(polls) if n.phone_number in planned])

    async def _unlink_chunk(self, chunk: Sequence[RelinkingNumber]) -> None:
        if not chunk:
            return
        request = UnlinkNumbers(
            numbers=tuple(
                UnlinkNumber(phone_number=n.phone_number, services=n.to_unlink, look_first=n.unanswered) for n in chunk
            )
        )
        for number in chunk:
            self._put(relinking.asked_to_unlink(number))
        change = call(UNLINK_IMPORTED_NUMBERS, request, f"unlink {len(chunk)} numbers", profile=self._profile)
        try:
            self._take_changes(await change)
        except ActivityError as error:
            self._not_answered(chunk, error)

    def _may_be_unlinked(self, polls: bool) -> list[RelinkingNumber]:
        """Before a number has come through, only as many as may be without service at a time.

        Once cancelled, none whose unlinking got no answer: they are read first.
        """
        due = self._callable(polls and not self._state.list.cancelled, RelinkStep.UNLINK_DUE)
        if self._state.proven:
            return due
        touched = sum(number.is_changed for number in self._list.open)
        room = max(0, self._request.unproven_window - touched)
        return [n for n in due if n.is_changed] + [n for n in due if not n.is_changed][:room]

    async def _link(self, polls: bool) -> None:
        if not polls and not is_due(self._link_due()):
            return
        for chunk in in_chunks(self._callable(polls, RelinkStep.LINK_DUE), CHANGES_A_CALL):
            request = LinkNumbers(numbers=tuple(self._link_of(number) for number in chunk))
            change = call(LINK_IMPORTED_NUMBERS, request, f"link {len(chunk)} numbers", profile=self._profile)
            try:
                self._take_changes(await change)
            except ActivityError as error:
                self._not_answered(chunk, error)

    def _link_of(self, number: RelinkingNumber) -> LinkNumber:
        target, services = number.target(self._request.wanted), number.to_link
        return LinkNumber(
            phone_number=number.phone_number,
            service_plan_id=target.service_plan_id if Service.SERVICE_PLAN in services else None,
            campaign_id=target.campaign_id if Service.CAMPAIGN in services else None,
            look_first=number.unanswered,
        )

    def _take_changes(self, changed: NumbersChanged) -> None:
        if not self._at(*AT_SINCH):
            self._list.polled(news=True)
        for change in changed.numbers:
            known = self._state.numbers[change.phone_number]
            if known.step in (RelinkStep.UNLINK_DUE, RelinkStep.LINK_DUE):
                self._put(self._after(change, known))

    def _after(self, change: NumberChange, known: RelinkingNumber) -> RelinkingNumber:
        match change.outcome:
            case ChangeOutcome.ACCEPTED:
                return relinking.accepted(known, change.sinch_time, self._request.wanted, workflow.now())
            case ChangeOutcome.REFUSED:
                return relinking.refused(known, change.message, workflow.now())
            case ChangeOutcome.STILL_UNLINKING:
                return relinking.still_unlinking(known, workflow.now())
        return relinking.not_answered(known)

    def _not_answered(self, chunk: Sequence[RelinkingNumber], error: ActivityError) -> None:
        """The call as a whole came to nothing; it is made again with the next poll."""
        workflow.logger.warning("%d numbers got no answer: %s", len(chunk), error.cause)
        for number in chunk:
            known = self._state.numbers[number.phone_number]
            if known.step is number.step:
                self._put(relinking.not_answered(known))

    def _end_waits(self) -> None:
        for number in self._waits.overdue:
            self._put(relinking.overdue(number, workflow.now()))

    # what the steps are made of

    @property
    def _profile(self) -> str:
        return self._request.profile

    def _at(self, *steps: RelinkStep) -> list[RelinkingNumber]:
        return [number for number in self._state.numbers.values() if number.step in steps]

    def _callable(self, polls: bool, *steps: RelinkStep) -> list[RelinkingNumber]:
        """Numbers a call is due for; after a call that got no answer, only with the next poll."""
        return [number for number in self._at(*steps) if polls or not number.unanswered]

    def _unclear(self) -> list[RelinkingNumber]:
        """Once cancelled: numbers whose unlinking got no answer."""
        return [n for n in self._at(RelinkStep.UNLINK_DUE) if n.unanswered and self._state.list.cancelled]

    def _put(self, number: RelinkingNumber) -> None:
        self._list.put(number)
        if number.step is RelinkStep.DONE and number.is_changed:
            self._state.proven = True

    def _dues(self) -> list[datetime | None]:
        if self._callable(False, *TO_BE_READ) or self._may_be_unlinked(polls=False):
            return [workflow.info().start_time]
        return [self._link_due(), *self._waits.dues()]

    def _link_due(self) -> datetime | None:
        """At once for a full call or the last ones, else when the first one has waited for others long enough."""
        ready = self._callable(False, RelinkStep.LINK_DUE)
        if not ready:
            return None
        first = min(number.since for number in ready)
        is_full = len(ready) >= CHANGES_A_CALL or not self._at(RelinkStep.UNLINKING)
        return first if is_full else first + GATHERED_FOR

    def _stands_still(self) -> bool:
        waiting = (RelinkStep.OFFERED, RelinkStep.UNLINK_DUE)
        can_go_on = self._list.has_room or self._may_be_unlinked(polls=True) or self._unclear()
        return bool(self._at(RelinkStep.OFFERED)) and not can_go_on and len(self._at(*waiting)) == len(self._list.open)

    def _show(self) -> None:
        status = self.status()
        deadlines = [self._waits.deadline_of(number) for number in self._list.open]
        self._display.show(
            stage=Stage.DONE if self._list.is_over else Stage.PROVISIONING,
            waiting_on=self._waits.waiting_on,
            numbers_done=status.steps.get(RelinkStep.DONE, 0),
            numbers_failed=status.steps.get(RelinkStep.FAILED, 0) + status.steps.get(RelinkStep.OFFERED, 0),
            deadline=earliest(deadlines),
            details=relink_details(status),
        )

    # what the outside can tell and ask

    @workflow.signal(name=CALLBACK_SIGNAL)
    def callback_events(self, callbacks: CallbackEvents) -> None:
        """Take Sinch's events; repeated and late ones change nothing."""
        for known, event in self._list.told_of(callbacks):
            self._put(relinking.told(known, event, self._request.wanted, workflow.now()))

    @workflow.query(name=STATUS_QUERY)
    def status(self) -> RelinkStatus:
        """Where the relinking stands."""
        state = self._state
        return RelinkStatus(
            id=self._request.id,
            wanted=self._request.wanted,
            numbers_total=self._request.numbers_total,
            numbers_started=state.list.started,
            steps=self._list.counts(lambda number: number.step.value),
            waiting_on=self._waits.waiting_on,
            waiting_since=self._waits.waiting_since,
            silent_since=self._waits.silent_since,
            stands_still=self._stands_still(),
            cancelled=state.list.cancelled,
            numbers=tuple(state.numbers.values()),
        )

    @workflow.update(name=contract.LINK_BACK_UPDATE)
    def link_back(self, action: NumbersAction) -> ActionTaken:
        """Link failed numbers to what they were linked to before; without numbers, all that are offered."""
        return self._decide(action, "linked back", lambda n: relinking.tried_again(n, workflow.now(), back=True))

    @workflow.update(name=RETRY_UPDATE)
    def retry(self, action: NumbersAction) -> ActionTaken:
        """Try failed numbers again; without numbers, all that are offered."""
        return self._decide(action, "tried again", lambda n: relinking.tried_again(n, workflow.now(), back=False))

    @workflow.update(name=SKIP_UPDATE)
    def skip(self, action: NumbersAction) -> ActionTaken:
        """Leave failed numbers as they are; without numbers, all that are offered."""
        return self._decide(action, "left as they are", lambda n: relinking.skipped(n, workflow.now()))

    @link_back.validator
    def _may_link_back(self, action: NumbersAction) -> None:
        self._refuse_unless_offered(action)

    @retry.validator
    def _may_retry(self, action: NumbersAction) -> None:
        self._refuse_unless_offered(action)

    @skip.validator
    def _may_skip(self, action: NumbersAction) -> None:
        self._refuse_unless_offered(action)

    @workflow.update(name=CANCEL_UPDATE)
    def cancel(self, action: OperatorAction) -> ActionTaken:
        """Unlink no further number; those that are unlinked are followed to their ends."""
        self._list.cancel()
        offered = len(self._at(RelinkStep.OFFERED))
        said = f"No further number is unlinked. Under way and followed to their end: {len(self._list.open) - offered}."
        return ActionTaken(message=f"{said} Waiting for a decision: {offered}." if offered else said)

    @cancel.validator
    def _may_cancel(self, action: OperatorAction) -> None:
        self._list.refuse_useless_cancel()

    def _decide(
        self, action: NumbersAction, done: str, decision: Callable[[RelinkingNumber], RelinkingNumber]
    ) -> ActionTaken:
        chosen = [
            n for n in self._at(RelinkStep.OFFERED) if n.phone_number in (action.phone_numbers or (n.phone_number,))
        ]
        for number in chosen:
            self._put(decision(number))
        return ActionTaken(message=f"{len(chosen)} numbers are {done}.")

    def _refuse_unless_offered(self, action: NumbersAction) -> None:
        offered = [number.phone_number for number in self._at(RelinkStep.OFFERED)]
        if not offered:
            raise ApplicationError("No number waits for a decision.", type="WrongStage")
        unfit = [number for number in action.phone_numbers if number not in offered]
        if unfit:
            raise ApplicationError(f"These numbers wait for no decision: {', '.join(unfit)}.", type="WrongStage")
