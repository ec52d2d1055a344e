"""A stateful local Sinch for development and tests: its API hosts, its clock and the people behind it.

It shares no code with the client it is used against, so that a field misnamed on one side shows on the other.
Run it as a process with ``python -m simulator``, or inside a test with :func:`running`.
"""

from simulator.running import Endpoints, Simulator, running
from simulator.settings import Durations, ProjectSettings, Range, SimulatorSettings

__all__ = ["Durations", "Endpoints", "ProjectSettings", "Range", "Simulator", "SimulatorSettings", "running"]
