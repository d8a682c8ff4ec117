"""Devices with narrow TLS: mbedTLS with small records, TLS 1.2 only, RSA suites only. R3a."""

import os
import pathlib

import pytest

from support.names import Program, wrapped_environment

PROGRAM = pathlib.Path(os.environ.get("MURANO_BUILD_DIR", ".")) / "mbedtls_device"
VALUE = "".join(f"{number:09d}\n" for number in range(10_240))  # 100 KB, no part like another
KEY_EXCHANGE = {"ecdhe-rsa": "TLS-ECDHE-RSA-WITH-", "dhe-rsa": "TLS-DHE-RSA-WITH-"}
LARGEST_RECORD = {"mfl1k": 1024, "mfl4k": 4096}


def checksum(text):
    total = 0
    for byte in text.encode():
        total = (total * 31 + byte) & 0xFFFFFF
    return total


@pytest.mark.parametrize("shape", ["mfl1k", "mfl4k", "ecdhe-rsa", "dhe-rsa"])
def test_mbedtls(site, tmp_path, shape):
    """[R3a, R25, R41, R48] mbedTLS provisions, reports and gets a value of 100 KB: records of 1 KB or 4 KB, RSA only"""
    if not PROGRAM.exists():
        assert not os.environ.get("MURANO_REQUIRE_CLIENTS"), "mbedTLS is missing"
        pytest.skip("MBEDTLS IS NOT INSTALLED: no narrow TLS was tested (script/test installs libmbedtls-dev)")
    host, (address, port) = site.server.host(site.connector), site.server.address
    environment = wrapped_environment(tmp_path, {host: address})
    with Program([PROGRAM, host, port, site.server.ca, "12345", shape], environment, tmp_path) as program:
        suite = program.wait_for("suite ").split()[1]
        token = program.wait_for("token ").split()[1]
        assert site.control.secret(site.connector, "12345")["key"] == token
        program.wait_for("published")
        assert site.state()["data_in"]["reported"] == "from mbedtls"
        (connection,) = [row for row in site.control.connections() if row["identity"] == "12345"]
        assert connection["tls_version"] == "TLSv1.2"
        site.set_state({"config_io": VALUE})
        assert program.wait_for("cloud ").split()[1:] == [str(len(VALUE)), str(checksum(VALUE))]
        record = int(program.wait_for("record ").split()[1])
        program.finish()
    assert suite.startswith(KEY_EXCHANGE.get(shape, "TLS-"))
    assert record <= LARGEST_RECORD.get(shape, 16_384)
