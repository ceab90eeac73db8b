import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { say, secondsSince } from './output.js';
import { root } from './places.js';
import { runTask } from './tasks.js';

const EMIT = 'dist/server/emit-schema.js';
const CODEGEN = ['node_modules/@graphql-codegen/cli/esm/bin.js', '--config', 'schema/codegen.ts'];

/** Writes schema/schema.graphql from the compiled server's classes. @returns whether it has changed */
export async function emitSchema(): Promise<boolean> {
  const before = schemaText();
  const { ok, output } = await runTask([EMIT], { finishes: true });
  if (!ok) say('schema', `schema/schema.graphql was not updated: ${/^\w*Error: .*$/m.exec(output)?.[0] ?? output}`);
  const changed = ok && schemaText() !== before;
  if (changed) say('schema', 'schema/schema.graphql has changed');
  return changed;
}

/** Writes schema/generated from the schema and the clients' documents. */
export async function generateDocuments(): Promise<void> {
  const startMs = Date.now();
  const { ok, output } = await runTask(CODEGEN, { finishes: true });
  if (ok) say('schema', `schema/generated written in ${secondsSince(startMs)}`);
  else if (output) say('schema', `schema/generated was not updated:\n${output}`);
}

function schemaText(): string {
  return readFileSync(join(root, 'schema/schema.graphql'), 'utf8');
}
