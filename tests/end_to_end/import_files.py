"""Import files for tests: short waits, and numbers in a file beside them."""

from collections.abc import Iterable
from pathlib import Path


def write_import(folder: Path, name: str, numbers: Iterable[str], *further: str, carrier_deadline: str = "90s") -> Path:
    """Write import file and numbers file into `folder`; `further` are lines of TOML. The import file's path."""
    (folder / f"{name}.txt").write_text("\n".join([*numbers, ""]))
    path = folder / f"{name}.toml"
    lines = "\n".join(further)
    path.write_text(f"""\
id = "{name}"
customer = "Harbor Lane Dental Group"
service_plan_id = "07d6c2621f364b68856fe4938b7bb78f"
campaign_id = "C3O8OGA"
numbers = "{name}.txt"
{lines}

[contact]
name = "Robin Park"
email = "robin.park@example.com"
company = "Harbor Lane Dental Group"

[pace]
poll_first = "1s"
poll_longest = "2s"
carrier = {{ remind_every = "60s", deadline = "{carrier_deadline}" }}
operator = {{ remind_every = "60s", deadline = "120s" }}
""")
    return path
