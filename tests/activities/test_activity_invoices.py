"""Invoice mails: what the orders desk gets, once, and what is wrong with an invoice that cannot be sent."""

from pathlib import Path

import pytest

from activities.document_store import DocumentStore
from onboarding.batch import StoredFile
from onboarding.errors import FailureType
from simulator.settings import LOCAL_PROJECT_ID
from tests.activities.damage import damage
from tests.activities.mail_requests import CONTACT, ORDERS_DESK, PDF, invoices_by, invoices_for
from tests.activities.run_activity import failed, is_final, is_retried, run
from tests.activities.scripted_mail_server import scripted_mail_server
from tests.activities.simulated_sinch import SimulatedSinch, numbers

NUMBERS = numbers(3)


@pytest.fixture
def store(tmp_path: Path) -> DocumentStore:
    return DocumentStore(str(tmp_path))


def _port(sinch: SimulatedSinch) -> int:
    return int(sinch.endpoints.smtp.partition(":")[2])


async def test_the_mail_starts_the_review_of_the_numbers_it_lists(sinch: SimulatedSinch, store: DocumentStore) -> None:
    await sinch.make_eligible(*NUMBERS)
    invoice = await store.write(PDF, "invoice.pdf")
    sent = await run(invoices_by(_port(sinch), store).send, invoices_for(NUMBERS[:2], invoice))
    (entry,) = await sinch.ledger("invoice_mail")
    assert entry["details"] == {
        "message_id": sent.message_id,
        "numbers": NUMBERS[:2],
        "attachments": ["invoice.pdf"],
        "duplicate": False,
        "reviewed": NUMBERS[:2],
    }
    await sinch.advance(hours=72)
    states = [
        (await sinch.client.qualified_numbers.get(number)).global_process_state.rpartition("_")[2] for number in NUMBERS
    ]
    assert states == ["VERIFIED", "VERIFIED", "ELIGIBLE"]


async def test_the_mail_says_who_asks_and_is_answered_to_the_contact(store: DocumentStore) -> None:
    async with scripted_mail_server() as server:
        await run(invoices_by(server.port, store).send, invoices_for(NUMBERS, await store.write(PDF, "invoice.pdf")))
    assert server.lines[1:3] == ["MAIL FROM:<onboarding@example.com>", f"RCPT TO:<{ORDERS_DESK}>"]
    (mail,) = server.mails
    assert f"Reply-To: {CONTACT.email}\r\n".encode() in mail
    assert f"Subject: Invoices for 3 numbers, project {LOCAL_PROJECT_ID}\r\n".encode() in mail


async def test_the_mail_names_the_project_of_the_profile(store: DocumentStore) -> None:
    async with scripted_mail_server() as server:
        invoice = await store.write(PDF, "invoice.pdf")
        await run(invoices_by(server.port, store).send, invoices_for(NUMBERS, invoice, profile="retail"))
    (mail,) = server.mails
    assert b"Subject: Invoices for 3 numbers, project retail-project\r\n" in mail
    assert LOCAL_PROJECT_ID.encode() not in mail


async def test_a_profile_that_this_worker_does_not_know_is_waited_for(store: DocumentStore) -> None:
    async with scripted_mail_server() as server:
        invoice = await store.write(PDF, "invoice.pdf")
        request = invoices_for(NUMBERS, invoice, profile="wholesale")
        failure = await failed(invoices_by(server.port, store).send, request)
    assert is_retried(failure, FailureType.CREDENTIALS_REFUSED)
    assert "no profile 'wholesale'" in failure.message
    assert server.mails == []


async def test_names_of_all_languages_arrive_as_they_are(sinch: SimulatedSinch, store: DocumentStore) -> None:
    names = ["Rechnung Bäckerei Groß März.pdf", "請求書.pdf", 'the "last" one; 2 of 2.pdf']
    invoices = [await store.write(PDF + name.encode(), name) for name in names]
    await run(invoices_by(_port(sinch), store).send, invoices_for(NUMBERS, *invoices))
    (mail,) = await sinch.mails()
    assert [attachment["name"] for attachment in mail["attachments"]] == names
    assert "Company: Bäckerei Groß" in mail["text"]
    assert "Contact: Jürgen Groß, juergen@example.com" in mail["text"]
    assert "Our reference: shops 0001" in mail["text"]


