"""What a batch file may hold, and what is said about one that is wrong."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onboarding.batch import LoaParty
from onboarding.pace import Pace
from onboarding.stages import Verification
from starter.input import InvalidInput, plan, read_batch, render
from tests.starter.input.batch_folder import BatchFolder

SPAN = "no span of time; write for example 45s, 10m, 24h, 7d or 3bd (business days)"
RANGE = "longer than no time and at most 3650d"


MOMENT = "a moment with its time zone, for example 2027-03-01T06:00:00Z"


def test_the_moment_of_the_osr_update_is_kept_in_utc(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    assert folder.read().batch.scheduled_osr_update_time is None
    folder.change("= false", "= false\nscheduled_osr_update_time = 2027-03-01T01:00:00-05:00")
    assert folder.read().batch.scheduled_osr_update_time == datetime(2027, 3, 1, 6, tzinfo=UTC)
    assert "from 2027-03-01 06:00 UTC on" in render(plan(folder.read()))


def test_a_valid_batch_file_becomes_the_batch(tmp_path: Path) -> None:
    batch = BatchFolder(tmp_path).read().batch
    assert (batch.id, batch.campaign_id, batch.nnid) == ("spring-2026", "C3O8OGA", None)
    assert batch.verification is Verification.INVOICES_THEN_VOICE
    assert isinstance(batch.loa, LoaParty)
    assert batch.loa.authorised_person.email == "avery.jordan@example.com"
    assert batch.loa.address.postal_code == "94111"
    assert batch.contact.name == "Robin Park"


def test_what_a_pace_leaves_out_keeps_its_default(tmp_path: Path) -> None:
    pace = BatchFolder(tmp_path).read().batch.pace
    assert pace.wave == "12h"
    assert pace.carrier.deadline == "9bd"
    assert pace.carrier.remind_every == Pace().carrier.remind_every
    assert pace.invoice_review == Pace().invoice_review


def test_waves_and_calls_may_follow_each_other_at_once(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    folder.change('wave = "12h"', 'wave = "0s"\ncall_pause = "0s"')
    pace = folder.read().batch.pace
    assert (pace.wave, pace.call_pause) == ("0s", "0s")


def test_a_window_may_be_as_wide_as_a_run_has_room_for(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    assert folder.read().batch.window == 20
    folder.change("customer =", "window = 200\ncustomer =")
    assert folder.read().batch.window == 200
    folder.change("window = 200", "window = 201")
    with pytest.raises(InvalidInput, match="a whole number of groups, 1 to 200"):
        folder.read()


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    plain = folder.read().batch
    folder.batch = "\ufeff" + folder.batch.replace("\n", "\r\n")
    assert folder.read().batch == plain


@pytest.mark.parametrize(
    ("written", "instead", "line", "column", "value", "expected"),
    [
        (
            'id = "spring-2026"',
            'id = "spring 2026"',
            1,
            "id",
            "spring 2026",
            "letters, digits, '.', '_' and '-', a letter or digit first, at most 64 in all",
        ),
        ('customer = "Harbor', 'customer = "" # "Harbor', 2, "customer", "", "text that is not empty"),
        ('customer = "Harbor', 'customer = 7 # "Harbor', 2, "customer", "7", "text in quotes"),
        ('region = "US"', 'region = "UK"', 3, "region", "UK", "US or CA"),
        ('campaign_id = "C3O8OGA"', 'campaign_id = " "', 5, "campaign_id", " ", "text that is not empty"),
        (
            '"invoices-then-voice"',
            '"mail"',
            6,
            "verification",
            "mail",
            "one of invoices, voice, invoices-then-voice",
        ),
        ("= false", '= "perhaps"', 7, "eligible_is_enough", "perhaps", "true or false"),
        *(
            (
                "= false",
                f"= false\nscheduled_osr_update_time = {written}",
                8,
                "scheduled_osr_update_time",
                shown,
                MOMENT,
            )
            for written, shown in (
                ("2027-03-01T06:00:00", "2027-03-01 06:00:00"),
                ("2027-03-01", "2027-03-01"),
                ('"soon"', "soon"),
            )
        ),
        ("numbers =", "numbers = 5 #", 8, "numbers", "5", "text in quotes"),
        (
            '["invoice.pdf"]',
            '"invoice.pdf"',
            9,
            "invoices",
            "invoice.pdf",
            'a list of paths, for example ["invoice.pdf"]',
        ),
        ('["invoice.pdf"]', "[7]", 9, "invoices", "7", "text in quotes"),
        (
            '"robin.park@example.com"',
            '"robin.park"',
            13,
            "contact.email",
            "robin.park",
            "no e-mail address, for example jane.doe@example.com",
        ),
        (
            '"avery.jordan@example.com"',
            '"avery jordan@example.com"',
            22,
            "loa.authorised_person.email",
            "avery jordan@example.com",
            "no e-mail address, for example jane.doe@example.com",
        ),
        ('street = "Harbor Lane"', 'street = ""', 26, "loa.address.street", "", "text that is not empty"),
        (
            'state = "CA"',
            'state = "XX"',
            28,
            "loa.address.state",
            "XX",
            "a US state: two letters or the full name, for example CA or California",
        ),
        (
            '"94111"',
            '"9411"',
            29,
            "loa.address.postal_code",
            "9411",
            "a US ZIP code: 12345 or 12345-6789",
        ),
        ('"94111"', "94111", 29, "loa.address.postal_code", "94111", "text in quotes"),
        ('country = "US"', 'country = "Mexico"', 30, "loa.address.country", "Mexico", "US, USA or CA"),
        ('wave = "12h"', 'wave = "half a day"', 33, "pace.wave", "half a day", SPAN),
        ('wave = "12h"', "wave = 12", 33, "pace.wave", "12", "text in quotes"),
        ('{ deadline = "9bd" }', '{ deadline = "1.5bd" }', 34, "pace.carrier.deadline", "1.5bd", SPAN),
        ('{ deadline = "9bd" }', '{ deadline = "0s" }', 34, "pace.carrier.deadline", "0s", RANGE),
        ('{ deadline = "9bd" }', '{ deadline = "9999d" }', 34, "pace.carrier.deadline", "9999d", RANGE),
        ('{ deadline = "9bd" }', f'{{ deadline = "{"9" * 30}d" }}', 34, "pace.carrier.deadline", "9" * 30 + "d", RANGE),
        ('carrier = { deadline = "9bd" }', 'carrier = "9bd"', 34, "pace.carrier", "9bd", "a table: [pace.carrier]"),
        (
            'wave = "12h"',
            "poll_growth = 0.9",
            33,
            "pace.poll_growth",
            "0.9",
            "1 or more: the poll interval is multiplied by it",
        ),
        ('wave = "12h"', "calls_at_most = 0", 33, "pace.calls_at_most", "0", "1 or more"),
        ('wave = "12h"', "calls_at_most = 2.5", 33, "pace.calls_at_most", "2.5", "a whole number"),
        (
            'wave = "12h"',
            'poll_first = "2h"',
            33,
            "pace.poll_first",
            "2h",
            "poll_first (2h) may not be longer than poll_longest (1h)",
        ),
        (
            'wave = "12h"',
            'poll_longest = "1s"',
            33,
            "pace.poll_longest",
            "1s",
            "poll_first (1m) may not be longer than poll_longest (1s)",
        ),
    ],
)
def test_a_wrong_value_is_named_with_its_line_and_what_would_be_right(
    tmp_path: Path, written: str, instead: str, line: int, column: str, value: str, expected: str
) -> None:
    folder = BatchFolder(tmp_path)
    folder.change(written, instead)
    assert folder.problems() == [("batch.toml", line, column, value, expected)]


@pytest.mark.parametrize(
    ("written", "line", "column", "expected"),
    [
        ('id = "spring-2026"\n', None, "id", 'required: add id = "..."'),
        (
            'company = "Harbor Lane Dental Group"\n',
            11,
            "contact.company",
            'required: add company = "..." to the table [contact]',
        ),
        (
            'city = "San Francisco"\n',
            24,
            "loa.address.city",
            'required: add city = "..." to the table [loa.address]',
        ),
        (
            '[contact]\nname = "Robin Park"\nemail = "robin.park@example.com"\ncompany = "Harbor Lane Dental Group"\n',
            None,
            "contact",
            "required: add the table [contact] with name, email, company",
        ),
    ],
)
def test_what_is_missing_is_asked_for_where_it_belongs(
    tmp_path: Path, written: str, line: int | None, column: str, expected: str
) -> None:
    folder = BatchFolder(tmp_path)
    folder.change(written, "")
    assert folder.problems() == [("batch.toml", line, column, "", expected)]


@pytest.mark.parametrize(
    ("written", "instead", "line", "column", "value", "expected"),
    [
        (
            'campaign_id = "C3O8OGA"',
            'campagne_id = "C3O8OGA"',
            5,
            "campagne_id",
            "C3O8OGA",
            "there is no such key; did you mean campaign_id?",
        ),
        (
            'state = "CA"',
            'stat = "CA"',
            28,
            "loa.address.stat",
            "CA",
            "there is no such key; did you mean state?",
        ),
        (
            '{ deadline = "9bd" }',
            '{ dead_line = "9bd" }',
            34,
            "pace.carrier.dead_line",
            "9bd",
            "there is no such key; did you mean deadline?",
        ),
        (
            'current_voice_carrier = "Prairie Bell"',
            'current_voice_carrier = "Prairie Bell"\nnnid = "104029"',
            18,
            "loa.nnid",
            "104029",
            "no key of [loa]: move it above the first table",
        ),
        ("[pace]", "[colours]\n[pace]", 32, "colours", "{}", "there is no such key: remove it"),
    ],
)
def test_an_unknown_key_is_a_problem_that_suggests_the_key_that_was_meant(
    tmp_path: Path, written: str, instead: str, line: int, column: str, value: str, expected: str
) -> None:
    folder = BatchFolder(tmp_path)
    folder.change(written, instead)
    assert folder.problems() == [("batch.toml", line, column, value, expected)]


@pytest.mark.parametrize(
    ("country", "state", "postal_code"),
    [
        ("US", "CA", "94111"),
        ("USA", "california", "94111-1234"),
        ("US", "District of Columbia", "01002"),
        ("CA", "ON", "K1A 0B1"),
        ("CA", "Québec", "h2x1y4"),
        ("CA", "British Columbia", "V6B 1A1"),
    ],
)
def test_addresses_of_both_countries_are_taken(tmp_path: Path, country: str, state: str, postal_code: str) -> None:
    folder = BatchFolder(tmp_path)
    folder.change('state = "CA"', f'state = "{state}"')
    folder.change('"94111"', f'"{postal_code}"')
    folder.change('country = "US"', f'country = "{country}"')
    loa = folder.read().batch.loa
    assert isinstance(loa, LoaParty)
    address = loa.address
    assert (address.country, address.state, address.postal_code) == (country, state, postal_code)


def test_an_address_is_judged_by_the_rules_of_its_country(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    folder.change('country = "US"', 'country = "CA"')
    assert folder.problems() == [
        (
            "batch.toml",
            28,
            "loa.address.state",
            "CA",
            "a Canadian province: two letters or the full name, for example ON or Ontario",
        ),
        ("batch.toml", 29, "loa.address.postal_code", "94111", "a Canadian postal code, for example K1A 0B1"),
    ]


def test_broken_toml_is_shown_with_its_line(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    folder.change('region = "US"', "region US")
    assert folder.problems() == [
        ("batch.toml", 3, "", "region US", "TOML: Expected '=' after a key in a key/value pair")
    ]


def test_a_batch_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    folder.batch = 'customer = "Zahnärzte"'
    (tmp_path / "latin.toml").write_bytes(folder.batch.encode("latin-1"))
    with pytest.raises(InvalidInput) as caught:
        read_batch(tmp_path / "latin.toml", None, io.BytesIO())
    assert [problem.expected for problem in caught.value.problems] == ["UTF-8 text: save the file as UTF-8"]


def test_a_missing_batch_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_batch(tmp_path / "batch.toml", None, io.BytesIO())
    assert [problem.expected for problem in caught.value.problems] == [
        "a batch file that can be read: No such file or directory"
    ]


def test_keys_are_found_behind_lists_and_texts_of_several_lines(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    folder.change('["invoice.pdf"]', '[\n  "invoice.pdf",\n  # email = "no key"\n]')
    folder.change('name = "Robin Park"', 'name = """\nemail = 1\n"""')
    folder.change('"robin.park@example.com"', '"nobody"')
    assert [(problem.line, problem.column) for problem in folder.problems()] == [(18, "contact.email")]


def test_a_us_batch_without_a_campaign_brings_a_warning(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    folder.change('campaign_id = "C3O8OGA"\n', "")
    assert folder.warnings() == [
        (
            "batch.toml",
            None,
            "campaign_id",
            "",
            "a 10DLC campaign: US numbers need one before businesses may send SMS",
        )
    ]


def test_a_canadian_batch_needs_no_campaign(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    folder.change('campaign_id = "C3O8OGA"\n', "")
    folder.change('region = "US"', 'region = "CA"')
    folder.numbers("+14165550134")
    folder.invoice("invoice.pdf", "+14165550134")
    assert folder.warnings() == []


def test_a_text_that_would_break_out_of_its_line_is_refused(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    folder.change('name = "Robin Park"', 'name = "Robin\\nBcc: eve@example.com"')

    with pytest.raises(InvalidInput) as refused:
        folder.read()

    assert [problem.column for problem in refused.value.problems] == ["contact.name"]
    assert "not on one line" in str(refused.value)
