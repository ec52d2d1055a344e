"""The callback receiver, asked from outside: by the public address, as Sinch would, with a token of our own key.

The callback is not signed, so the receiver refuses it; from how it does, one can tell that it was the receiver that
answered, and that it knows our tokens.
"""

from collections.abc import Sequence

import httpx

from activities.callback_address import CallbackAddress
from activities.settings import CallbackSettings
from doctor.diagnosis import Cause, Diagnosis, fine, problem
from processes.settings import PREFIX
from receiver.outcomes import STATUSES, Outcome

CHECK = "receiver"
_URL = f"{PREFIX}CALLBACK_PUBLIC_URL"
_KEY = f"{PREFIX}CALLBACK_TOKEN_KEY"
_SECONDS = 10.0
_KNOWS_THE_TOKEN = (Outcome.BAD_SIGNATURE, Outcome.UNKNOWN_PROJECT, Outcome.NOT_ALLOWED)


async def diagnose_receiver() -> Sequence[Diagnosis]:
    """One callback that is refused. Raises InvalidSettings."""
    settings = CallbackSettings.read()
    url, key = settings.callback_public_url, settings.callback_token_key
    if not url:
        return [fine(CHECK, "none", f"{_URL} is not set: there are no callbacks, the product polls")]
    if key is None:
        message = f"{_KEY} is not set although {_URL} is: no worker starts like that"
        return [problem(CHECK, url, message, f"set {_KEY} for worker and receiver", Cause.CONFIGURATION)]
    try:
        async with httpx.AsyncClient(timeout=_SECONDS) as http:
            answer = await http.post(CallbackAddress(url, key).of_workflow("onboard doctor"), json={})
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        message = f"it cannot be reached: {error or type(error).__name__}"
        step = f"start a receiver (python -m receiver) and the proxy before it, or correct {_URL}"
        return [problem(CHECK, url, message, step, Cause.UNAVAILABLE)]
    return [_of_answer(url, answer)]


def _of_answer(url: str, answer: httpx.Response) -> Diagnosis:
    said = next((outcome for outcome in Outcome if outcome.value == answer.text.strip()), None)
    if said is None or STATUSES[said] != answer.status_code:
        message = f"something else than the receiver answers there, with {answer.status_code}"
        step = f"let the proxy forward /callbacks/ to the receiver, or correct {_URL}"
        return problem(CHECK, url, message, step, Cause.CONFIGURATION)
    if said is Outcome.BAD_TOKEN:
        message = "the receiver does not know the tokens in our callback addresses, so it refuses all callbacks"
        step = f"give worker and receiver the same {_KEY}"
        return problem(CHECK, url, message, step, Cause.CONFIGURATION)
    if said not in _KNOWS_THE_TOKEN:
        message = f"the receiver answers {said.value}"
        return problem(CHECK, url, message, "look into the receiver's log", Cause.UNAVAILABLE)
    return fine(CHECK, url, "the receiver answers and knows our tokens")
