"""The way of a qualified number from addNumbers to VERIFIED: eligibility, invoice review, voice challenge."""

from simulator import Durations, Range, SimulatorSettings
from tests.simulator.driver import Driver, driving, invoice_mail

NUMBER, OTHER = "+12025550134", "+12025550135"
REFUSED = "+12025554101"
NOT_LISTED = "+12025554102"


async def test_a_number_waits_for_its_eligibility_check_and_then_for_a_proof() -> None:
    async with driving() as sinch:
        await sinch.add(NUMBER)
        resource = await sinch.get(f"/qualifiedNumbers/{NUMBER}")
        assert resource["globalProcessState"] == "GLOBAL_PROCESS_STATE_ELIGIBLE_CHECK_PENDING"
        assert resource["osrEligibility"] == {"status": "IN_PROGRESS", "error": ""}
        assert resource["hostedNumber"] == {"status": 0, "error": ""}
        await sinch.advance(hours=1.9)
        assert await sinch.state_of(NUMBER) == "ELIGIBLE_CHECK_PENDING"
        await sinch.advance(hours=4.2)
        assert await sinch.state_of(NUMBER) == "ELIGIBLE"
        await sinch.advance(hours=30 * 24)
        assert await sinch.state_of(NUMBER) == "ELIGIBLE"


async def test_a_refused_number_says_why() -> None:
    async with driving() as sinch:
        await sinch.add("+12025554001")
        await sinch.advance(hours=6)
        resource = await sinch.get("/qualifiedNumbers/+12025554001")
        assert resource["globalProcessState"] == "GLOBAL_PROCESS_STATE_NOT_ELIGIBLE"
        assert resource["osrEligibility"] == {
            "status": "FAILED",
            "error": "The number cannot be text-enabled.",
        }


async def test_the_region_of_a_number_follows_its_area_code() -> None:
    async with driving() as sinch:
        await sinch.add("+14165550134", NUMBER)
        assert (await sinch.get("/qualifiedNumbers/+14165550134"))["regionCode"] == "CA"
        assert (await sinch.get(f"/qualifiedNumbers/{NUMBER}"))["regionCode"] == "US"


async def test_adding_a_number_again_is_a_conflict_and_adds_none() -> None:
    async with driving() as sinch:
        await sinch.add(NUMBER)
        answer = await sinch.post("/qualifiedNumbers:addNumbers", {"phoneNumbers": [OTHER, NUMBER]})
        assert (answer.status_code, answer.json()["status"]) == (409, "ALREADY_EXISTS")
        assert NUMBER in answer.json()["message"]
        unknown = await sinch.post(f"/qualifiedNumbers/{OTHER}:sendVoiceChallenge")
        assert (unknown.status_code, unknown.json()["code"]) == (404, "404")
        assert len(await sinch.ledger("qualified_number_added")) == 1


async def test_the_desk_reviews_exactly_the_listed_numbers() -> None:
    async with driving() as sinch:
        await sinch.add(NUMBER, OTHER)
        await sinch.advance(hours=6)
        await sinch.mail_invoices([NUMBER, "+12025550199"])
        assert await sinch.state_of(NUMBER) == "VERIFICATION_PENDING"
        await sinch.advance(hours=23.9)
        assert await sinch.state_of(NUMBER) == "VERIFICATION_PENDING"
        await sinch.advance(hours=48.2)
        assert await sinch.state_of(NUMBER) == "VERIFIED"
        assert await sinch.state_of(OTHER) == "ELIGIBLE"
        (entry,) = await sinch.ledger("invoice_mail")
        assert entry["details"] == {
            "message_id": "<invoices-1@example.com>",
            "numbers": [NUMBER, "+12025550199"],
            "attachments": ["invoice.pdf"],
            "duplicate": False,
            "reviewed": [NUMBER],
        }


async def test_a_number_listed_before_it_is_eligible_is_reviewed_afterwards() -> None:
    async with driving() as sinch:
        await sinch.add(NUMBER)
        await sinch.mail_invoices([NUMBER])
        assert await sinch.state_of(NUMBER) == "ELIGIBLE_CHECK_PENDING"
        await sinch.advance(hours=6)
        assert await sinch.state_of(NUMBER) == "VERIFICATION_PENDING"


