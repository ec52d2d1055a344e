"""The only place where workflow ids and other names built from ids are made."""

import hashlib


def batch_workflow_id(batch: str) -> str:
    """`OnboardBatch:<batch>`."""
    return f"OnboardBatch:{batch}"


def group_workflow_id(batch: str, sequence: int) -> str:
    """`OnboardGroup:<batch>:<0001>`."""
    return f"OnboardGroup:{batch}:{sequence:04d}"


def verification_workflow_id(phone_number: str) -> str:
    """`VerifyNumber:<+E164>`: without the batch, so that two batches cannot call the same phone."""
    return f"VerifyNumber:{phone_number}"


def hosting_order_workflow_id(batch: str, sequence: int, wave: int) -> str:
    """`HostingOrder:<batch>:<0001>:<wave>`."""
    return f"HostingOrder:{batch}:{sequence:04d}:{wave}"


def relinking_workflow_id(relinking: str) -> str:
    """`RelinkNumbers:<id>`."""
    return f"RelinkNumbers:{relinking}"


def removal_workflow_id(removal: str) -> str:
    """`RemoveNumbers:<id>`."""
    return f"RemoveNumbers:{removal}"


def legacy_wish_workflow_id(wish: str) -> str:
    """`AssignLegacyNumbers:<id>`."""
    return f"AssignLegacyNumbers:{wish}"


def legacy_renting_workflow_id(profile: str) -> str:
    """`RentLegacyNumbers:<profile>`: without the wish, so that two wishes cannot rent at the same time."""
    return f"RentLegacyNumbers:{profile}"


def legacy_application_workflow_id(application_key: str) -> str:
    """`SetLegacyApplication:<key>`: without the wish, so that two wishes cannot change it at a time."""
    return f"SetLegacyApplication:{application_key}"


def rent_workflow_id(wish: str) -> str:
    """`RentNumbers:<wish>`."""
    return f"RentNumbers:{wish}"


def active_change_workflow_id(change: str) -> str:
    """`ChangeActiveNumbers:<id>`."""
    return f"ChangeActiveNumbers:{change}"


def change_of_rented(batch: str) -> str:
    """The id of the change that links a batch's rented numbers: `<batch>.rented`."""
    return f"{batch}.rented"


def order_display_name(batch: str, sequence: int, wave: int, attempt: int = 1) -> str:
    """The name by which an order is found again at Sinch: `<batch> <0001>/<wave>`; later attempts add `.<attempt>`."""
    suffix = "" if attempt == 1 else f".{attempt}"
    return f"{batch} {sequence:04d}/{wave}{suffix}"


def import_workflow_id(batch: str) -> str:
    """`ImportNumbers:<batch>`."""
    return f"ImportNumbers:{batch}"


def import_display_name(batch: str, sequence: int) -> str:
    """The name by which an import is found again at Sinch: `<batch> import <0001>`."""
    return f"{batch} import {sequence:04d}"


def message_id(kind: str, *parts: object) -> str:
    """A mail's deterministic `Message-ID`: the same mail sent twice carries the same one.

    Short enough for one header line, because some servers change a folded one.
    """
    digest = hashlib.sha256("\0".join([kind, *map(str, parts)]).encode()).hexdigest()[:24]
    return f"<{kind}.{digest}@number-onboarding.invalid>"


def report_name(batch: str, ending: str) -> str:
    """Name of a batch's final report in the document store."""
    return f"{batch}-report.{ending}"
