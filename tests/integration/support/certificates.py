"""Client certificates, made by the openssl command as the tutorial does."""

import subprocess


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, stdin=subprocess.DEVNULL)


def self_signed(folder, common_name, *options, key="ec"):
    """(cert.pem, key.pem) in folder. key: "ec", or "rsa" as in the tutorial (with fewer bits, for speed)."""
    folder.mkdir(parents=True, exist_ok=True)
    kind = ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"] if key == "ec" else ["rsa:2048"]
    pair = folder / "cert.pem", folder / "key.pem"
    subject = f"/CN={common_name}" if common_name else "/O=nobody"
    openssl("req", "-x509", "-newkey", *kind, "-nodes", "-subj", subject, "-days", 1500, *options,
            "-keyout", pair[1], "-out", pair[0])  # fmt: skip
    return pair


def authority(folder):
    """(ca.pem, ca-key.pem) that can sign client certificates."""
    return self_signed(folder, "test authority", "-addext", "basicConstraints=critical,CA:TRUE")


def signed(folder, common_name, ca, extensions=None):
    """A certificate signed by authority(...)."""
    folder.mkdir(parents=True, exist_ok=True)
    request, pair = folder / "request.pem", (folder / "cert.pem", folder / "key.pem")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={common_name}",
            "-keyout", pair[1], "-out", request)  # fmt: skip
    more = []
    if extensions:
        (folder / "extensions.cnf").write_text(extensions)
        more = ["-extfile", folder / "extensions.cnf"]
    openssl("x509", "-req", "-in", request, "-CA", ca[0], "-CAkey", ca[1], "-CAcreateserial", "-days", 1500, *more,
            "-out", pair[0])  # fmt: skip
    return pair


def intermediate(folder, ca):
    """(cert.pem, key.pem) of an authority that authority(...) has signed."""
    return signed(folder, "test intermediate", ca, "basicConstraints=critical,CA:TRUE")


def with_chain(folder, pair, *above):
    """The pair, with the certificates of the authorities above it behind its own."""
    folder.mkdir(parents=True, exist_ok=True)
    chained = folder / "chain.pem"
    chained.write_text("".join(certificate.read_text() for certificate, _ in (pair, *above)))
    return chained, pair[1]