async def test_the_same_message_id_again_changes_nothing() -> None:
    async with driving() as sinch:
        await sinch.add(NUMBER, OTHER)
        await sinch.advance(hours=6)
        await sinch.mail_invoices([NUMBER])
        await sinch.mail_invoices([NUMBER, OTHER])
        assert await sinch.state_of(OTHER) == "ELIGIBLE"
        assert [entry["details"]["duplicate"] for entry in await sinch.ledger("invoice_mail")] == [False, True]
        await sinch.advance(hours=72)
        assert len(await sinch.ledger("review")) == 1


async def test_a_mail_that_the_desk_cannot_use_is_kept_and_explained() -> None:
    async with driving() as sinch:
        await sinch.add(NUMBER)
        await sinch.advance(hours=6)
        await sinch.mail_invoices([NUMBER], attachment=None)
        await sinch.mail_invoices([NUMBER], attachment=b"no PDF at all")
        await sinch.mail_invoices([NUMBER], project="another-project")
        await sinch.mail_invoices(["202 555 0134"])
        reasons = [entry["details"]["reason"] for entry in await sinch.ledger("mail_ignored")]
        assert [reason.split(":")[0].split(" the project")[0] for reason in reasons] == [
            "no PDF attachment",
            "no PDF attachment",
            "the text does not name",
            "the text lists no phone number in E.164 format",
        ]
        assert await sinch.state_of(NUMBER) == "ELIGIBLE"
        assert len((await sinch.look("mails"))["mails"]) == 4


async def test_a_corrected_mail_is_reviewed_after_an_ignored_one() -> None:
    async with driving() as sinch:
        await sinch.add(NUMBER)
        await sinch.advance(hours=6)
        await sinch.mail_invoices([NUMBER], attachment=None)
        await sinch.mail_invoices([NUMBER])
        assert await sinch.state_of(NUMBER) == "VERIFICATION_PENDING"


async def test_mail_to_other_people_is_kept_and_starts_nothing() -> None:
    async with driving() as sinch:
        await sinch.add(NUMBER)
        await sinch.advance(hours=6)
        await sinch.send_mail(invoice_mail([NUMBER], to="operator@example.com"))
        (mail,) = (await sinch.look("mails"))["mails"]
        assert mail["to"] == ["operator@example.com"]
        assert mail["attachments"] == [{"name": "invoice.pdf", "size": 20}]
        assert await sinch.state_of(NUMBER) == "ELIGIBLE"


async def test_a_code_that_was_heard_verifies_the_number() -> None:
    async with driving() as sinch:
        code = await _called(sinch, REFUSED)
        assert await sinch.state_of(REFUSED) == "VERIFICATION_PENDING"
        answer = await sinch.enter(REFUSED, code)
        assert answer.status_code == 200
        assert answer.json()["globalProcessState"] == "GLOBAL_PROCESS_STATE_VERIFIED"


async def test_a_wrong_code_is_a_200_and_the_right_one_still_works_afterwards() -> None:
    async with driving() as sinch:
        code = await _called(sinch, NUMBER)
        answer = await sinch.enter(NUMBER, _other_than(code))
        assert answer.status_code == 200
        assert answer.json()["globalProcessState"] == "GLOBAL_PROCESS_STATE_VERIFICATION_FAILED"
        assert answer.json()["ownershipVerification"] == {"status": "FAILED", "error": "The code is wrong."}
        await sinch.enter(NUMBER, code)
        assert await sinch.state_of(NUMBER) == "VERIFIED"
        assert [entry["details"]["right"] for entry in await sinch.ledger("code_check")] == [False, True]


async def test_three_wrong_codes_in_all_block_the_number() -> None:
    async with driving() as sinch:
        for _ in range(2):
            code = await _called(sinch, NUMBER)
            await sinch.enter(NUMBER, _other_than(code))
        assert await sinch.state_of(NUMBER) == "VERIFICATION_FAILED"
        code = await _called(sinch, NUMBER)
        await sinch.enter(NUMBER, _other_than(code))
        assert await sinch.state_of(NUMBER) == "VERIFICATION_BLOCKED"
        for refused in (await sinch.enter(NUMBER, code), await sinch.call(NUMBER)):
            assert (refused.status_code, refused.json()["status"]) == (400, "FAILED_PRECONDITION")


