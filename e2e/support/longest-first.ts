import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The slowest specs, slowest first; `npm test` prints them. Started last, one of them would run alone at the end. */
const LONGEST = [
  'e2e/runner-protocol.spec.ts',
  'e2e/demo.spec.ts',
  'e2e/dev.spec.ts',
  'e2e/demo-interrupted.spec.ts',
  'e2e/deployment.spec.ts',
  'e2e/endings.spec.ts',
  'e2e/runner-home.spec.ts',
  'chaos/chaos.spec.ts',
  'e2e/dashboard.spec.ts',
  'fuzz/fuzz.spec.ts',
  'e2e/false-server.spec.ts',
  'e2e/failing-runs.spec.ts',
  'e2e/path-prefix.spec.ts',
  'e2e/two-servers.spec.ts',
  'e2e/command-line.spec.ts',
  'runner/networks/network.spec.ts',
  'runner/training/branches/engine.spec.ts',
  'runner/training/methods/losses.spec.ts',
  'runner/check.spec.ts',
  'runner/agent/false-server.spec.ts',
  'runner/agent/damaged-home.spec.ts',
  'runner/training/branches/branches.spec.ts',
  'runner/training/train.spec.ts',
  'runner/training/watch.spec.ts',
  'runner/training/degenerate.spec.ts',
  'server/database/embedded-postgres.spec.ts',
  'server/attempts/claims.spec.ts',
  'server/graphql/check-inputs.spec.ts',
  'server/live/live-run.spec.ts',
];

/**
 * The projects in the order in which they start. A process is shared by the specs of one project and ends when the next spec
 * is of another, so specs of a project stay together. Whole scenarios come first: they take longest, and they wait, while the
 * specs of the next project compute. The last projects have only short specs.
 */
const PROJECTS = ['e2e', 'gpu', 'gpu-alone', 'agent', 'runner', 'server', 'server-alone', 'tools', 'schema-web'];

/** Starts the longest specs of each project first, so that every core has work until the end. */
export default class LongestFirst extends BaseSequencer {
  override async sort(specs: TestSpecification[]): Promise<TestSpecification[]> {
    const project = (spec: TestSpecification) => PROJECTS.indexOf(spec.project.name);
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.indexOf(relative(process.cwd(), moduleId));
      return place === -1 ? LONGEST.length : place;
    };
    // The sort is stable: the others keep Vitest's order.
    return (await super.sort(specs)).sort((a, b) => project(a) - project(b) || rank(a) - rank(b));
  }
}
