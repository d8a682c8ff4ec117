"""Exosite's tutorial from end to end: its four programs, unmodified, over TLS on port 8883 with Debian's paho-mqtt."""

import shutil

import pytest

from support import certificates, tutorial
from support.names import Program, own_address, wrapped_environment
from support.server import Server
from support.waiting import wait_until

pytestmark = pytest.mark.usefixtures("own_network")

CONNECTOR = "x2lmj5npsktbuik9"
VALUE = '{"hello": "world"}'


class Sandbox:
    """The folder in which a person follows the tutorial, and the server that stands in for Murano."""

    def __init__(self, source, folder, server):
        self.source, self.folder, self.control = source, folder, server.control
        self.environment = wrapped_environment(folder, {f"{CONNECTOR}.m2.exosite.io": server.address[0]})
        shutil.copy(server.ca, folder / "DigiCertGlobalRootCA.cer")
        if source == "document":
            tutorial.unpack(folder)

    def program(self, name, *answers):
        started = Program(tutorial.command(self.source, self.folder, name), self.environment, self.folder)
        started.answer(*answers)
        return started

    def state(self, identity):
        return self.control.state(CONNECTOR, identity)


@pytest.fixture(params=["document", "own"])
def sandbox(request, tmp_path):
    if request.param == "document" and not tutorial.document():
        pytest.skip("THE TUTORIAL'S DOCUMENT IS NOT HERE: only our own programs, which do the same, were run")
    with Server(tmp_path / "server", mqtts=f"{own_address()}:8883") as server:
        (tmp_path / "sandbox").mkdir()
        yield Sandbox(request.param, tmp_path / "sandbox", server)


def test_token_tutorial(sandbox):
    """[R10, R31, R37, R41, R43, R48, R50] provision.py, publish.py and subscribe.py do what the tutorial says"""
    with sandbox.program("provision.py", CONNECTOR, "12345") as program:
        said = program.finish()
    token = (sandbox.folder / "token.txt").read_text()
    assert "Identity '12345' successfully provisioned!" in said and f"Cloud-Generated Token: {token}" in said
    assert len(token) == 40 and token.isalnum()
    assert sandbox.control.identity(CONNECTOR, "12345")["status"] == "provisioned"

    with sandbox.program("publish.py", "data_in", VALUE) as program:
        said = program.finish()
    assert f"Publishing value '{VALUE}' to topic '$resource/data_in'" in said and "Done! Disconnecting..." in said
    wait_until(lambda: sandbox.state("12345").get("data_in", {}).get("reported") == VALUE, "the published value")

    with sandbox.program("subscribe.py") as program:
        program.wait_for("Connected and awaiting cloud-originated messages...")
        sandbox.control.set_state(CONNECTOR, "12345", {"config_io": '{"channels":{}}'})
        said = program.finish()
    assert "New cloud-originated message received!\nResource: config_io\nValue: {\"channels\":{}}\n" in said
    assert f"Timestamp: {sandbox.state('12345')['config_io']['timestamp']}\n" in said


def test_certificate_tutorial(sandbox):
    """[R10, R37, R58] cert_pubsub.py provisions by its first connection and publishes"""
    sandbox.control.patch_settings(CONNECTOR, {"provisioning": {"auth_type": "certificate"}})
    certificates.self_signed(sandbox.folder / "certs", "cert-device", key="rsa")
    with sandbox.program("cert_pubsub.py", CONNECTOR) as program:
        program.answer("data_in", VALUE)
        said = program.finish()
    assert f"Publishing value '{VALUE}' to topic '$resource/data_in'" in said and "Done! Disconnecting..." in said
    wait_until(lambda: sandbox.state("cert-device").get("data_in", {}).get("reported") == VALUE, "the published value")


def test_wrong_token(sandbox):
    """[R12] subscribe.py with a wrong token is refused, and the journal says why"""
    (sandbox.folder / "token.txt").write_text("A" * 40)
    with sandbox.program("subscribe.py", CONNECTOR):
        events = sandbox.control.wait_events(CONNECTOR, type="finding", rule="R12")
    assert "token" in events[0]["message"]
