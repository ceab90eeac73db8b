import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './package-root.js';
import { schemaText } from './schema.js';

/** Writes schema/schema.graphql. With --check, only checks whether it is up to date. */
const file = join(packageRoot, 'schema/schema.graphql');
const text = schemaText();

if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (readFileSync(file, 'utf8') !== text) {
  console.error('schema/schema.graphql is out of date: run "npm run schema" and commit the result');
  process.exitCode = 1;
}
