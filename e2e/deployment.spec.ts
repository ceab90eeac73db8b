import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const execute = promisify(execFile);

/** Deployment as far as a machine without a Docker engine can check it: the files are sound and the images' steps run. */
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

  it('holds no secret: each comes from the environment, and its absence is an error', () => {
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

/** Both at the same time: installing waits for the disk as often as it computes. */
describe.concurrent.each(['server/Dockerfile', 'runner/Dockerfile'])('%s', (file) => {
  const stages = stagesOf(file);
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it('runs as an unprivileged user in every image that is started', () => {
    const started = stages.filter((stage) =>
      stage.steps.some((step) => ['CMD', 'ENTRYPOINT'].includes(step.instruction)),
    );
    expect(started.length).toBeGreaterThan(0);
    for (const stage of started) {
      expect(stage.steps.filter((step) => step.instruction === 'USER').at(-1)?.rest).toBe('node');
    }
  });

  it('builds: the steps of its build stage run in a clean folder and leave what the image starts', {
    timeout: 900_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'crosscheck-image-'));
    folders.push(folder);
    const build = stages.find((stage) => stage.name === 'build')!;
    for (const { instruction, rest } of build.steps) {
      if (instruction === 'RUN') await execute('sh', ['-c', rest], { cwd: folder, env: cleanEnvironment() });
      if (instruction === 'COPY') copyInto(folder, rest.split(/\s+/).slice(0, -1));
    }
    const started = stages.find((stage) => stage.base.startsWith('node:') && stage.name !== 'build')!;
    for (const { instruction, rest } of started.steps) {
      const [, path] = instruction === 'COPY' ? (/--from=build \/app\/(\S+)/.exec(rest) ?? []) : [];
      if (path) expect(existsSync(join(folder, path)), path).toBe(true);
    }
    // The pruned tree still starts: --help and a bad setting are answered by the program itself, not by a missing module.
    const program = file.startsWith('server') ? ['dist/server/main.js', '--help'] : ['dist/runner/main.js', '--help'];
    const { stdout } = await execute(process.execPath, program, { cwd: folder, env: cleanEnvironment() });
    expect(stdout).toContain('Usage');
  });
});

/** Copies what git tracks (what a build context holds, less .dockerignore) or the files named. */
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

/** Without what npm and Vitest put there, which would change what the steps do. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME };
}
