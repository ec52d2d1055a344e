"""What is not as asked at Sinch although a number has ended well."""

from collections.abc import Iterable

from onboarding.model import Model


class Finding(Model):
    """One difference. `sentence` is for people: what was asked, what is, and what to do next."""

    code: str
    sentence: str


def in_words(findings: Iterable[Finding]) -> str | None:
    """All of them on one line; None where there are none."""
    return " ".join(f"{finding.code}: {finding.sentence}" for finding in findings) or None
