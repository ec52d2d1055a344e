"""The waits of an import: for the carriers, and for somebody's consent to a migration; reminders and deadlines."""

from datetime import datetime

from temporalio import workflow

from onboarding import notices, reasons
from onboarding.calls.notifications import Notice
from onboarding.contracts.import_numbers import ImportRequest, ImportState, Step
from onboarding.group_numbers import GroupNumbers
from onboarding.pace import Patience, Vigil
from onboarding.progress import NumberProgress
from onboarding.reasons import Reason, reason
from onboarding.stages import Stage, WaitingOn
from workflows._imports_in_flight import ImportsInFlight
from workflows._migrations import Migrations
from workflows._silence import Silence
from workflows._waiting import earliest, tell

_AT_SINCH = (Stage.ORDERED, Stage.PROVISIONING)
_WAITS = (WaitingOn.OPERATOR, WaitingOn.CARRIER)


class ImportWaits:
    """Reminds whoever an import waits for, and ends waits at their deadlines."""

    def __init__(
        self,
        request: ImportRequest,
        state: ImportState,
        numbers: GroupNumbers,
        imports: ImportsInFlight,
        migrations: Migrations,
    ) -> None:
        """The vigils stand in `state`."""
        self._batch = request.batch
        self._state = state
        self._numbers = numbers
        self._imports = imports
        self._migrations = migrations
        self.silence = Silence(
            state.listening, self._batch.pace, self._quiet_since, self._silence_notice, self._reminded
        )

    def _quiet_since(self) -> datetime | None:
        """Of all imports at Sinch, and numbers on their way out of it, the one that was heard of longest ago."""
        imports = [one.news_at for one in self._state.in_flight.values() if one.news_at]
        leaving = [self._numbers[number].since for number, step in self._state.steps.items() if step is Step.REMOVE]
        return earliest([*imports, *leaving])

    def _reminded(self, moment: datetime) -> datetime | None:
        vigil = self._state.vigils.get(WaitingOn.CARRIER)
        return vigil.due_after_message(moment, self._batch.pace.carrier) if vigil else None

    def _silence_notice(self, vigil: Vigil) -> Notice:
        """Those that were heard of lately are not in it."""
        now, quiet = workflow.now(), self._batch.pace.no_news
        silent = [one for one in self._state.in_flight.values() if one.news_at and now >= quiet.after(one.news_at)]
        orders = ", ".join(one.hosting_order_id for one in silent if one.hosting_order_id)
        about = f"import {self._batch.id}" + (f" (hosting orders {orders})" if orders else "")
        numbers = [number for one in silent for number in one.phone_numbers]
        return notices.silence_notice(self._batch, about, vigil, numbers or self._migrations.waiting_for_removal())

    @property
    def waiting_on(self) -> WaitingOn:
        """Whom the import waits for most; where nothing is heard for long, an operator has to look into it."""
        if self.silence.since:
            return WaitingOn.OPERATOR
        return next((who for who in _WAITS if self._waiting(who)), WaitingOn.NOBODY)

    @property
    def since(self) -> datetime | None:
        """Since when that is so."""
        vigil = self._state.vigils.get(self.waiting_on)
        return vigil.since if vigil else self.silence.waiting_since

    async def mind(self) -> None:
        """End what is overdue, send the reminders that are due."""
        for who in _WAITS:
            for number in self._waiting(who):
                if workflow.now() >= self._deadline(who, number):
                    self._end_wait(who, number)
        await self.silence.mind()
        for who in _WAITS:
            await self._remind(who)

    def _end_wait(self, who: WaitingOn, number: NumberProgress) -> None:
        if who is WaitingOn.OPERATOR:
            self._migrations.give_up(number.phone_number, "Nobody consented to its migration to Sinch in time")
            return
        self._state.steps.pop(number.phone_number, None)
        self._imports.drop(number.phone_number)
        self._numbers.end([number], Stage.FAILED, reasons.CARRIER_DEADLINE_PASSED, workflow.now())

    async def _remind(self, who: WaitingOn) -> None:
        vigils, waiting = self._state.vigils, self._waiting(who)
        if not waiting:
            vigils.pop(who, None)
            return
        since = min(number.since or workflow.now() for number in waiting)
        known = vigils.get(who)
        if known is None or (who is WaitingOn.CARRIER and known.since < since):
            known = vigils[who] = Vigil(waiting_on=who, since=since)
        if self.silence.since and who is WaitingOn.CARRIER:
            vigils[who] = known.caught_up(self._patience(who), workflow.now())
        elif workflow.now() >= known.message_due(self._patience(who)):
            notice = self._notice(known, [number.phone_number for number in waiting])
            vigils[who] = await tell(known, notice, self._batch.pace)

    def _notice(self, vigil: Vigil, phone_numbers: list[str]) -> Notice:
        about = f"import {self._batch.id}"
        if vigil.waiting_on is WaitingOn.OPERATOR:
            return notices.operator_notice(self._batch, about, vigil, self._question(), phone_numbers)
        return notices.carrier_notice(self._batch, about, vigil, phone_numbers)

    def _question(self) -> Reason:
        known = reason(reasons.T_MOBILE_MIGRATION_REQUIRED)
        how = f"Or consent to their migration to Sinch: onboard consent {self._batch.id}."
        return known.model_copy(update={"sentence": f"{known.sentence} {how}"})

    def dues(self) -> list[datetime]:
        """When a reminder or a deadline is due."""
        messages = [vigil.message_due(self._patience(who)) for who, vigil in self._state.vigils.items()]
        if silence := self.silence.next_due():
            messages.append(silence)
        return messages + [self._deadline(who, number) for who in _WAITS for number in self._waiting(who)]

    def deadline(self) -> datetime | None:
        """The first deadline of the wait that presses most."""
        who = self.waiting_on
        return min((self._deadline(who, number) for number in self._waiting(who)), default=None)

    def _waiting(self, who: WaitingOn) -> list[NumberProgress]:
        consent = who is WaitingOn.OPERATOR
        return [n for n in self._numbers.at(*_AT_SINCH) if self._awaits_consent(n) is consent]

    def _awaits_consent(self, number: NumberProgress) -> bool:
        return self._state.steps.get(number.phone_number) is Step.CONSENT

    def _deadline(self, who: WaitingOn, number: NumberProgress) -> datetime:
        return self._patience(who).deadline.after(number.since or workflow.now())

    def _patience(self, who: WaitingOn) -> Patience:
        pace = self._batch.pace
        return pace.operator if who is WaitingOn.OPERATOR else pace.carrier