async def test_a_new_call_makes_the_old_code_worthless() -> None:
    async with driving() as sinch:
        old = await _called(sinch, NUMBER)
        new = await _called(sinch, NUMBER)
        assert old != new
        await sinch.enter(NUMBER, old)
        assert await sinch.state_of(NUMBER) == "VERIFICATION_FAILED"


async def test_a_code_is_worthless_after_its_validity() -> None:
    async with driving() as sinch:
        code = await _called(sinch, NUMBER)
        await sinch.advance(hours=24.1)
        answer = await sinch.enter(NUMBER, code)
        assert answer.json()["ownershipVerification"]["error"] == "The code is expired."


async def test_the_validity_of_a_code_is_a_setting() -> None:
    settings = SimulatorSettings(durations=Durations(voice_code_validity=600))
    async with driving(settings) as sinch:
        code = await _called(sinch, NUMBER)
        await sinch.advance(hours=0.2)
        await sinch.enter(NUMBER, code)
        assert await sinch.state_of(NUMBER) == "VERIFICATION_FAILED"


async def test_codes_have_four_digits_and_may_start_with_zero() -> None:
    settings = SimulatorSettings(durations=Durations(eligibility_check=Range(shortest=0, longest=0)))
    async with driving(settings) as sinch:
        await sinch.add(NUMBER)
        await sinch.advance(hours=0)
        for _ in range(60):
            await sinch.call(NUMBER)
        codes = [call["code"] for call in await sinch.calls_of(NUMBER)]
        assert all(len(code) == 4 and code.isdecimal() for code in codes)
        assert any(code.startswith("0") for code in codes)


async def test_calls_are_refused_where_there_is_nothing_to_verify() -> None:
    async with driving() as sinch:
        await sinch.add(NUMBER, "+12025554001")
        pending = await sinch.call(NUMBER)
        await sinch.mail_invoices([NUMBER])
        await sinch.advance(hours=6 + 72)
        verified = await sinch.call(NUMBER)
        not_eligible = await sinch.call("+12025554001")
        for refused in (pending, verified, not_eligible):
            assert (refused.status_code, refused.json()["status"]) == (400, "FAILED_PRECONDITION")
        assert await sinch.ledger("voice_call") == []


async def test_a_code_before_any_call_is_told_to_call_first() -> None:
    async with driving() as sinch:
        await sinch.add(NUMBER)
        await sinch.mail_invoices([NUMBER])
        await sinch.advance(hours=6)
        answer = await sinch.enter(NUMBER, "1234")
        assert answer.status_code == 400
        assert "sendVoiceChallenge first" in answer.json()["message"]


async def test_invoices_accepted_after_a_wrong_code_verify_the_number() -> None:
    async with driving() as sinch:
        await sinch.add(NUMBER)
        await sinch.mail_invoices([NUMBER])
        await sinch.advance(hours=6)
        await sinch.call(NUMBER)
        await sinch.enter(NUMBER, "no code")
        assert await sinch.state_of(NUMBER) == "VERIFICATION_FAILED"
        await sinch.advance(hours=72)
        assert await sinch.state_of(NUMBER) == "VERIFIED"


async def test_a_number_verified_by_voice_is_not_undone_by_its_review() -> None:
    async with driving() as sinch:
        await sinch.add(REFUSED)
        await sinch.mail_invoices([REFUSED])
        await sinch.advance(hours=6)
        await sinch.call(REFUSED)
        await sinch.enter(REFUSED, (await sinch.calls_of(REFUSED))[-1]["code"])
        await sinch.advance(hours=72)
        assert await sinch.state_of(REFUSED) == "VERIFIED"


