import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { EXIT } from '../schema/exit-codes.js';
import { linkFolder, removeFolder } from './support/folders.js';

/** Checks the deployment as far as possible without Docker: the files are valid, and the steps of the images run. */
const root = join(import.meta.dirname, '..');

interface Service {
  image?: string;
  build?: { context: string; dockerfile: string; target?: string };
  environment?: Record<string, string>;
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  volumes?: string[];
  ports?: string[];
  profiles?: string[];
}

interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
}

const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as Compose;

interface Stage {
  base: string;
  name: string;
  steps: { instruction: string; rest: string }[];
}

/** A Dockerfile's stages; continued lines are joined, comments dropped. */
function stagesOf(file: string): Stage[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/\\\n/g, ' ');
  const stages: Stage[] = [];
  for (const line of text.split('\n').filter((one) => one.trim() && !one.startsWith('#'))) {
    const [instruction, rest] = [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1).trim()];
    if (instruction === 'FROM') {
      const [base, , name] = rest.split(/\s+/);
      stages.push({ base: base!, name: name ?? '', steps: [] });
    } else {
      stages.at(-1)!.steps.push({ instruction, rest });
    }
  }
  return stages;
}

describe('docker-compose.yml', () => {
  it('brings up PostgreSQL with a volume and a health check, then the server, then a runner', () => {
    const { postgres, server, runner } = compose.services;
    expect(postgres?.volumes).toContain('postgres:/var/lib/postgresql/data');
    expect(postgres?.healthcheck?.test.join(' ')).toContain('pg_isready');
    expect(server?.depends_on?.postgres?.condition).toBe('service_healthy');
    expect(runner?.depends_on?.server?.condition).toBe('service_healthy');
    expect(server?.ports).toEqual(['127.0.0.1:4000:4000']);
  });

  it('starts the NVIDIA runner only when its profile is asked for', () => {
    const nvidia = Object.entries(compose.services).filter(([, service]) => service.profiles?.includes('nvidia'));
    expect(nvidia.map(([name]) => name)).toEqual(['runner-nvidia']);
    expect(nvidia[0]?.[1].build?.target).toBe('nvidia');
  });

  it('names only Dockerfiles, targets and volumes that exist', () => {
    for (const [name, { build, volumes }] of Object.entries(compose.services)) {
      if (build) {
        expect(existsSync(join(root, build.context, build.dockerfile)), `${name}: ${build.dockerfile}`).toBe(true);
        const targets = stagesOf(build.dockerfile).map((stage) => stage.name);
        if (build.target) expect(targets, name).toContain(build.target);
      }
      for (const volume of volumes ?? []) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    }
  });

  it('contains no secrets: they come from the environment, and a missing one is an error', () => {
    const example = readFileSync(join(root, '.env.example'), 'utf8');
    for (const { environment } of Object.values(compose.services)) {
      for (const [name, value] of Object.entries(environment ?? {})) {
        if (!/PASSWORD|TOKEN|DATABASE_URL/.test(name)) continue;
        const [, variable] = /\$\{(\w+):\?/.exec(String(value)) ?? [];
        expect(variable, `${name}: ${value}`).toBeDefined();
        expect(example, `${variable} in .env.example, empty`).toMatch(new RegExp(`^${variable}=$`, 'm'));
      }
    }
  });
});

/** A run that any machine trains within seconds. */
const TINY_RUN = {
  dataset: 'shapes',
  split: { labelledRatio: 1 / 8 },
  method: { name: 'cps' },
  network: { width: 0.0625 },
  augmentation: { crop: [32, 32] },
  training: { iterations: 2, batchLabelled: 2, batchUnlabelled: 2 },
};

/** For each Dockerfile, a check that the pruned tree has every module that its program loads. */
const WORKS: Record<string, (folder: string) => Promise<void>> = {
  async 'server/Dockerfile'(folder) {
    const env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
    await expect(run(process.execPath, ['cli/crosscheck.mjs', 'server'], folder, env)).rejects.toMatchObject({
      code: EXIT.unreachable,
      stderr: expect.stringContaining('127.0.0.1:1'),
    });
  },
  async 'runner/Dockerfile'(folder) {
    writeFileSync(join(folder, 'tiny.json'), JSON.stringify(TINY_RUN));
    const check = ['runner', 'check', 'tiny.json', '--data', 'shapes', '--home', folder];
    const { stdout } = await run(process.execPath, ['cli/crosscheck.mjs', ...check], folder);
    expect(stdout).toMatch(/engine wasm on .*\n.*loss \d/);
  },
};
const DOCKERFILES = Object.keys(WORKS);

describe.each(DOCKERFILES)('%s', (file) => {
  it('runs as an unprivileged user in every image that is started', () => {
    const started = stagesOf(file).filter((stage) =>
      stage.steps.some((step) => ['CMD', 'ENTRYPOINT'].includes(step.instruction)),
    );
    expect(started.length).toBeGreaterThan(0);
    for (const stage of started) {
      expect(stage.steps.filter((step) => step.instruction === 'USER').at(-1)?.rest).toBe('node');
    }
  });
});

describe('the images', () => {
  const folders: string[] = [];
  const newFolder = () => {
    folders.push(mkdtempSync(join(tmpdir(), 'crosscheck-image-')));
    return folders.at(-1)!;
  };
  afterAll(() => {
    for (const folder of folders) removeFolder(folder);
  });

  // Both begin with the same steps, which take longest. Like Docker, this runs them only once.
  const steps = DOCKERFILES.map((file) => buildSteps(file).map((step) => JSON.stringify(step)));
  const common = steps[0]!.findIndex((step, index) => step !== steps[1]![index]);
  let layer: string;
  beforeAll(async () => {
    compiler = quickCompiler(newFolder());
    layer = newFolder();
    await runSteps(buildSteps(DOCKERFILES[0]!).slice(0, common), layer);
  }, 900_000);

  it.concurrent.each(DOCKERFILES)(
    '%s: the steps of its build stage run in a clean folder and leave what the image starts',
    { timeout: 900_000 },
    async (file) => {
      const folder = newFolder();
      // Hard links are safe, because the next steps replace and remove files but never modify them.
      await run('cp', ['-al', `${layer}/.`, folder], layer);
      await runSteps(buildSteps(file).slice(common), folder);
      const started = stagesOf(file).find((stage) => stage.base.startsWith('node:') && stage.name !== 'build')!;
      for (const { instruction, rest } of started.steps) {
        const [, path] = instruction === 'COPY' ? (/--from=build \/app\/(\S+)/.exec(rest) ?? []) : [];
        if (path) expect(existsSync(join(folder, path)), path).toBe(true);
      }
      await WORKS[file]!(folder);
    },
  );
});

/** For the native kernels. */
let compiler: string;

/**
 * Writes a program that compiles without optimising, in a third of the time. What an optimising compiler makes of the kernels is
 * tested where they are: in this checkout.
 */
function quickCompiler(folder: string): string {
  const file = join(folder, 'c++');
  const names = [process.env.CXX, 'c++', 'g++', 'clang++'];
  const found = names.find((name) => name && spawnSync(name, ['--version']).status === 0);
  if (!found) return '';
  // The last -O counts.
  writeFileSync(file, `#!/bin/sh\nexec ${found} "$@" -O0\n`, { mode: 0o755 });
  return file;
}

function buildSteps(file: string): Stage['steps'] {
  return stagesOf(file).find((stage) => stage.name === 'build')!.steps;
}

async function runSteps(steps: Stage['steps'], folder: string): Promise<void> {
  for (const { instruction, rest } of steps) {
    if (instruction === 'RUN' && rest.startsWith('npm ci ')) await install(rest, folder);
    else if (instruction === 'RUN') await run('sh', ['-c', rest], folder);
    if (instruction === 'COPY') copyInto(folder, rest.split(/\s+/).slice(0, -1));
  }
}

/**
 * `npm ci` checks everything but downloads and unpacks nothing: the packages, which this checkout has installed from the same lock
 * file, are linked. Only npm's list of them is copied, because `npm prune` rewrites it.
 */
async function install(command: string, folder: string): Promise<void> {
  const installed = versionsIn('node_modules/.package-lock.json');
  expect(versionsIn('package-lock.json'), 'node_modules is out of date: run "npm ci"').toMatchObject(installed);
  await run('sh', ['-c', `${command} --dry-run`], folder);
  linkFolder(join(root, 'node_modules'), folder);
  const list = 'node_modules/.package-lock.json';
  rmSync(join(folder, list));
  cpSync(join(root, list), join(folder, list));
}

function versionsIn(lockFile: string): Record<string, string | undefined> {
  const { packages } = JSON.parse(readFileSync(join(root, lockFile), 'utf8')) as {
    packages: Record<string, { version?: string }>;
  };
  return Object.fromEntries(Object.entries(packages).map(([path, { version }]) => [path, version]));
}

/** Without the variables that npm and Vitest set, which would change what the steps do. npm's downloads are reused. */
function run(program: string, args: string[], cwd: string, env: Record<string, string> = {}) {
  const { PATH, HOME } = process.env;
  return promisify(execFile)(program, args, {
    cwd,
    env: { PATH, HOME, CXX: compiler, npm_config_prefer_offline: 'true', ...env },
    maxBuffer: 64 * 2 ** 20,
  });
}

/** Copies all files that git tracks (the build context without .dockerignore), or the named files. */
function copyInto(folder: string, sources: string[]): void {
  const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  const wanted = sources.includes('.') ? tracked.split('\n').filter(Boolean) : sources;
  for (const path of wanted.filter((one) => existsSync(join(root, one)))) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    cpSync(join(root, path), join(folder, path), { recursive: true });
  }
}
