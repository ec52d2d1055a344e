"""Task queues: one for the workflows, one for each outside dependency that is limited on its own."""

WORKFLOWS = "onboarding"
"""Workflows, and activities that touch nothing but the document store."""

SINCH = "sinch-api"
"""Calls to Sinch; a rate limit on this queue is a rate limit on Sinch."""

MAIL = "mail"
"""Mails by SMTP."""

DEFAULT_PROFILE = "default"
"""The Sinch project of batches that name no profile."""


def sinch_queue(profile: str) -> str:
    """Each profile is a Sinch project with a queue of its own, because Sinch limits each on its own."""
    return SINCH if profile == DEFAULT_PROFILE else f"{SINCH}:{profile}"


ROLES = {"workflows": WORKFLOWS, "sinch": SINCH, "mail": MAIL}
"""Worker roles, by the name the worker's `--role` takes."""
