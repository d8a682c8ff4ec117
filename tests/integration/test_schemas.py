"""`config schema`: what the schemas say of settings files and suite files is what the reader says of them."""

import json
import pathlib
import re

import pytest

from support.server import run

jsonschema = pytest.importorskip("jsonschema", reason="PYTHON3-JSONSCHEMA IS NOT INSTALLED: the schemas were not tested")
ROOT = pathlib.Path(__file__).resolve().parents[2]
STEP = '{"suite":"S","checks":[{"id":"A-1","steps":[%s]}]}'
CHECK = '{"suite":"S","checks":[%s]}'


def plain(text):
    """JSON with comments and trailing commas as JSON."""
    text = re.sub(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', lambda match: match.group(1) or "", text, flags=re.DOTALL)
    return re.sub(r'("(?:\\.|[^"\\])*")|,(?=\s*[\]}])', lambda match: match.group(1) or "", text)


class Validator:
    def __init__(self, name):
        code, out, said = run("config", "schema", name)
        assert code == 0, said
        schema = json.loads(out)
        jsonschema.Draft202012Validator.check_schema(schema)
        self._validator = jsonschema.Draft202012Validator(schema)
        self.schema = schema

    def mistakes(self, text):
        return [error.message for error in self._validator.iter_errors(json.loads(plain(text)))]


@pytest.fixture(scope="module")
def suites():
    return Validator("suite")


@pytest.fixture(scope="module")
def settings():
    return Validator("settings")


def read_as_suite(tmp_path, text):
    """(taken or not, what the reader said)"""
    (tmp_path / "suite.jsonc").write_text(text)
    code, _, said = run("verify", "--list", "--suite", tmp_path / "suite.jsonc")
    assert code in (0, 2), said
    return code == 0, said


def read_as_settings(tmp_path, text):
    (tmp_path / "settings.jsonc").write_text(text)
    code, _, said = run("config", "check", tmp_path / "settings.jsonc")
    assert code in (0, 2), said
    return code == 0, said


def documented(page):
    return [block for block in re.findall(r"^```jsonc\n(.*?)^```$", (ROOT / page).read_text(), re.MULTILINE | re.DOTALL)]


GOOD_SUITES = [
    '{"$schema":"./suite.schema.json","suite":"S","checks":["CON-*"]}',
    CHECK % '{"id":"KA-03","parameters":{"patience_s":0.5,"corruptions":0,"reprovisions":false,"setting_values":["a"]}}',
    *(
        STEP % step
        for step in (
            '{"set":{"a":"b","c":1,"d":true}}',
            '{"expect":{"type":"data_in","equals":{"a":1},"jsonpath":"/a>5"},"within":"1m30s","hint":"Look."}',
            '{"expect":{"type":["data_in","connect"],"identity":"$identity"}}',
            '{"never":{"type":"connect,disconnect"},"for":"500ms"}',
            '{"fault":{"kind":"withhold","packet":"PUBACK","times":2,"skip":null}}',
            '{"fault":{"kind":"tls_stall","after":"server_hello"}}',
            '{"fault":{"kind":"replace","packet":"PUBLISH","topic":"a/#","payload":"x"}}',
            '{"clear":true}',
            '{"advance":"25h"}',
            '{"hook":"power_cycle"}',
            '{"disconnect":true}',
            '{"publish":{"topic":"a/b"}}',
            '{"wait":"2s"}',
        )
    ),
]
BAD_SUITES = [
    '{"suite":"S"}',
    '{"checks":["CON-01"]}',
    '{"suite":"S","checks":[]}',
    '{"suite":"S","chekcs":[],"checks":["CON-01"]}',
    CHECK % '"CON-99"',
    CHECK % '{"id":"KA-03","parameters":{"patience":1}}',
    CHECK % '{"id":"KA-03","parameters":{"patience_s":"1"}}',
    CHECK % '{"id":"KA-03","parameters":{"patience_s":-1}}',
    CHECK % '{"id":"KA-03","parameters":{"corruptions":1.5}}',
    CHECK % '{"id":"KA-03","timeout_s":1}',
    CHECK % '{"id":"CON-01","steps":[{"wait":"1s"}]}',
    CHECK % '{"id":"A 1","steps":[{"wait":"1s"}]}',
    CHECK % '{"id":"A-1","timeout_s":0,"steps":[{"wait":"1s"}]}',
    CHECK % '{"id":"A-1","steps":[]}',
    *(
        STEP % step
        for step in (
            "{}",
            '{"wiat":"2s"}',
            '{"wait":"2s","clear":true}',
            '{"wait":"2"}',
            '{"wait":"2s","for":"1s"}',
            '{"set":{}}',
            '{"set":{"a":null}}',
            '{"expect":{"typ":"data_in"}}',
            '{"expect":{"type":"data_inn"}}',
            '{"never":{"type":"connect"},"within":"1s"}',
            '{"clear":false}',
            '{"hook":""}',
            '{"publish":{"payload":"x"}}',
            '{"publish":{"topic":"a/+"}}',
            '{"fault":{"kind":"withold"}}',
            '{"fault":{"packet":"PUBACK"}}',
            '{"fault":{"kind":"withhold","packet":"PUBACK","identity":"x"}}',
            '{"fault":{"kind":"withhold","packet":"PUBACK","bytes_per_s":1}}',
            '{"fault":{"kind":"withhold","packet":"PUBACKK"}}',
            '{"fault":{"kind":"withhold","packet":"PUBACK","times":0}}',
        )
    ),
]


@pytest.mark.parametrize("text", GOOD_SUITES)
def test_a_good_suite_file(suites, tmp_path, text):
    assert read_as_suite(tmp_path, text) == (True, "")
    assert suites.mistakes(text) == []


@pytest.mark.parametrize("text", BAD_SUITES)
def test_a_suite_file_with_a_mistake(suites, tmp_path, text):
    assert not read_as_suite(tmp_path, text)[0]
    assert suites.mistakes(text)


def test_the_suite_file_of_the_documentation(suites, tmp_path):
    for block in documented("docs/checks.md"):
        assert read_as_suite(tmp_path, block) == (True, "")
        assert suites.mistakes(block) == []


def test_every_key_of_a_suite_file_is_explained(suites):
    """What an editor shows on hover"""
    definitions = suites.schema["$defs"]
    places = [suites.schema, definitions["parameters"], definitions["step"]]
    places += [one for one in suites.schema["properties"]["checks"]["items"]["anyOf"] if "steps" in one.get("properties", {})]
    for place in places:
        for key, value in place["properties"].items():
            if "$ref" in value and "description" not in value:
                value = definitions[value["$ref"].rpartition("/")[2]]
            assert value.get("description") or key == "$schema", key


def test_each_fault_may_stand_there_as_it_is_described(settings, tmp_path):
    """A fault of each kind with what it needs is taken by the schema where the reader takes it"""
    kinds = [one["if"]["properties"]["kind"]["const"] for one in settings.schema["$defs"]["fault"]["allOf"]]
    assert len(kinds) > 25
    samples = {"packet": "PUBLISH", "hex": "00", "topic": "$resource/config_io/1", "payload": "x", "name": "fw.bin"}
    for kind, rule in zip(kinds, (one["then"] for one in settings.schema["$defs"]["fault"]["allOf"])):
        fault = {"kind": kind}
        for key in rule["required"]:
            own = rule["properties"][key]
            fault[key] = own["enum"][0] if "enum" in own else own.get("minimum", samples.get(key))
        text = json.dumps({"faults": [fault]})
        taken, said = read_as_settings(tmp_path, text)
        assert not settings.mistakes(text), (fault, settings.mistakes(text))
        assert taken or "unknown key" not in said, said


def test_the_settings_file_of_the_documentation(settings, tmp_path):
    for text in ((ROOT / "config/example.jsonc").read_text(), *documented("docs/settings.md")):
        assert settings.mistakes(text) == []


@pytest.mark.parametrize(
    "text, good",
    [
        ('{"$schema":"./x","faults":[{"kind":"withhold","packet":"PUBACK","connector":"mine"}]}', True),
        ('{"connectors":{"mine":{"faults":[{"kind":"withhold","packet":"PUBACK"}]}}}', True),
        ('{"faults":[{"kind":"withold"}]}', False),
        ('{"connectors":{"mine":{"faults":[{"packet":"PUBACK"}]}}}', False),
        ('{"connectors":{"My":{}}}', False),
    ],
)
def test_faults_of_a_settings_file(settings, tmp_path, text, good):
    assert read_as_settings(tmp_path, text)[0] == good
    assert (settings.mistakes(text) == []) == good
