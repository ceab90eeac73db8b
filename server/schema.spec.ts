import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from './package-root.js';
import { schemaText } from './schema.js';

it('schema/schema.graphql is what the classes say ("npm run schema" writes it)', () => {
  expect(readFileSync(join(packageRoot, 'schema/schema.graphql'), 'utf8')).toBe(schemaText());
});
