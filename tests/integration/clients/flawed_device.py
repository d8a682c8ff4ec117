"""The reference device with one flaw, for tests of the verdict: flawed_device.py FLAW [its options]."""

import sys

from flaws import connecting, handshakes, receiving, reporting
from flaws.base import Device, reference

FLAWS = {"none": Device, **handshakes.FLAWS, **connecting.FLAWS, **reporting.FLAWS, **receiving.FLAWS}

if __name__ == "__main__":
    reference.main(FLAWS[sys.argv.pop(1)])
