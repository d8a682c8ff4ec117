"""The plugin lives in clients/python now. This stays for those whose PYTHONPATH names this folder."""

import pathlib

_PLUGIN = pathlib.Path(__file__).resolve().parents[1] / "python" / "murano_emulator.py"
exec(compile(_PLUGIN.read_text(encoding="utf-8"), str(_PLUGIN), "exec"))