async def test_a_server_that_knows_only_ascii_takes_the_mail_too(store: DocumentStore) -> None:
    async with scripted_mail_server() as server:
        invoice = await store.write(PDF, "Rechnung März.pdf")
        await run(invoices_by(server.port, store).send, invoices_for(NUMBERS, invoice))
    assert server.mails[0].isascii()


async def test_many_attachments_arrive_whole(sinch: SimulatedSinch, store: DocumentStore) -> None:
    contents = {
        f"invoice-{position:02d}.pdf": PDF + bytes([position]) * 50_000 * (position % 3) for position in range(40)
    }
    invoices = [await store.write(content, name) for name, content in contents.items()]
    await run(invoices_by(_port(sinch), store).send, invoices_for(numbers(500), *invoices))
    (mail,) = await sinch.mails()
    assert {file["name"]: file["size"] for file in mail["attachments"]} == {
        name: len(content) for name, content in contents.items()
    }
    (entry,) = await sinch.ledger("invoice_mail")
    assert entry["details"]["numbers"] == numbers(500)


async def test_the_same_request_sent_twice_is_one_mail_to_the_desk(sinch: SimulatedSinch, store: DocumentStore) -> None:
    await sinch.make_eligible(*NUMBERS)
    invoices, request = invoices_by(_port(sinch), store), invoices_for(NUMBERS, await store.write(PDF, "invoice.pdf"))
    first = await run(invoices.send, request)
    assert await run(invoices.send, request, attempt=2) == first
    assert [mail["message_id"] for mail in await sinch.mails()] == [first.message_id] * 2
    assert [entry["details"]["duplicate"] for entry in await sinch.ledger("invoice_mail")] == [False, True]
    await sinch.advance(hours=72)
    assert len(await sinch.ledger("review")) == len(NUMBERS)


@pytest.mark.parametrize("change", [{"batch": "depots"}, {"sequence": 2}, {"attempt": 2}], ids=str)
async def test_another_request_is_another_mail(
    sinch: SimulatedSinch, store: DocumentStore, change: dict[str, object]
) -> None:
    invoices, invoice = invoices_by(_port(sinch), store), await store.write(PDF, "invoice.pdf")
    first = await run(invoices.send, invoices_for(NUMBERS, invoice))
    assert (await run(invoices.send, invoices_for(NUMBERS, invoice, **change))).message_id != first.message_id


async def test_a_missing_invoice_is_named_and_nothing_is_sent(sinch: SimulatedSinch, store: DocumentStore) -> None:
    there = await store.write(PDF, "there.pdf")
    missing = StoredFile(sha256="0" * 64, name="missing.pdf", size=1)
    failure = await failed(invoices_by(_port(sinch), store).send, invoices_for(NUMBERS, there, missing))
    assert is_final(failure, FailureType.DOCUMENT_MISSING)
    assert "missing.pdf is not in the document store" in failure.message
    assert await sinch.mails() == []


async def test_a_damaged_invoice_is_named_and_nothing_is_sent(
    sinch: SimulatedSinch, store: DocumentStore, tmp_path: Path
) -> None:
    invoice = await store.write(PDF, "invoice.pdf")
    damage(tmp_path, invoice)
    failure = await failed(invoices_by(_port(sinch), store).send, invoices_for(NUMBERS, invoice))
    assert is_final(failure, FailureType.DOCUMENT_DAMAGED)
    assert "invoice.pdf was changed in the document store" in failure.message
    assert await sinch.mails() == []


@pytest.mark.parametrize("mode", ["temporary_error", "refuse"])
async def test_a_mail_server_that_is_away_gets_the_mail_once_it_is_back(
    sinch: SimulatedSinch, store: DocumentStore, mode: str
) -> None:
    invoices, request = invoices_by(_port(sinch), store), invoices_for(NUMBERS, await store.write(PDF, "invoice.pdf"))
    await sinch.tell("smtp", {"mode": mode})
    assert is_retried(await failed(invoices.send, request), FailureType.MAIL_UNAVAILABLE)
    await sinch.tell("smtp", {"mode": "up"})
    await run(invoices.send, request, attempt=2)
    assert len(await sinch.ledger("invoice_mail")) == 1