async def test_a_number_missing_on_the_invoice_stays_eligible() -> None:
    async with driving() as sinch:
        await sinch.add(NOT_LISTED)
        await sinch.mail_invoices([NOT_LISTED])
        await sinch.advance(hours=200)
        assert await sinch.state_of(NOT_LISTED) == "ELIGIBLE"


async def test_phones_tell_their_calls() -> None:
    async with driving() as sinch:
        await _called(sinch, "+12025554105")
        (call,) = await sinch.calls_of("+12025554105")
        assert (call["answered"], call["code"]) == (False, None)
        assert list(await sinch.look("phones")) == ["+12025554105"]
        assert await sinch.calls_of(NUMBER) == []


async def test_a_number_can_be_deleted_unless_it_is_being_hosted() -> None:
    async with driving() as sinch:
        await sinch.add(NUMBER, OTHER)
        answer = await sinch.delete(f"/qualifiedNumbers/{NUMBER}")
        assert (answer.status_code, answer.content) == (200, b"")
        assert (await sinch.delete(f"/qualifiedNumbers/{NUMBER}")).status_code == 404
        page = await sinch.get("/qualifiedNumbers", states="GLOBAL_PROCESS_STATE_UNSPECIFIED")
        assert (len(page["qualifiedNumbers"]), page["totalSize"]) == (1, 1)
        await sinch.ordered(OTHER)
        refused = await sinch.delete(f"/qualifiedNumbers/{OTHER}")
        assert (refused.status_code, refused.json()["status"]) == (400, "FAILED_PRECONDITION")
        assert len(await sinch.ledger("qualified_number_deleted")) == 1


async def test_nothing_more_happens_to_a_deleted_number() -> None:
    async with driving() as sinch:
        await sinch.add(NUMBER, OTHER)
        await sinch.delete(f"/qualifiedNumbers/{OTHER}")
        await sinch.advance(hours=6)
        await sinch.mail_invoices([NUMBER])
        await sinch.delete(f"/qualifiedNumbers/{NUMBER}")
        await sinch.add(NUMBER)
        await sinch.advance(hours=72)
        assert await sinch.state_of(NUMBER) == "ELIGIBLE"
        assert await sinch.ledger("review") == []
        page = await sinch.get("/qualifiedNumbers", states="GLOBAL_PROCESS_STATE_UNSPECIFIED")
        assert page["totalSize"] == 1


async def test_a_blocked_number_starts_anew_when_it_is_deleted_and_added_again() -> None:
    async with driving() as sinch:
        code = await _called(sinch, NUMBER)
        for _ in range(3):
            await sinch.enter(NUMBER, _other_than(code))
        assert await sinch.state_of(NUMBER) == "VERIFICATION_BLOCKED"
        await sinch.delete(f"/qualifiedNumbers/{NUMBER}")
        await sinch.add(NUMBER)
        await sinch.mail_invoices([NUMBER])
        await sinch.advance(hours=6)
        stale = await sinch.enter(NUMBER, code)
        assert (stale.status_code, stale.json()["status"]) == (400, "FAILED_PRECONDITION")
        new = await _called(sinch, NUMBER)
        await sinch.enter(NUMBER, _other_than(new))
        assert await sinch.state_of(NUMBER) == "VERIFICATION_FAILED"
        await sinch.enter(NUMBER, new)
        assert await sinch.state_of(NUMBER) == "VERIFIED"


async def test_accepted_invoices_can_be_made_to_leave_the_ownership_open() -> None:
    async with driving(SimulatorSettings(accepted_invoices_verify=False)) as sinch:
        await sinch.verified(NUMBER)
        assert await sinch.state_of(NUMBER) == "ELIGIBLE"
        assert [entry["details"]["result"] for entry in await sinch.ledger("review")] == ["accepted"]


async def _called(sinch: Driver, number: str) -> str:
    """Place a call, adding the number before the first one; answers the code that was heard."""
    if not await sinch.calls_of(number):
        await sinch.add(number)
        await sinch.advance(hours=6)
    assert (await sinch.call(number)).status_code == 200
    return (await sinch.calls_of(number))[-1]["code"] or ""


def _other_than(code: str) -> str:
    return "0000" if code != "0000" else "1111"
