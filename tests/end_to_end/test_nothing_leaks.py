"""After a run with failures, on encrypted payloads and through a change of the key: no secret is anywhere, and the
Temporal server has seen personal data only where docs/security.md says so.
"""

import asyncio
import base64
import os
import re
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from temporalio.worker import Replayer

from onboarding.callback_tokens import make_token
from onboarding.errors import FailureType
from onboarding.ids import batch_workflow_id, hosting_order_workflow_id
from scripts.ports import LOOPBACK, free_ports
from temporal_connection import add_payload_key, data_converter, new_payload_key, read_payload_keys
from tests.end_to_end.batches import expected_ends, numbers_of, write_batch
from tests.end_to_end.leaks import command_lines, files_under, found_in, histories
from tests.end_to_end.site import Site, running_site, until
from tests.end_to_end.voice_operator import VoiceOperator
from workflows.registry import WORKFLOWS, workflow_runner

pytestmark = [pytest.mark.end_to_end, pytest.mark.usefixtures("temporal_cli"), pytest.mark.timeout(240)]

NUMBERS = numbers_of(614, "0101", "4001", "4101", "5001", "6135")
CALLED = {number for number in NUMBERS if number.endswith("4101")}
"""A voice challenge's workflow id is the number."""
PERSONS = ("Robin Park", "robin.park@", "Avery", "Jordan", "avery.jordan@", "Prairie Bell", "San Francisco")
RETAIL_KEY_SECRET = "planted-retail-key-secret-4711"
RETAIL_CALLBACK_SECRET = "planted-retail-callback-secret-4712"
SMTP_PASSWORD = "planted-smtp-password-4713"
HOLDS_SECRETS = ("environment", "callback_secrets", "payload-keys", "retail.key", "retail.callback-secrets")
"""Files that are there to hold secrets."""
_SENT_CREDENTIALS = re.compile(rb"(?i)\b(basic|bearer) [a-z0-9+/_=.-]{16,}")
_EVERYTHING_A_PERSON_CAN_LOOK_AT = """
import typer
from activities.settings import CallbackSettings, DocumentSettings, MailSettings
from codec_server.settings import CodecServerSettings
from processes.sinch_profiles import callback_profiles, sinch_profiles
from receiver.settings import ReceiverSettings
from starter.command import app
from temporal_connection import PayloadKeys, PayloadSettings, connect, data_converter, read_payload_keys
from worker import WorkerSettings, main

def show(command, context):
    print(command.get_help(context))
    for name, inner in getattr(command, "commands", {}).items():
        show(inner, typer.Context(inner, info_name=name, parent=context))

worker = typer.Typer()
worker.command()(main)
for command in (typer.main.get_command(app), typer.main.get_command(worker)):
    show(command, typer.Context(command))
read = [kind.read() for kind in (
    CallbackSettings, CodecServerSettings, DocumentSettings, MailSettings, PayloadSettings, ReceiverSettings,
    WorkerSettings,
)]
keys = read_payload_keys(PayloadSettings.read().payload_keys_file)
for thing in (*read, sinch_profiles(), callback_profiles(), keys, data_converter()):
    print(repr(thing), thing)
for profile in sinch_profiles().values():
    print(profile.client().__dict__, profile.model_dump_json())
"""


@dataclass
class Run:
    """What was to be seen of a run, besides files and histories."""

    site: Site
    shown: dict[str, bytes] = field(default_factory=dict)

    async def onboard(self, *arguments: object, **changed: str) -> int:
        """Run the command, keep what it says; the exit code."""
        ended = await self.site.onboard(*arguments, **changed)
        name = f"onboard {' '.join(map(str, arguments))} {changed or ''}"
        self.shown[name] = (ended.stdout + ended.stderr).encode()
        return ended.code

    def log(self, part: str) -> str:
        """Everything a process has written so far."""
        return (self.site.folder / "logs" / f"{part}.log").read_text()


