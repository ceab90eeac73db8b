import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { schemaText } from './schema.js';

/** Run from dist/server: writes schema/schema.graphql, or with --check only says whether it is up to date. */
const file = fileURLToPath(new URL('../../schema/schema.graphql', import.meta.url));
const text = schemaText();

if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (readFileSync(file, 'utf8') !== text) {
  console.error('schema/schema.graphql is not what the classes say: run "npm run schema" and commit the result');
  process.exitCode = 1;
}
