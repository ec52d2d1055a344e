"""A Sinch project: whether its credentials are taken, and whether its callbacks are signed with a secret we know.

Sinch API: GetCallbackConfiguration, the cheapest read there is, answers both.
"""

from collections.abc import Sequence

from pydantic import SecretStr

from activities.settings import CallbackSettings
from doctor.diagnosis import Cause, Diagnosis, fine, problem, warning
from doctor.profiles import Profiles
from onboarding.task_queues import DEFAULT_PROFILE, sinch_queue
from processes.callback_secrets import read_callback_secrets
from processes.sinch_profiles import SinchProfile, sinch_profile
from receiver.settings import ReceiverSettings
from sinch_numbers import PermissionDenied, SinchError, Unauthenticated

CHECK = "sinch"
SECRET_CHECK = "callback secret"  # noqa: S105 - the name of a check


async def diagnose_project(name: str, profiles: Profiles) -> Sequence[Diagnosis]:
    """Credentials and callback secret of a profile. Raises InvalidSettings."""
    subject = f"profile {name}"
    if not profiles.is_described(name):
        step = "set ONBOARD_SINCH_*, or run onboard doctor where the worker runs"
        return [warning(CHECK, subject, "nothing is set for it here, so it cannot be looked at", step)]
    profile = sinch_profile(name)
    try:
        async with profile.client() as sinch:
            at_sinch = (await sinch.callback_configuration.get()).hmac_secret
    except (Unauthenticated, PermissionDenied) as error:
        step = f"set {profiles.credentials_of(sinch_queue(name))} and start the workers again"
        return [problem(CHECK, subject, f"Sinch refuses the credentials: {error}", step, Cause.CONFIGURATION)]
    except SinchError as error:
        step = "look at the network from here to Sinch; what is under way goes on by itself"
        return [problem(CHECK, subject, f"Sinch does not answer: {error}", step, Cause.UNAVAILABLE)]
    said = fine(CHECK, subject, f"Sinch takes the credentials of project {profile.project_id}")
    return [said, *_of_secret(profile, subject, at_sinch)]


def _of_secret(profile: SinchProfile, subject: str, at_sinch: SecretStr | None) -> list[Diagnosis]:
    if not CallbackSettings.read().callback_public_url:
        return []
    step = f"onboard callbacks set-secret --profile {profile.name}, where the receiver can read its file"
    if not at_sinch:
        message = "Sinch has no callback secret for it, so it signs no callback and the receiver refuses all"
        return [problem(SECRET_CHECK, subject, message, step, Cause.CONFIGURATION)]
    kept = _kept(profile)
    if not kept:
        where = profile.callback_secrets_file or "no callback_secrets_file is set"
        return [warning(SECRET_CHECK, subject, f"there is no secret here to compare with ({where})", step)]
    if at_sinch not in kept:
        message = "Sinch signs callbacks with a secret that the receiver does not have, so it refuses all"
        return [problem(SECRET_CHECK, subject, message, step, Cause.CONFIGURATION)]
    return [fine(SECRET_CHECK, subject, "Sinch signs callbacks with a secret that the receiver has")]


def _kept(profile: SinchProfile) -> tuple[SecretStr, ...]:
    in_file = read_callback_secrets(profile.callback_secrets_file) if profile.callback_secrets_file else ()
    return in_file + (ReceiverSettings.read().callback_secrets if profile.name == DEFAULT_PROFILE else ())
