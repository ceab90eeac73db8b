import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Express, RequestHandler } from 'express';
import { PAGES } from '../../schema/pages.js';
import { notFound } from '../graphql/errors.js';
import { shortened } from '../graphql/texts.js';
import { packageRoot } from '../package-root.js';
import { precompressed } from './precompressed.js';

/** The dashboard as Vite builds it. Its links begin with `./`, because it does not know where it will be served. */
const PAGE = 'index.html';

/**
 * Serves the dashboard if it has been built. Its pages (schema/pages.ts) load the same document. So does any other address that
 * a browser opens, but with status 404: the dashboard then says that there is no such page.
 */
export function serveDashboard(app: Express, directory = join(packageRoot, 'dist/web')): void {
  const page = join(directory, PAGE);
  if (!existsSync(page)) return;
  app.use('/assets', precompressed(join(directory, 'assets'), { immutable: true }), (request) => {
    throw notFound('file', shortened(request.originalUrl, 200));
  });
  app.get(Object.values(PAGES), sendPage(page, 200));
  app.use(filesBut(PAGE, directory));
  app.get('/{*path}', (request, response, next) => {
    if (request.accepts(['json', 'html']) === 'html') return sendPage(page, 404)(request, response, next);
    next();
  });
}

/** Answers a path that nothing serves. */
export const pageNotFound: RequestHandler = ({ path }) => {
  throw notFound('page', shortened(path, 200));
};

/** Sends the document, with links that are relative to the address at which the browser shows it, below any path prefix. */
function sendPage(file: string, status: number): RequestHandler {
  return async ({ path }, response) => {
    const toRoot = '../'.repeat(path.split('/').length - 2) || './';
    const html = (await readFile(file, 'utf8')).replaceAll('="./', `="${toRoot}`);
    response.status(status).set('Cache-Control', 'no-cache').type('html').send(html);
  };
}

function filesBut(hidden: string, directory: string): RequestHandler {
  const files = precompressed(directory, { immutable: false });
  return (request, response, next) => (request.path === `/${hidden}` ? next() : files(request, response, next));
}
