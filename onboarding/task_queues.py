"""Task queues: one for the workflows, one for each outside dependency that is limited on its own."""

WORKFLOWS = "onboarding"
"""Workflows, and activities that touch nothing but the document store."""

SINCH = "sinch-api"
"""Calls to Sinch; a rate limit on this queue is a rate limit on Sinch."""

MAIL = "mail"
"""Mails by SMTP."""

ROLES = {"workflows": WORKFLOWS, "sinch": SINCH, "mail": MAIL}
"""Worker roles, by the name the worker's `--role` takes."""
