"""The OpenAPI document is fit for generators: a TypeScript client made of it compiles, strictly, and works."""

import json
import os
import pathlib
import shutil
import subprocess

import pytest

from support.names import need
from support.server import Server, clean_environment
from support.waiting import PATIENCE_S

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Of fixed versions, so that a new one cannot turn this red; without scripts, since they are only read and run here.
PACKAGES = ("openapi-typescript@7.13.0", "openapi-fetch@0.14.0", "typescript@5.9.3")
NPM = ("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")

PROGRAM = """
import createClient from 'openapi-fetch';
import type { components, paths } from './api';

const client = createClient<paths>({ baseUrl: process.env['API'] as string });
const fail = (what: unknown): never => { throw new Error(JSON.stringify(what)); };

async function main(): Promise<void> {
  const health = await client.GET('/_emulator/v1/health');
  if (health.response.status !== 200) fail(health);

  const path = { connector: 'mine', identity: 'dev' };
  const added = await client.PUT('/api:1/service/{connector}/device2/identity/{identity}', {
    params: { path }, body: { auth: { type: 'token', key: '0123456789abcdef0123456789abcdef01234567' } },
  });
  if (!added.response.ok) fail(added);

  const match: components['schemas']['Match'] = { connector: 'mine', identity: 'dev', type: 'data_out' };
  const set = await client.PATCH('/api:1/service/{connector}/device2/identity/{identity}/state', {
    params: { path }, body: { config_io: '1' },
  });
  if (!set.response.ok) fail(set);
  const waited = await client.POST('/_emulator/v1/wait', { body: { match, since: 0, within_ms: 5000 } });
  const cursor: number = waited.data?.events[0]?.cursor ?? fail(waited);

  const missed = await client.POST('/_emulator/v1/wait', { body: { match: { ...match, type: 'connect' }, within_ms: 0 } });
  if (missed.response.status !== 408) fail(missed);
  const page = await client.GET('/_emulator/v1/events', { params: { query: { connector: 'mine', after: cursor - 1, limit: 1 } } });
  if (page.data?.events[0]?.type !== 'data_out') fail(page);
  const clock = await client.POST('/_emulator/v1/clock/advance', { params: { query: { connector: 'mine' } }, body: { by: '25h' } });
  if (clock.data?.offset_us !== 25 * 3600 * 1e6) fail(clock);
  const fault = await client.POST('/_emulator/v1/faults', { body: { kind: 'withhold', connector: 'mine', packet: 'PUBACK' } });
  if (fault.response.status !== 201) fail(fault);
  console.log(JSON.stringify({ cursor }));
}

main().catch((error) => { console.error(error); process.exit(1); });
"""
# What a compiler must refuse: the description says something.
WRONG = (
    "client.GET('/_emulator/v1/helth');",
    "client.POST('/_emulator/v1/wait', { body: { macth: {} } });",
    "client.POST('/_emulator/v1/faults', { body: { kind: 'withold' } });",
    "client.GET('/_emulator/v1/events', { params: { query: { limit: 'many' } } });",
)
OPTIONS = {
    "strict": True,
    "noUncheckedIndexedAccess": True,
    "module": "nodenext",
    "target": "es2022",
    "outDir": "out",
    "skipLibCheck": True,
    "types": [],
}


def run(*command, folder, **environment):
    return subprocess.run(
        command, capture_output=True, text=True, cwd=folder, env=clean_environment(**environment), timeout=12 * PATIENCE_S
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A folder with the generator, the compiler, and the types that are made of docs/openapi/openapi.json."""
    need(shutil.which("node") and shutil.which("npm"), "node and npm")
    folder = tmp_path_factory.mktemp("project")
    (folder / "package.json").write_text('{"private": true}')
    installed = run(*NPM, *PACKAGES, folder=folder)
    if installed.returncode and not os.environ.get("MURANO_REQUIRE_CLIENTS"):
        pytest.skip(f"THE NPM REGISTRY IS NOT REACHABLE: no client was generated ({installed.stderr.strip()[-200:]})")
    assert installed.returncode == 0, installed.stderr
    made = run("npx", "openapi-typescript", ROOT / "docs/openapi/openapi.json", "-o", "api.ts", folder=folder)
    assert made.returncode == 0, made.stdout + made.stderr
    (folder / "globals.d.ts").write_text(
        "declare const process: { env: Record<string, string | undefined>; exit(code: number): never };\n"
        "declare const console: { log(text: string): void; error(what: unknown): void };\n"
    )
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": OPTIONS, "include": ["*.ts"]}))
    return folder


def compiled(folder, program):
    (folder / "main.ts").write_text(program)
    return run("npx", "tsc", "--project", ".", folder=folder)


def test_a_generated_client_compiles_and_works(project, tmp_path):
    done = compiled(project, PROGRAM)
    assert done.returncode == 0, done.stdout
    with Server(tmp_path / "server", "--ephemeral") as server:
        ran = run("node", "out/main.js", folder=project, API=server.ready["api"])
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["cursor"] > 0


@pytest.mark.parametrize("line", WRONG)
def test_a_mistake_does_not_compile(project, line):
    done = compiled(project, PROGRAM.replace("async function main()", f"void {line}\nasync function main()"))
    assert done.returncode != 0 and "main.ts" in done.stdout, line


def test_the_types_of_our_own_helper_compile(project):
    """clients/js/murano_emulator.d.ts, used as its README shows"""
    shutil.copy(ROOT / "clients/js/murano_emulator.d.ts", project / "murano_emulator.d.ts")
    program = """
import { Emulator, type Run } from './murano_emulator';
export async function use(): Promise<string[]> {
  const emulator = await Emulator.start();
  const murano = await emulator.connector();
  const device = await murano.provisioned();
  await murano.setState(device.identity, { config_io: 1 });
  await murano.fault('withhold', { packet: 'PUBACK' });
  const [event] = await murano.waitFor('data_in', { alias: 'temperature', count: { at_least: 1 }, within: 5 });
  const run: Run = await murano.verify(device.identity, { only: ['CON-*'], hooks: { power_cycle: () => undefined } });
  await murano.check({ allowed: ['R46'] });
  return run.checks.map((check) => `${check.id} ${check.outcome} ${event?.cursor}`);
}
"""
    done = compiled(project, program)
    assert done.returncode == 0, done.stdout
