"""script/release, without the builds: what it makes of packages that are there, what it refuses, and what is installed."""

import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest

from support.server import clean_environment
from support.waiting import PATIENCE_S

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("MURANO_BUILD_DIR", "."))
VERSION = re.search(r"VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text().partition("project(")[2]).group(1)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def run(*command, folder=ROOT, environment=None):
    return subprocess.run(
        list(map(str, command)),
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment or clean_environment(),
        timeout=18 * PATIENCE_S,
    )


def ok(*command, **options):
    done = run(*command, **options)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def built():
    """The build under test, with what is installed beside the binary."""
    if not (BUILD / "CPackConfig.cmake").exists() or not shutil.which("cpack"):
        pytest.skip("NO BUILD FOLDER, OR NO CPACK: nothing was packed")
    # Else it is there: to build would change the binary under the tests that run beside this one.
    if not (BUILD / "extras" / "suite.schema.json").exists():
        ok("cmake", "--build", BUILD, "--target", "extras")
    return BUILD


@pytest.fixture(scope="module")
def packages(built, tmp_path_factory):
    """What script/package makes, of the build under test."""
    folder = tmp_path_factory.mktemp("packages")
    for generator in ("DEB", "TGZ"):
        ok("cpack", "--config", built / "CPackConfig.cmake", "-G", generator, folder=folder)
    shutil.rmtree(folder / "_CPack_Packages")
    made = list(folder.iterdir())
    for package in made:
        (folder / f"{package.name}.spdx.json").write_text(ok(ROOT / "script/sbom", package, built))
    return folder


@pytest.fixture
def clone(tmp_path):
    """A checkout of one's own, with what is in this one."""
    if run("git", "rev-parse").returncode:
        pytest.skip("NO CHECKOUT THAT GIT READS: script/release was not tried")
    folder = tmp_path / "clone"
    ok("git", "clone", "-q", "--no-hardlinks", ROOT, folder)
    listed = ok("git", "ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    for name in filter(lambda each: (ROOT / each).is_file(), listed):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    git(folder, "config", "user.name", "Tester")
    git(folder, "config", "user.email", "tester@localhost")
    git(folder, "add", "--all")
    git(folder, "commit", "-q", "--allow-empty", "-m", "As it is")
    return folder


def git(folder, *arguments):
    return ok("git", "-C", folder, *arguments).strip()


def release(clone, *arguments):
    return run(clone / "script/release", *arguments, folder=clone)


def test_a_dry_run_makes_and_tries_everything_and_changes_nothing(clone, packages, tmp_path):
    before = (git(clone, "rev-parse", "HEAD"), git(clone, "tag"))
    out = tmp_path / "out"
    done = release(clone, "--dry-run", "--packages", packages, "--without", "image,cross,bare", "--to", out, VERSION)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{out}\n"
    names = {each.name for each in out.iterdir()}
    assert {"settings.schema.json", "suite.schema.json", "openapi.json", "NOTES.md", "SHA256SUMS"} <= names
    assert {f"murano-emulator-{VERSION}.tar.gz"} < {name for name in names if name.endswith((".deb", ".tar.gz"))}
    sums = dict(reversed(line.split("  ")) for line in (out / "SHA256SUMS").read_text().splitlines())
    assert sums == {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in names - {"SHA256SUMS"}}
    for what in ("image: --without image", "tarball for", "bare Debian: --without bare"):
        assert re.search(f"^Not made or not tried: .*{what}", done.stderr, re.MULTILINE), done.stderr
    assert (git(clone, "rev-parse", "HEAD"), git(clone, "tag")) == before and git(clone, "status", "--porcelain") == ""


def test_a_release_dates_the_changelog_commits_and_tags_and_pushes_nothing(clone, packages, tmp_path):
    upstream = tmp_path / "upstream.git"
    ok("git", "clone", "-q", "--bare", clone, upstream)
    git(clone, "remote", "set-url", "origin", upstream)
    before = git(upstream, "for-each-ref")
    done = release(clone, "--packages", packages, "--without", "image,cross,bare", "--to", tmp_path / "out", VERSION)
    assert done.returncode == 0, done.stderr
    assert re.search(rf"^## {re.escape(VERSION)} \(\d{{4}}-\d\d-\d\d\)$", (clone / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert git(clone, "log", "-1", "--format=%s %an") == f"Release {VERSION} Tester"
    assert git(clone, "cat-file", "-t", f"v{VERSION}") == "tag"
    told = git(clone, "tag", "-l", "--format=%(contents)", f"v{VERSION}")
    assert told.startswith(f"murano-emulator {VERSION}\n") and "The first version." in told
    assert git(upstream, "for-each-ref") == before
    assert f"git push origin HEAD v{VERSION}" in done.stderr
    again = release(clone, "--packages", packages, "--to", tmp_path / "again", VERSION)
    assert again.returncode == 1 and f"There is a tag v{VERSION} already" in again.stderr


def edited(clone, name, old, new):
    file = clone / name
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new, 1))


def test_what_it_refuses(clone, packages, tmp_path):
    """Each with what to do, before anything is built"""
    for arguments, code, said in (
        ([], 2, "three numbers"),
        (["v1"], 2, "three numbers"),
        (["--without", "imgae", VERSION], 2, "not imgae"),
        (["9.9.9"], 1, f"These are not version 9.9.9: change them, and commit.\n  CMakeLists.txt says {VERSION}"),
        (["--packages", tmp_path, "--to", tmp_path / "x", VERSION], 1, f"nothing of {VERSION} is there"),
    ):
        done = release(clone, *arguments)
        assert done.returncode == code and said in done.stderr, done.stderr
    edited(clone, "CHANGELOG.md", f"## {VERSION}", "## 9.9.9")
    done = release(clone, VERSION)
    assert done.returncode == 1 and f"CHANGELOG.md has no section '## {VERSION}'" in done.stderr
    edited(clone, "CHANGELOG.md", "## 9.9.9", f"## {VERSION}")
    edited(clone, "README.md", "murano", "Murano")
    done = release(clone, VERSION)
    assert done.returncode == 1 and "changes that are not committed" in done.stderr


def test_a_binary_of_another_version_is_found_out(clone, packages, tmp_path):
    for name in ("CMakeLists.txt", "clients/python/pyproject.toml", "clients/js/package.json", "docker/Dockerfile", "CHANGELOG.md"):
        edited(clone, name, VERSION, "9.9.9")
    git(clone, "commit", "-qam", "Another version")
    renamed = tmp_path / "renamed"
    renamed.mkdir()
    for each in packages.iterdir():
        shutil.copy(each, renamed / each.name.replace(VERSION, "9.9.9"))
    done = release(clone, "--dry-run", "--packages", renamed, "--without", "image,cross,bare", "--to", tmp_path / "out", "9.9.9")
    assert done.returncode == 1 and f"--version says 'murano-emulator {VERSION}" in done.stderr, done.stderr


def test_a_bill_of_materials_names_what_is_in_the_binary(packages):
    """SPDX 2.3: what the specification asks of a document, and the libraries that dpkg knows"""
    files = list(packages.glob("*.spdx.json"))
    assert len(files) == 2
    for file in files:
        document = json.loads(file.read_text())
        assert (document["spdxVersion"], document["dataLicense"], document["SPDXID"]) == ("SPDX-2.3", "CC0-1.0", "SPDXRef-DOCUMENT")
        assert document["documentNamespace"].startswith("https://") and "#" not in document["documentNamespace"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", document["creationInfo"]["created"])
        assert all(re.match("(Tool|Person|Organization): ", each) for each in document["creationInfo"]["creators"])
        known = {package["SPDXID"]: package for package in document["packages"]}
        assert len(known) == len(document["packages"])
        for identifier, package in known.items():
            assert re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", identifier)
            assert package["name"] and package["downloadLocation"] and package["versionInfo"]
        for relation in document["relationships"]:
            assert {relation["spdxElementId"], relation["relatedSpdxElement"]} <= {*known, "SPDXRef-DOCUMENT"}
        artefact = known["SPDXRef-artefact"]
        digest = hashlib.sha256((packages / artefact["packageFileName"]).read_bytes()).hexdigest()
        assert artefact["checksums"] == [{"algorithm": "SHA256", "checksumValue": digest}]
        linked = {
            known[relation["relatedSpdxElement"]]["name"]
            for relation in document["relationships"]
            if relation["relationshipType"] in ("DYNAMIC_LINK", "STATIC_LINK")
        }
        assert any(name.startswith("libssl") for name in linked) and any(name.startswith("libsqlite3") for name in linked)
        compiled = {package["name"] for package in document["packages"]}
        assert {"rapidjson-dev", "libboost1.81-dev"} <= compiled
        openssl = next(package for package in document["packages"] if package["name"].startswith("libssl"))
        assert openssl["externalRefs"][0]["referenceLocator"].startswith(f"pkg:deb/debian/{openssl['name']}@3")


def test_what_is_installed_is_whole(built, tmp_path):
    """The links of the installed documents lead somewhere, and the helpers are there"""
    ok("cmake", "--install", built, "--prefix", tmp_path)
    documents, shared = tmp_path / "share/doc/murano-emulator", tmp_path / "share/murano-emulator"
    pages = [documents / "README.md", documents / "clients/README.md", *(documents / "docs").rglob("*.md")]
    assert len(pages) > 30
    for page in pages:
        if page.name == "rules.md":
            continue  # names the tests, which are not installed
        for link in LINK.findall(page.read_text()):
            target = (page.parent / link.partition("#")[0]).resolve()
            assert "://" in link or target.exists(), f"{page}: {link}"
    for name in ("python/murano_emulator.py", "python/pyproject.toml", "js/package.json", "c/murano_emulator.h", "shell/test_my_firmware.sh"):
        assert (shared / "clients" / name).is_file(), name
    for name in ("settings", "suite"):
        assert "draft/2020-12" in (shared / f"{name}.schema.json").read_text()
    assert os.access(shared / "clients/shell/test_my_firmware.sh", os.X_OK)


def left_out(path, patterns):
    """Whether the image's build does not get the file: of the patterns that fit the last one decides."""
    fits = [each for each in patterns if pathlib.PurePath(each.lstrip("!")) in (path, *path.parents)]
    return bool(fits) and not fits[-1].startswith("!")


def test_what_is_installed_is_in_the_build_of_the_image():
    """Files that cmake/install.cmake names are not left out by .dockerignore"""
    patterns = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert left_out(pathlib.PurePath("tests/integration/test_release.py"), patterns)
    words = re.findall(r"[\w./-]+", (ROOT / "cmake/install.cmake").read_text())
    named = [pathlib.PurePath(word) for word in words if "/" in word and (ROOT / word).is_file()]
    assert len(named) > 3
    assert [path for path in named if left_out(path, patterns)] == []


def test_what_crossing_over_takes_is_told():
    """script/package-cross installs in its bare Debian what script/package --arch asks for"""
    here = ok("dpkg", "--print-architecture").strip()
    for other, compiler in (("arm64", "g++-aarch64-linux-gnu"), ("amd64", "g++-x86-64-linux-gnu")):
        listed = ok(ROOT / "script/package", "--cross-packages", other).splitlines()
        assert compiler in listed and f"libssl-dev:{other}" in listed and "qemu-user-static" in listed
    for arguments, code, said in (
        ([], 2, "script/package-cross [--ccache]"),
        (["sparc"], 2, "ARCH (arm64, amd64)"),
        ([here], 1, f"This machine is {here}: script/package makes its packages"),
    ):
        done = run(ROOT / "script/package-cross", *arguments)
        assert done.returncode == code and said in done.stderr, done.stderr


def test_a_binary_is_tried_under_emulation(packages):
    """script/try-emulated, with the emulator of this machine: a server, devices, a report, and its stop"""
    machine = {"amd64": "x86_64", "arm64": "aarch64"}[ok("dpkg", "--print-architecture").strip()]
    if not shutil.which(f"qemu-{machine}-static"):
        pytest.skip("QEMU-USER-STATIC IS NOT INSTALLED: no binary was tried under emulation")
    if re.search(rb"__[at]san_init", (BUILD / "murano-emulator").read_bytes()):
        pytest.skip("A SANITIZED BINARY: an emulator has no room for its shadow memory, nothing was tried under emulation")
    (tarball,) = packages.glob("*.tar.gz")
    done = run(ROOT / "script/try-emulated", tarball, f"qemu-{machine}-static")
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    assert f"murano-emulator {VERSION} (" in done.stdout and "no findings" in done.stdout
    done = run(ROOT / "script/try-emulated", tarball, "qemu-sparc-none")
    assert done.returncode == 1 and "qemu-sparc-none is not installed" in done.stderr


def test_another_architecture_says_what_it_takes():
    """Where the compiler for it is not here: how to come by it, exit code 3"""
    other = "amd64" if ok("dpkg", "--print-architecture").strip() == "arm64" else "arm64"
    machine = {"amd64": "x86_64", "arm64": "aarch64"}[other]
    if shutil.which(f"{machine}-linux-gnu-g++"):
        pytest.skip("THE CROSS COMPILER IS HERE: what is said without it was not tested")
    done = run(ROOT / "script/package", "--arch", other)
    assert done.returncode == 3 and f"dpkg --add-architecture {other}" in done.stderr, done.stderr
    assert f"libssl-dev:{other}" in done.stderr
    done = run(ROOT / "script/package", "--arch", "sparc")
    assert done.returncode == 2 and "amd64 and arm64" in done.stderr


