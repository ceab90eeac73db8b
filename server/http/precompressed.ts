import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type RequestHandler } from 'express';

/** The encodings in which the build stores its files, by the end of their names, the smallest first. */
export const STORED_ENCODINGS = { br: '.br', gzip: '.gz' } as const;
type Encoding = keyof typeof STORED_ENCODINGS;
const ENCODINGS = Object.keys(STORED_ENCODINGS) as Encoding[];

/** Names that have been checked by the build: no path segment can lead out of the folder. */
const PLAIN = /^(\/[\w-][\w.-]*)+$/;

interface Options {
  /** Whether a name always means the same content, so that browsers need never ask again. */
  immutable: boolean;
}

/**
 * Serves the files of a folder. Where the build has stored a file compressed as well (`x.js.br`, `x.js.gz`; web/vite.config.ts), a
 * browser that accepts it gets that, so that nothing is compressed while it waits.
 */
export function precompressed(directory: string, { immutable }: Options): RequestHandler {
  const caching = immutable ? { immutable, maxAge: '1y' } : {};
  const plain = express.static(directory, { index: false, ...caching });
  const compressed = ENCODINGS.map((encoding) => ({
    encoding,
    serve: express.static(directory, {
      index: false,
      ...caching,
      setHeaders: (response) => response.setHeader('Content-Encoding', encoding),
    }),
  }));
  return (request, response, next) => {
    const { path } = request;
    const stored = PLAIN.test(path)
      ? compressed.filter(({ encoding }) => existsSync(join(directory, path + STORED_ENCODINGS[encoding])))
      : [];
    if (stored.length === 0) return plain(request, response, next);
    response.vary('Accept-Encoding');
    // The smallest, and not what the browser names first: it accepts all of them alike.
    const chosen = stored.find(({ encoding }) => request.acceptsEncodings(encoding) === encoding);
    if (!chosen) return plain(request, response, next);
    // The type of the file itself; from the name that is served, it would be that of an archive.
    response.type(path.slice(path.lastIndexOf('.')));
    const { url } = request;
    request.url = url.replace(path, path + STORED_ENCODINGS[chosen.encoding]);
    chosen.serve(request, response, (error?: unknown) => {
      request.url = url;
      next(error);
    });
  };
}
