import { buildASTSchema, type DocumentNode, Kind, parse } from 'graphql';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RunnerInfoInput } from '../../schema/generated/runner/graphql.js';
import { type Machine, type RegisterOptions, register } from './commands.js';
import { SCHEMA, ScriptedServer } from './testing/scripted-server.js';
import { agent, home, lines, reportedSteps, SHAPES, server, testAgents } from './testing/test-agent.js';

testAgents();

const COMMIT = 'c'.repeat(40);
const FACTS = { version: 1 };

/** The schema without a field of an input, as an older server has it. */
function without(schema: DocumentNode, input: string, field: string): DocumentNode {
  const isIt = ({ name }: { name: { value: string } }) => name.value === field;
  const definitions = schema.definitions.map((definition) => {
    if (definition.kind !== Kind.INPUT_OBJECT_TYPE_DEFINITION || definition.name.value !== input) return definition;
    expect(definition.fields!.some(isIt)).toBe(true);
    return { ...definition, fields: definition.fields!.filter((each) => !isIt(each)) };
  });
  return { ...schema, definitions };
}

const NO_COMMIT = without(parse(SCHEMA), 'RunnerInfoInput', 'commit');

/** What a runner announced that registered with a server of its own, like that of the agents. */
async function registered(): Promise<RunnerInfoInput[]> {
  const own = new ScriptedServer();
  own.schema = server.schema;
  await own.listen();
  const options: RegisterOptions = {
    ...{ server: [own.url], token: 't', name: 'r', pool: 'default', engine: 'auto', kernels: 'auto', adapter: [] },
    ...{ data: [], home, force: false, weights: [], allowHost: [] },
  };
  const machine: Machine = {
    ...{ version: '1', commit: COMMIT, trainScript: '', print: (line) => lines.push(line) },
    startEngine: async () => ({ name: 'cpu', device: 'cpu', reason: 'cpu' }),
  };
  await register(options, machine).finally(() => own.close());
  return own.announced;
}

describe('a server that speaks', () => {
  const info = { commit: COMMIT, datasets: [{ ...SHAPES, facts: FACTS }] };

  it('this version gets all that a runner announces', async () => {
    server.queue.push({ steps: 2 });
    expect(await registered()).toMatchObject([{ commit: COMMIT }]);
    await agent({ info }).run();
    expect(server.announced).toMatchObject([info]);
  });

  describe.each([2, 3, 4])('version %d', (version) => {
    beforeEach(() => void Object.assign(server, { protocolVersion: version, schema: buildASTSchema(NO_COMMIT) }));

    it('gets no commit, and the runner registers and trains', async () => {
      server.queue.push({ steps: 2 });
      const first = await registered();
      expect(await agent({ info }).run()).toMatchObject({ outcome: 'SUCCEEDED' });
      expect([...first, ...server.announced].map((announced) => 'commit' in announced)).toEqual([false, false]);
      expect(server.announced[0]!.datasets).toMatchObject([{ facts: FACTS }]);
      expect(reportedSteps()).toEqual([1, 2]);
      const line = 'the server is older than this runner, so it does not store the commit of its code';
      expect(lines.filter((each) => each === line)).toHaveLength(2);
    });
  });

  it('version 2, from before runners announced what their datasets hold, gets neither', async () => {
    const schema = buildASTSchema(without(NO_COMMIT, 'DatasetInput', 'facts'));
    Object.assign(server, { protocolVersion: 2, schema });
    server.queue.push({ steps: 2 });
    const first = await registered();
    expect(await agent({ info }).run()).toMatchObject({ outcome: 'SUCCEEDED' });
    for (const announced of [...first, ...server.announced]) {
      expect(announced).not.toHaveProperty('commit');
      expect(announced.datasets[0]).not.toHaveProperty('facts');
    }
  });

  it('an older version and needs what it does not know is named, and not asked again', async () => {
    server.schema = buildASTSchema(without(parse(SCHEMA), 'RunnerInfoInput', 'slots'));
    await expect(agent({ info }).run()).rejects.toThrow(
      'does not know its request StartRunner (Field "slots" is not defined by type "RunnerInfoInput"); upgrade the server first',
    );
    expect(server.operations.filter((name) => name === 'StartRunner')).toHaveLength(1);
  });
});
