"""All looks together: settings, Temporal, task queues, open work, Sinch, receiver, mail server, document store."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from temporalio.client import Client

from doctor.batch import CHECK as BATCH
from doctor.batch import diagnose_batch
from doctor.checks import Check, carry_out
from doctor.diagnosis import Diagnosis, fine
from doctor.documents import CHECK as DOCUMENTS
from doctor.documents import diagnose_document_store
from doctor.mail_server import CHECK as MAIL_SERVER
from doctor.mail_server import diagnose_mail_server
from doctor.open_work import SUBJECT, OpenWork
from doctor.profiles import Profiles, read_profiles
from doctor.queues import CHECK as QUEUES
from doctor.queues import diagnose_queue, queues_in_use
from doctor.receiver import CHECK as RECEIVER
from doctor.receiver import diagnose_receiver
from doctor.sinch import CHECK as SINCH
from doctor.sinch import diagnose_project
from doctor.stuck_work import CHECK as WORKFLOWS
from doctor.stuck_work import diagnose_stuck_work
from doctor.temporal import ATTRIBUTES_CHECK, Server, diagnose_search_attributes
from doctor.temporal import CHECK as TEMPORAL
from doctor.waiting import DEADLINE_CHECK, OPERATOR_CHECK, diagnose_deadlines, diagnose_operator_waits

SETTINGS = "settings"
MOST_LOOKED_INTO = 500
"""Open workflows that are asked for their tasks and activities, one by one."""

Readers = Mapping[str, Callable[[], object]]
"""Process -> what reads its settings and raises InvalidSettings where they are wrong."""


async def examine(batch: str | None, readers: Readers) -> list[Diagnosis]:
    """Look at everything; of open work only at that of `batch`, where one is given. Takes a minute at most."""
    profiles = read_profiles()
    set_up, inside, outside = await asyncio.gather(
        carry_out(_of_settings(readers)), _examine_temporal(batch, profiles), carry_out(_of_outside(profiles))
    )
    return [*set_up, *inside, *outside]


def _of_settings(readers: Readers) -> list[Check]:
    async def read(process: str, reader: Callable[[], object]) -> Sequence[Diagnosis]:
        reader()
        return [fine(SETTINGS, process, "complete and of the right form")]

    return [Check(SETTINGS, process, partial(read, process, reader)) for process, reader in readers.items()]


async def _examine_temporal(batch: str | None, profiles: Profiles) -> list[Diagnosis]:
    """What is there to see without a server is that it is missing."""
    server = Server()
    reached = await carry_out([Check(TEMPORAL, "server", server.look)])
    if server.client is None:
        return reached
    return reached + await carry_out(_of_temporal(server.client, OpenWork(server.client, batch), profiles))


def _of_temporal(client: Client, work: OpenWork, profiles: Profiles) -> list[Check]:
    return [
        *([Check(BATCH, work.batch, partial(diagnose_batch, work))] if work.batch else []),
        Check(ATTRIBUTES_CHECK, client.namespace, partial(diagnose_search_attributes, client)),
        *(Check(QUEUES, queue.name, partial(diagnose_queue, client, queue)) for queue in queues_in_use(profiles.names)),
        Check(WORKFLOWS, SUBJECT, partial(diagnose_stuck_work, work, profiles, MOST_LOOKED_INTO)),
        Check(OPERATOR_CHECK, SUBJECT, partial(diagnose_operator_waits, work)),
        Check(DEADLINE_CHECK, SUBJECT, partial(diagnose_deadlines, work)),
    ]


def _of_outside(profiles: Profiles) -> list[Check]:
    return [
        *(Check(SINCH, f"profile {name}", partial(diagnose_project, name, profiles)) for name in profiles.names),
        Check(RECEIVER, "settings", diagnose_receiver),
        Check(MAIL_SERVER, "settings", diagnose_mail_server),
        Check(DOCUMENTS, "settings", diagnose_document_store),
    ]
