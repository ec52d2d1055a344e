"""The dry run: what is promised is what would be sent."""

import json
from email.message import EmailMessage
from pathlib import Path

import pytest
from pydantic import SecretStr

from activities.document_store import DocumentStore
from activities.invoices import Invoices
from activities.mail import Mailer
from activities.settings import MailSettings
from onboarding.calls.invoices import SendInvoices
from starter.input import Plan, plan, render
from tests.starter.input.batch_folder import BatchFolder

DRY_RUN = """\
Dry run of batch spring-2026 for Harbor Lane Dental Group: nothing is sent.
501 numbers in 2 groups, verification invoices-then-voice, profile default

Parts: 1
  numbers  groups  region  type   service plan                      campaign  NNID     LOA     order
  501      1-2     US      local  07d6c2621f364b68856fe4938b7bb78f  none      default  direct  {order}

Qualification requests: 2
  group 1: 500 numbers, +12122000000 to +12122000499
  group 2: 1 number, +12122000500 to +12122000500

Invoice mails: 2
  group 1: to orders@sinch.com, 500 numbers
    subject: Invoices for 500 numbers, project <Sinch project id>
    attached: invoice.pdf, {common} bytes
  group 2: to orders@sinch.com, 1 number
    subject: Invoices for 1 number, project <Sinch project id>
    attached: invoice.pdf, {common} bytes
    attached: own.pdf, {own} bytes

Voice calls: to at most 501 numbers
  only numbers that the invoice review leaves unverified are called
  at most 5 calls a number, at least 60s apart

Hosting orders: 2
  group 1: 'spring-2026 0001/1', 500 numbers
    service plan 07d6c2621f364b68856fe4938b7bb78f, campaign none, NNID the account's default, direct LOA
  group 2: 'spring-2026 0002/1', 1 number
    service plan 07d6c2621f364b68856fe4938b7bb78f, campaign none, NNID the account's default, direct LOA
  Numbers that are not ready 12h after the first of their group go into later orders.
  Every LOA is mailed to Avery Jordan <avery.jordan@example.com> for signature.
  Please confirm every address: once an order is placed, it cannot be changed.

Waits, with reminders to Robin Park <robin.park@example.com>
  for                reminder every  deadline  at the deadline
  eligibility check  2bd             10bd      the numbers fail: ELIGIBILITY_DEADLINE_PASSED
  invoice review     3bd             10bd      the voice challenge takes over
  voice code         1bd             7d        the numbers fail: VOICE_CODE_NOT_ENTERED
  LOA signature      3bd             30d       the numbers fail: LOA_DEADLINE_PASSED
  carrier            5bd             9bd       the numbers fail: CARRIER_DEADLINE_PASSED
  operator           1bd             5bd       the numbers fail: ORDER_REFUSED or ORDER_REJECTED

Warnings: 1
  {folder}/batch.toml, campaign_id: a 10DLC campaign: US numbers need one before businesses may send SMS"""


class KeptMails(Mailer):
    """A mailer that keeps what it is given."""

    def __init__(self, settings: MailSettings) -> None:
        super().__init__(settings)
        self.mails: list[EmailMessage] = []

    async def send(self, message: EmailMessage) -> None:
        self.mails.append(message)


@pytest.fixture
def folder(tmp_path: Path) -> BatchFolder:
    folder = BatchFolder(tmp_path)
    numbers = [f"+1212{line}" for line in range(2_000_000, 2_000_501)]
    folder.invoice("invoice.pdf", *numbers)
    folder.invoice("own.pdf")
    folder.numbers("phone_number,invoice", *numbers[:-1], f"{numbers[-1]},own.pdf")
    return folder


def test_the_dry_run_shows_everything_that_would_be_sent(folder: BatchFolder) -> None:
    folder.change('campaign_id = "C3O8OGA"\n', "")
    sizes = {name: f"{(folder.path / f'{name}.pdf').stat().st_size:,}" for name in ("invoice", "own")}
    assert render(plan(folder.read())) == DRY_RUN.format(
        common=sizes["invoice"], own=sizes["own"], folder=folder.path, order="textEnableNumbers"
    )


def test_the_plan_survives_a_trip_through_json_with_every_number(folder: BatchFolder) -> None:
    made = plan(folder.read())
    document = json.loads(json.dumps(made.model_dump(mode="json")))
    assert Plan.model_validate(document) == made
    assert document["qualification_requests"][1] == {"group": 2, "numbers": ["+12122000500"]}


