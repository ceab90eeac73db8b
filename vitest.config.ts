import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import LongestFirst from './e2e/support/longest-first.js';

const require = createRequire(import.meta.url);

/** Specs that may compute on a GPU: a real one, or the software GPU in Debian's chromium. */
const gpuSpecs = [
  'runner/{operations,kernels,engines}/**/*.spec.ts',
  'runner/networks/network.spec.ts',
  'runner/training/balance/losses.spec.ts',
  'runner/training/branches/engine.spec.ts',
  'runner/training/methods/losses.spec.ts',
];

/** Use up what an engine has, so that nothing else can compute in the same process. */
const GPU_ALONE = ['runner/engines/wasm/memory.spec.ts', 'runner/training/engine-failure.spec.ts'];

/** What specs on a GPU need. */
const gpuNeeds: Needs = {
  globalSetup: ['runner/testing/software-gpu.global-setup.ts'],
  execArgv: [`--require=${require.resolve('./runner/testing/patient-dawn.cjs')}`],
};

/** Specs that start and end processes, or train as a whole program does. */
const agentSpecs = ['runner/agent/**/*.spec.ts', 'runner/*.spec.ts'];

/** Specs in the server's folders that do not need PostgreSQL. */
const plain = [
  ...['checks', 'confusion', 'descriptions', 'document-cache', 'downsample', 'env', 'failure-limit', 'feed'],
  ...['module-list', 'scalars', 'settings-help'],
];
/** Specs that need PostgreSQL. */
const serverSpecs = [
  `{server,migrations,chaos/rules,cli/commands/{run,study,people,fleet},cli/doctor}/**/!(${plain.join('|')}).spec.ts`,
];

/** As `crosscheck` starts the server. Otherwise, graphql-js checks at each value whether it was loaded twice, which takes time. */
const AS_STARTED = { NODE_ENV: 'production' };

/** Changes the API for its whole process. */
const ALONE = ['server/attempts/report-kinds.spec.ts'];

interface Needs {
  exclude?: string[];
  /** Runs once before the project's specs, and only when at least one of them is selected. */
  globalSetup?: string[];
  setupFiles?: string[];
  /** Whether each spec has its own process; true by default. For some projects, importing takes longer than the tests. */
  isolate?: boolean;
  env?: Record<string, string>;
  /** Options for Node in the specs' processes and their threads. */
  execArgv?: string[];
  /** Undo what a spec has changed, for the specs after it in the same process. */
  restoreMocks?: boolean;
  unstubEnvs?: boolean;
}

/** A group of specs with the same requirements. */
function project(name: string, include: string[], { exclude = [], globalSetup = [], ...needs }: Needs = {}) {
  return {
    // Oxc drops decorator metadata, so every decorator must name its type.
    oxc: { decorator: { legacy: true } },
    // Two copies of graphql (CommonJS and ES module) reject each other's schemas, so every import resolves to the same file.
    resolve: { alias: { graphql: require.resolve('graphql') } },
    test: {
      name,
      include,
      exclude: ['**/node_modules/**', 'dist/**', ...exclude],
      // A safety net, not the expected duration: a loaded machine takes many times as long.
      testTimeout: name === 'e2e' ? 1_000_000 : 120_000,
      hookTimeout: 120_000,
      // More than there are cores, because specs also wait: for PostgreSQL and processes, and scenarios for leases. The same for
      // all projects: those with different numbers run one after the other, and at the end of each, cores would have nothing to do.
      maxWorkers: availableParallelism() + 2,
      globalSetup: [...(name === 'e2e' ? [] : ['processes/memory.global-setup.ts']), ...globalSetup],
      ...needs,
    },
  };
}

export default defineConfig({
  test: {
    globalSetup: ['e2e/support/build.global-setup.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      project('schema-web', ['schema/**/*.spec.ts', 'web/**/*.spec.{ts,tsx}'], { isolate: false }),
      project('server', serverSpecs, {
        globalSetup: ['server/testing/postgres.global-setup.ts'],
        setupFiles: ['reflect-metadata'],
        env: AS_STARTED,
        exclude: ALONE,
        isolate: false,
        restoreMocks: true,
        unstubEnvs: true,
      }),
      project('server-alone', ALONE, {
        globalSetup: ['server/testing/postgres.global-setup.ts'],
        setupFiles: ['reflect-metadata'],
      }),
      project('agent', agentSpecs, { isolate: false, restoreMocks: true, unstubEnvs: true }),
      project('runner', ['runner/**/*.spec.ts'], {
        exclude: [...gpuSpecs, ...GPU_ALONE, ...agentSpecs],
        // Together they import TensorFlow.js and compile its hot code once.
        isolate: false,
        restoreMocks: true,
        unstubEnvs: true,
      }),
      project('gpu', gpuSpecs, {
        ...gpuNeeds,
        exclude: GPU_ALONE,
        // Together they compile the GPU's programs once, which a software GPU does slowly.
        isolate: false,
        restoreMocks: true,
        unstubEnvs: true,
      }),
      project('gpu-alone', GPU_ALONE, gpuNeeds),
      // Everything else, so that no spec is left out because of its folder.
      project('tools', ['**/*.spec.{ts,tsx}'], {
        exclude: ['{schema,web,runner,e2e,fuzz}/**', 'chaos/*.spec.ts', ...serverSpecs],
        setupFiles: ['reflect-metadata'],
        isolate: false,
        restoreMocks: true,
        unstubEnvs: true,
      }),
      project('e2e', ['{e2e,fuzz}/**/*.spec.ts', 'chaos/*.spec.ts'], {
        globalSetup: ['e2e/support/dashboard.global-setup.ts', 'e2e/support/database.global-setup.ts'],
        setupFiles: ['reflect-metadata'],
        isolate: false,
        restoreMocks: true,
        unstubEnvs: true,
      }),
    ],
  },
});
