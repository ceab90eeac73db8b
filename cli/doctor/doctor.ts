import { tmpdir } from 'node:os';
import { defaultHome } from '../../runner/agent/home.js';
import { type Env, EnvError, readEnv } from '../../server/env.js';
import { type Check, type Finding, messageOf, missing, ok } from './check.js';
import { engine, gpu } from './compute.js';
import { browser, build, compiler, images, nativeKernels } from './installation.js';
import { disk, memory, node, processor } from './machine.js';
import { port, postgres } from './server.js';

export interface DoctorOptions {
  /** An array of `{ name, state, detail, cost, remedy }` instead of lines for people. */
  json: boolean;
  print(line: string): void;
}

/** A check and what it found. */
type Result = { name: string } & Finding;

/**
 * Reports what Crosscheck is missing on this machine, what that costs and how to fix it.
 * @returns the exit code: 1 when something is missing that Crosscheck cannot work without, otherwise 0
 */
export async function doctor({ json, print }: DoctorOptions): Promise<number> {
  const results = await Promise.all(checks().map(examine));
  if (json) print(JSON.stringify(results, null, 2));
  else for (const line of render(results)) print(line);
  return results.some(({ state }) => state === 'missing') ? 1 : 0;
}

function checks(): Check[] {
  return [
    { name: 'Node', look: () => node() },
    { name: 'processor', look: () => processor() },
    { name: 'memory', look: () => memory() },
    { name: 'build', look: () => build() },
    { name: 'images', look: images },
    { name: 'C++ compiler', look: () => compiler() },
    { name: 'native kernels', look: nativeKernels },
    { name: 'GPU', look: gpu },
    { name: 'engine', look: engine },
    ...serverChecks(),
    { name: 'disk: runner', look: () => disk(defaultHome(), 'free some space, or give the runner another --home') },
    { name: 'disk: temporary', look: () => disk(tmpdir(), 'free some space, or set TMPDIR to another folder') },
    { name: 'browser', look: browser },
  ];
}

/** With invalid settings, only those: the other checks depend on them. */
function serverChecks(): Check[] {
  const env = settings();
  if (env instanceof EnvError) {
    const lack = { cost: 'the server does not start', remedy: 'correct the variable: docs/settings.md' };
    return [{ name: 'settings', look: () => missing(env.message, lack) }];
  }
  return [
    { name: 'settings', look: () => ok('valid') },
    { name: 'PostgreSQL', look: () => postgres(env) },
    { name: 'port', look: () => port(env) },
    { name: 'disk: server', look: () => disk(env.dataDir, 'free some space, or set DATA_DIR to another folder') },
  ];
}

function settings(): Env | EnvError {
  try {
    return readEnv();
  } catch (error) {
    if (error instanceof EnvError) return error;
    throw error;
  }
}

/** An error must not hide what the other checks found. */
export async function examine({ name, look }: Check): Promise<Result> {
  try {
    return { name, ...(await look()) };
  } catch (error) {
    const lack = { cost: 'this part may not work', remedy: 'fix the problem that the message describes' };
    return { name, ...missing(`the check failed: ${messageOf(error)}`, lack) };
  }
}

/** One line each, aligned, with cost and remedy below, and a summary. */
export function render(results: Result[]): string[] {
  const nameWidth = Math.max(...results.map(({ name }) => name.length)) + 2;
  const stateWidth = 'warning'.length + 2;
  const indent = ' '.repeat(stateWidth + nameWidth);
  const lines = results.flatMap(({ name, state, detail, cost, remedy }) => [
    state.padEnd(stateWidth) + name.padEnd(nameWidth) + detail,
    ...(cost ? [`${indent}cost: ${cost}`] : []),
    ...(remedy ? [`${indent}to do: ${remedy}`] : []),
  ]);
  return [...lines, '', summary(results)];
}

function summary(results: Result[]): string {
  const named = (state: string) => results.filter((result) => result.state === state).map(({ name }) => name);
  const [lacking, warnings] = [named('missing'), named('warning')];
  const also = warnings.length > 0 ? `; warnings: ${warnings.join(', ')}` : '';
  return lacking.length > 0
    ? `Crosscheck cannot work here; missing: ${lacking.join(', ')}${also}`
    : `Crosscheck works here${also}`;
}
