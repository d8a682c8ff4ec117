"""The reference device, from which every flawed one differs in one thing."""

import importlib.util
import pathlib
import sys

PYTHON = pathlib.Path(__file__).resolve().parents[4] / "clients" / "python"
sys.path.insert(0, str(PYTHON))  # where its other part is
_spec = importlib.util.spec_from_file_location("reference_device", PYTHON / "reference_device.py")
reference = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(reference)
Device = reference.Device
mqtt = reference.mqtt


def with_options(**changes):
    """A device that was told other numbers."""

    class Told(Device):
        def __init__(self, options, environment):
            vars(options).update(changes)
            super().__init__(options, environment)

    return Told
