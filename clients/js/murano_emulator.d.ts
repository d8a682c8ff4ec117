// Types of murano_emulator.js.

export interface Device {
  identity: string;
  token: string;
}

export interface Match {
  identity?: string;
  topic?: string;
  alias?: string;
  /** Of a finding: 'R40', or its code. */
  rule?: string;
  /** Of a finding: 'R40.comma_for_point'. */
  code?: string;
  equals?: string;
  contains?: string;
  regex?: string;
  jsonpath?: string;
}

export interface Wait extends Match {
  /** Seconds; default 10. */
  within?: number;
  /** Without it: at least one. `{ exactly: 0 }` passes if none came. */
  count?: { exactly: number } | { at_least: number };
  /** A cursor; without it everything since the connector was requested counts. */
  since?: number;
}

export type JournalEvent = { cursor: number; type: string; timestamp: number } & Record<string, unknown>;

export interface Finding {
  rule: string;
  /** 'R40.comma_for_point'; absent in a journal of an older version. */
  code?: string;
  severity: 'violation' | 'warning' | 'info';
  message: string;
  hint?: string;
  count: number;
  [key: string]: unknown;
}

export interface Report {
  findings: Finding[];
  violations: number;
  warnings: number;
  infos: number;
}

export class EmulatorError extends Error {}
export class WaitRanOut extends Error {
  nearMisses: { event: JournalEvent; why: string }[];
}

export interface Check {
  id: string;
  title: string;
  outcome: 'passed' | 'warned' | 'failed' | 'not_run';
  message: string;
  hint?: string;
  measured: Record<string, number>;
  [key: string]: unknown;
}

export interface Run {
  id: string;
  state: 'done' | 'aborted' | 'running' | 'waiting_for_device';
  outcome: Check['outcome'];
  checks: Check[];
  [key: string]: unknown;
}

export interface Verify {
  /** 'quick', 'full', or the content of a suite file. */
  suite?: 'quick' | 'full' | object;
  /** Ids and globs, such as 'CON-*'. */
  only?: string[];
  skip?: string[];
  watch_only?: boolean;
  parameters?: Record<string, unknown>;
  hooks?: Partial<Record<'power_cycle' | 'report' | 'provision' | 'update', () => unknown>>;
  /** Seconds; default 3600. */
  within?: number;
}

export class VerdictFailed extends Error {
  run: Run;
}

export class Emulator {
  readonly url: string;
  readonly ca: string;
  readonly domain: string;
  readonly address: string;
  readonly port: number;
  static start(options?: { binary?: string; flags?: string[] }): Promise<Emulator>;
  stop(): Promise<void>;
  request(method: string, target: string, body?: unknown): Promise<{ status: number; text: string }>;
  call(method: string, target: string, body?: unknown): Promise<any>;
  connector(name?: string): Promise<Connector>;
}

export class Connector {
  readonly id: string;
  /** The name for SNI. It does not resolve: connect to `address`. */
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly ca: string;
  provisioned(identity?: string): Promise<Device>;
  state(identity: string): Promise<Record<string, { reported?: unknown; set?: unknown; timestamp?: number }>>;
  setState(identity: string, values: Record<string, unknown>): Promise<void>;
  waitFor(type: string, wait?: Wait): Promise<JournalEvent[]>;
  /** Adds a fault. `remove()` ends it. */
  fault(kind: string, keys?: Record<string, unknown>): Promise<string>;
  /** Judges the firmware of a running device; rejects with VerdictFailed if a check failed. */
  verify(identity: string, options?: Verify): Promise<Run>;
  advance(by: string): Promise<unknown>;
  realTime(): Promise<unknown>;
  reset(): Promise<void>;
  report(): Promise<Report>;
  /** `allowed`: rules and codes. */
  check(options?: { allowed?: string[] }): Promise<void>;
  remove(): Promise<void>;
}
