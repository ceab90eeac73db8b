import { type DocumentNode, print } from 'graphql';
import * as dashboard from '../../schema/generated/web/graphql.js';

/** A document as codegen generates it, with the hash of its text. */
type Generated = DocumentNode & { __meta__: { hash: string } };

/**
 * The texts of the documents that the dashboard of this version sends, by their SHA-256 in hex. Only the build adds to them: a
 * request never does, so a hash always means what the dashboard's authors wrote.
 */
export const PERSISTED_DOCUMENTS: ReadonlyMap<string, string> = new Map(
  Object.values<unknown>(dashboard)
    .filter(isGenerated)
    .map((document) => [document.__meta__.hash.replace(/^sha256:/, ''), print(document)]),
);

function isGenerated(value: unknown): value is Generated {
  return typeof value === 'object' && value !== null && '__meta__' in value;
}

/** The hash that a request sends in place of a text, in the form of Apollo's and urql's clients; null if it sends none. */
export function persistedHash(extensions: unknown): string | null {
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: { sha256Hash?: unknown } | null };
  const hash = persistedQuery?.sha256Hash;
  return typeof hash === 'string' ? hash : null;
}
