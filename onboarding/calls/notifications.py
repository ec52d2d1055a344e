"""The call that tells the batch's contact that somebody is being waited for."""

from datetime import timedelta

from onboarding.batch import Contact
from onboarding.calls.call import BRIEF, Call
from onboarding.model import Model
from onboarding.task_queues import MAIL


class Notice(Model):
    """One mail to the contact. `key` makes it the same mail however often it is sent."""

    key: str
    contact: Contact
    subject: str
    text: str


class NoticeSent(Model):
    """The mail the server took."""

    message_id: str


SEND_NOTICE = Call[Notice, NoticeSent]("notifications.send", NoticeSent, MAIL, timedelta(minutes=1), BRIEF)