async def test_the_promised_mail_is_the_one_that_is_sent(folder: BatchFolder) -> None:
    batch_input = folder.read()
    promised = plan(batch_input, orders_desk="desk@example.com", project_id="project").invoice_mails[1]
    settings = MailSettings(
        smtp_host="localhost",
        smtp_password=SecretStr(""),
        mail_from="us@example.com",
        orders_desk="desk@example.com",
    )
    mailer, store, group = KeptMails(settings), DocumentStore(str(folder.path / "store")), batch_input.slices[1]
    await Invoices(mailer, store, settings, {batch_input.batch.profile: "project"}).send(
        SendInvoices(
            batch=batch_input.batch.id,
            sequence=group.sequence,
            customer=batch_input.batch.customer,
            contact=batch_input.batch.contact,
            phone_numbers=group.numbers,
            invoices=tuple([await store.write(path.read_bytes(), path.name) for path in group.invoices]),
        )
    )
    (sent,) = mailer.mails
    attachments = [(part.get_filename(), len(part.get_content())) for part in sent.iter_attachments()]
    assert (sent["To"], sent["Subject"]) == (promised.to, promised.subject)
    assert attachments == [(attachment.name, attachment.size) for attachment in promised.attachments]


def test_verification_by_voice_mails_nothing_and_calls_everybody(folder: BatchFolder) -> None:
    folder.change('"invoices-then-voice"', '"voice"')
    made = plan(folder.read())
    assert made.invoice_mails == ()
    assert made.voice_calls is not None
    assert made.voice_calls.numbers_at_most == 501
    assert "invoice review" not in [wait.waiting_for for wait in made.waits]
    assert "  every number is called\n" in render(made)


def test_verification_by_invoices_calls_nobody_and_fails_at_the_end_of_the_review(folder: BatchFolder) -> None:
    folder.change('"invoices-then-voice"', '"invoices"')
    made = plan(folder.read())
    assert made.voice_calls is None
    assert "Voice calls: none\n" in render(made)
    assert {wait.waiting_for: wait.then for wait in made.waits}["invoice review"] == (
        "the numbers fail: INVOICE_REVIEW_DEADLINE_PASSED"
    )
    assert "voice code" not in [wait.waiting_for for wait in made.waits]


def test_a_reseller_loa_nnid_and_eligibility_are_shown(folder: BatchFolder) -> None:
    folder.change("[loa]\n", '[loa]\nbusiness_name = "Harbor Lane"\n')
    folder.change('verification = "', 'nnid = "104029"\nverification = "')
    folder.change("= false", "= true")
    shown = render(plan(folder.read()))
    assert "campaign C3O8OGA, NNID 104029, reseller LOA\n" in shown
    assert "numbers that Sinch finds eligible are ordered without further proof of ownership\n" in shown


def test_the_dry_run_shows_the_parts_of_a_mixed_batch_and_in_what_they_differ(folder: BatchFolder) -> None:
    folder.change('region = "US"\n', "")
    folder.change('"invoices-then-voice"', '"voice"')
    folder.batch += '[loa_parties.standing]\ntype = "blanket"\n'
    folder.numbers("phone_number,loa", "+12122000000", "+18335550134", "+14165550134,standing", "+12122000001")
    made = plan(folder.read())
    assert made.differing == ("region", "number_type", "campaign_id", "loa_party")
    assert [(part.numbers_total, part.groups, part.order) for part in made.parts] == [
        (2, (1, 1), "textEnableNumbers"),
        (1, (2, 2), "textEnableTollFreeNumbers"),
        (1, (3, 3), "textEnableNumbers"),
    ]
    shown = render(made)
    assert "4 numbers in 3 groups, " in shown
    assert "cannot share a hosting order: region, type, campaign, LOA\n" in shown
    plan_id = "07d6c2621f364b68856fe4938b7bb78f"
    assert [line.split() for line in shown.splitlines() if f"  {plan_id}  " in line] == [
        ["2", "1", "US", "local", plan_id, "C3O8OGA", "default", "direct", "textEnableNumbers"],
        ["1", "2", "US", "toll-free", plan_id, "none", "none", "direct", "textEnableTollFreeNumbers"],
        ["1", "3", "CA", "local", plan_id, "none", "default", "blanket", "(standing)", "textEnableNumbers"],
    ]
    assert "  The LOA of group 1, 2 is mailed to Avery Jordan <avery.jordan@example.com> for signature.\n" in shown
    assert "  The LOA of group 3 is a blanket LOA, which nobody signs.\n" in shown


def test_where_nobody_signs_no_signature_is_waited_for(folder: BatchFolder) -> None:
    start, end = folder.batch.index("[loa]"), folder.batch.index("[pace]")
    folder.batch = f'{folder.batch[:start]}[loa]\ntype = "blanket"\n\n{folder.batch[end:]}'
    made = plan(folder.read())
    assert "LOA signature" not in [wait.waiting_for for wait in made.waits]
    shown = render(made)
    assert "  Every LOA is a blanket LOA, which nobody signs.\n" in shown
    assert "confirm every address" not in shown