@pytest.fixture(scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    """A run that is through; its stack is still up."""
    folder = tmp_path_factory.mktemp("leaks")
    ports = dict(zip(("sinch_imported", "sinch_oauth"), free_ports(2), strict=True))
    with pytest.MonkeyPatch.context() as environment:
        for name, value in planted(folder, ports).items():
            environment.setenv(name, value)
        async with running_site(folder, ports=ports) as site:
            run = Run(site)
            await carry_through(run)
            yield run


def planted(folder: Path, ports: dict[str, int]) -> dict[str, str]:
    """Settings with further secrets than a stack has by itself: a second project, a mail account, payload keys."""
    add_payload_key(folder / "payload-keys", new_payload_key())
    (folder / "retail.key").write_text(RETAIL_KEY_SECRET)
    (folder / "retail.callback-secrets").write_text(RETAIL_CALLBACK_SECRET)
    (folder / "profiles.toml").write_text(f"""
[retail]
project_id = "22222222-3333-4444-8555-666666666666"
key_id = "retail-key"
key_secret_file = "retail.key"
callback_secrets_file = "retail.callback-secrets"
imported_url = "http://{LOOPBACK}:{ports["sinch_imported"]}"
token_url = "http://{LOOPBACK}:{ports["sinch_oauth"]}/oauth2/token"
""")
    return {
        "ONBOARD_PAYLOAD_KEYS_FILE": str(folder / "payload-keys"),
        "ONBOARD_SINCH_PROFILES": str(folder / "profiles.toml"),
        "ONBOARD_SMTP_PASSWORD": SMTP_PASSWORD,
    }


async def carry_through(run: Run) -> None:
    """A batch with failures on the way, a project whose key is refused, and a new payload key in the middle."""
    site, world = run.site, run.site.world
    batch = write_batch(site.folder, "leaky", NUMBERS)
    for options in (("--dry-run",), ("--dry-run", "--output", "json")):
        await run.onboard("start", batch, *options)
    await world.mail_server("refuse")
    await world.add_fault(status=500, times=2)
    assert await run.onboard("start", batch) == 0

    async def mail_has_failed() -> bool:
        await world.pass_hours(1)
        return "Traceback" in run.log("worker") and FailureType.MAIL_UNAVAILABLE in run.log("worker")

    await until(mail_has_failed, "the mail server has refused a mail")
    await world.mail_server("up")
    run.shown["processes"] = command_lines(site)
    await start_with_a_wrong_key(run)
    await change_the_payload_key(run)
    await VoiceOperator(site, "leaky").carry_through()
    for command in (("status", "leaky"), ("numbers", "leaky"), ("report", "leaky"), ("list",), ("status", "none")):
        await run.onboard(*command)
    async with httpx.AsyncClient() as http:
        for name in (f"http://{site.stack.environment['ONBOARD_METRICS_ADDRESS']}", site.stack.endpoints.receiver):
            run.shown[name] = (await http.get(f"{name}/metrics")).content


async def start_with_a_wrong_key(run: Run) -> None:
    """The project `retail` has a key that Sinch does not know."""
    batch = write_batch(run.site.folder, "retail", numbers_of(614, "0199"))
    batch.write_text(f'profile = "retail"\n{batch.read_text()}')
    assert await run.onboard("start", batch) == 0
    assert await run.onboard("orders", "list", "--service-plan", "p", "--profile", "retail") == 4

    async def is_refused() -> bool:
        return FailureType.CREDENTIALS_REFUSED in run.log("worker")

    await until(is_refused, "Sinch has refused the key")


async def change_the_payload_key(run: Run) -> None:
    """As docs/security.md has it: add, distribute, use."""
    file = run.site.folder / "payload-keys"
    known = {key.key_id for key in read_payload_keys(file)}
    assert await run.onboard("payload-keys", "add") == 0
    [new] = {key.key_id for key in read_payload_keys(file)} - known
    assert await run.onboard("payload-keys", "use", new) == 0
    await run.onboard("payload-keys", "show")


@pytest.fixture
def secrets(run: Run) -> set[str]:
    """Everything that nobody may see, in every form it could be written in."""
    told = run.site.stack.environment
    plain = {
        RETAIL_KEY_SECRET,
        RETAIL_CALLBACK_SECRET,
        SMTP_PASSWORD,
        told["ONBOARD_SINCH_KEY_SECRET"],
        told["ONBOARD_SINCH_LEGACY_PASSWORD"],
        told["ONBOARD_CALLBACK_TOKEN_KEY"],
        told["ONBOARD_CODEC_TOKEN"],
        make_token(hosting_order_workflow_id("leaky", 1, 1), told["ONBOARD_CALLBACK_TOKEN_KEY"].encode()),
        *(run.site.folder / "callback_secrets").read_text().split(),
    }
    keys = [key.key.get_secret_value() for key in read_payload_keys(run.site.folder / "payload-keys")]
    pairs = [f"{told['ONBOARD_SINCH_KEY_ID']}:{told['ONBOARD_SINCH_KEY_SECRET']}", f"retail-key:{RETAIL_KEY_SECRET}"]
    return {
        *plain,
        *(base64.b64encode(secret.encode()).decode().rstrip("=") for secret in (*plain, *pairs)),
        *(base64.b64encode(key).decode() for key in keys),
        *(key.hex() for key in keys),
    }


async def test_the_batch_ends_as_it_should(run: Run) -> None:
    assert await run.site.ends_of("leaky") == expected_ends(NUMBERS)


async def test_no_secret_is_in_files_logs_outputs_metrics_and_process_lists(run: Run, secrets: set[str]) -> None:
    written = {**dict(files_under(run.site.folder, *HOLDS_SECRETS)), **run.shown}
    assert {"logs/worker.log", "logs/receiver.log", "logs/codec_server.log", "processes"} <= set(written)
    leaks = {name: found for name, content in written.items() if (found := found_in(content, secrets))}
    assert leaks == {}
    assert [name for name, content in written.items() if _SENT_CREDENTIALS.search(content)] == []


async def test_no_secret_is_in_any_history(run: Run, secrets: set[str]) -> None:
    for name, (stored, decrypted) in (await histories(run.site.client)).items():
        assert (name, found_in(stored, secrets), found_in(decrypted, secrets)) == (name, set(), set())


async def test_no_secret_is_in_help_texts_and_in_what_settings_show_of_themselves(run: Run, secrets: set[str]) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _EVERYTHING_A_PERSON_CAN_LOOK_AT,
        env={**os.environ, **run.site.stack.environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    stdout, stderr = await process.communicate()
    assert process.returncode == 0, stderr.decode()
    assert found_in(stdout, ("--dry-run", "payload-keys", "ReceiverSettings", "retail-key")) != set()
    assert found_in(stdout + stderr, secrets) == set()


async def test_temporal_keeps_personal_data_only_where_the_security_page_says(
    run: Run, pytestconfig: pytest.Config
) -> None:
    kept = b"".join(content for name, content in files_under(run.site.folder) if name.startswith("temporal.db"))
    assert kept or pytestconfig.getoption("temporal_server") == "postgresql"
    stored, decrypted = (b"".join(parts) for parts in zip(*(await histories(run.site.client)).values(), strict=True))
    hidden = {*PERSONS, *(number[1:] for number in set(NUMBERS) - CALLED)}
    assert found_in(decrypted, hidden) == hidden
    assert found_in(kept + stored, hidden) == set()
    visible = {"Harbor Lane Dental Group", "OnboardBatch:leaky", *CALLED}
    assert found_in(kept + stored, visible) == visible


async def test_logs_show_no_name_and_no_address(run: Run) -> None:
    for name, content in files_under(run.site.folder / "logs"):
        assert (name, found_in(content, PERSONS)) == (name, set())


async def test_histories_across_a_change_of_the_key_replay(run: Run) -> None:
    keys = {key.key_id for key in read_payload_keys(run.site.folder / "payload-keys")}
    handle = run.site.client.get_workflow_handle(batch_workflow_id("leaky"))
    history = await handle.fetch_history()
    assert found_in(b"".join(event.SerializeToString() for event in history.events), keys) == keys
    replayer = Replayer(workflows=WORKFLOWS, data_converter=data_converter(), workflow_runner=workflow_runner())
    replayed = await replayer.replay_workflows(
        run.site.client.list_workflows('OnboardingBatch="leaky"').map_histories(), raise_on_replay_failure=True
    )
    assert replayed.replay_failures == {}


async def test_the_temporal_cli_shows_what_is_encrypted_to_those_with_the_token(run: Run, temporal_cli: str) -> None:
    metadata = ("workflow", "metadata", "--workflow-id", batch_workflow_id("leaky"))
    assert "### Batch leaky" in await temporal(run.site, temporal_cli, *metadata, token=True)
    history = ("workflow", "show", "--workflow-id", batch_workflow_id("leaky"), "--output", "json")
    json_plain = base64.b64encode(b"json/plain").decode()
    assert json_plain in await temporal(run.site, temporal_cli, *history, token=True)
    assert json_plain not in await temporal(run.site, temporal_cli, *history, token=False)


async def temporal(site: Site, cli: str, *arguments: str, token: bool) -> str:
    told = site.stack.environment
    codec = {"TEMPORAL_CODEC_ENDPOINT": f"http://{LOOPBACK}:{told['ONBOARD_CODEC_PORT']}/{{namespace}}"}
    if token:
        codec["TEMPORAL_CODEC_AUTH"] = f"Bearer {told['ONBOARD_CODEC_TOKEN']}"
    process = await asyncio.create_subprocess_exec(
        cli, *arguments, env={**os.environ, **told, **codec},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    stdout, _ = await process.communicate()
    return stdout.decode()


@pytest.mark.parametrize("file", ["", "other-keys"])
async def test_without_the_keys_the_command_names_the_setting(run: Run, file: str, tmp_path: Path) -> None:
    if file:
        add_payload_key(tmp_path / file, new_payload_key())
    setting = str(tmp_path / file) if file else ""
    ended = await run.site.onboard("status", "leaky", ONBOARD_PAYLOAD_KEYS_FILE=setting)
    assert ended.code == 4
    assert "ONBOARD_PAYLOAD_KEYS_FILE" in ended.stderr
