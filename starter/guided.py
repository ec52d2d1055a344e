"""Voice codes on the command line: one by one with guidance, or one given."""

from typing import TextIO

from temporalio.client import Client

from onboarding.contracts.verification import VerificationOutcome, VerificationStatus
from onboarding.phone_numbers import NotAPhoneNumber, read_e164
from starter.asking import ask
from starter.challenges import call_again, open_challenges, submit_code
from starter.exits import Exit, Stop
from starter.output import Format, counted, document, message

_PROMPT = "code, (a) call again, (n) next number, (q) quit: "


async def guide(client: Client, batch: str, answers: TextIO) -> Exit:
    """Ask for the code of each open challenge, until all have ended or the operator quits."""
    challenges = await open_challenges(client, batch)
    if not challenges:
        message(f"no voice challenge of batch {batch} is open")
        return Exit.DONE
    message(f"{counted(len(challenges), 'voice challenge')} open")
    verified = 0
    for challenge in challenges:
        outcome = await _guide_one(client, challenge, answers)
        if outcome is None:
            break
        verified += outcome
    message(f"{counted(verified, 'number')} verified")
    return Exit.DONE


async def _guide_one(client: Client, challenge: VerificationStatus, answers: TextIO) -> bool | None:
    """True when verified, False when left, None when the operator quits."""
    number = challenge.phone_number
    calls = f"{counted(challenge.calls_placed, 'call')} placed, {challenge.calls_left} left"
    message(f"{number}: {calls}. {challenge.message}".rstrip())
    while True:
        given = ask(f"{number} {_PROMPT}", answers)
        answer = given.strip().lower()
        if not given or answer == "q":
            return None
        if answer == "n":
            return False
        try:
            if answer == "a":
                message(await call_again(client, number))
            elif answer:
                status = await submit_code(client, number, answer)
                message(f"{number}: {described(status)}")
                if status.outcome is not None:
                    return status.outcome is VerificationOutcome.VERIFIED
        except Stop as stop:
            message(stop.message)


async def enter_code(client: Client, number: str, code: str, format_: Format) -> Exit:
    """Enter one code; exit 0 when it verified the number, 3 when it did not."""
    try:
        phone_number = read_e164(number)
    except NotAPhoneNumber as error:
        raise Stop(f"{number!r}: {error}", Exit.USAGE) from None
    status = await submit_code(client, phone_number, code)
    document(format_, status.model_dump(mode="json"), f"{phone_number}: {described(status)}")
    return Exit.DONE if status.outcome is VerificationOutcome.VERIFIED else Exit.NUMBERS_FAILED


def described(status: VerificationStatus) -> str:
    """Where the challenge stands, in words."""
    match status.outcome:
        case VerificationOutcome.VERIFIED:
            return "verified"
        case VerificationOutcome.BLOCKED:
            return "blocked by Sinch: ask Sinch support"
        case None:
            said = f" ({status.message})" if status.message else ""
            return f"wrong code{said}; {status.wrong_codes} wrong so far, {counted(status.calls_left, 'call')} left"
        case _:
            return f"ended: {status.outcome}"
