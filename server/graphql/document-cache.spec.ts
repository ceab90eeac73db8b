import { parse } from 'graphql';
import { expect, it } from 'vitest';
import { DocumentCache } from './document-cache.js';

const text = (name: string, fields: number) => `{ ${name} { ${'id '.repeat(fields)}} }`;

function put(cache: DocumentCache, query: string): void {
  cache.set(query, parse(query));
}

it('keeps what is used, and forgets the document that was not used for the longest time', () => {
  const cache = new DocumentCache();
  for (const name of ['a', 'b', 'c']) put(cache, text(name, 1800));
  expect(cache.get(text('a', 1800))).toBeDefined();
  put(cache, text('d', 1800));
  const kept = ['a', 'b', 'c', 'd'].filter((name) => cache.get(text(name, 1800)));
  expect(kept).toEqual(['a', 'c', 'd']);
});

it('counts tokens, not documents: many small ones fit, and the same one counts once', () => {
  const cache = new DocumentCache();
  const small = Array.from({ length: 400 }, (_, i) => text(`small${i}`, 5));
  for (const query of [...small, ...small]) put(cache, query);
  expect(small.filter((query) => cache.get(query))).toHaveLength(400);
});
