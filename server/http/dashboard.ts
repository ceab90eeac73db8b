import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type Express } from 'express';
import { notFound } from '../graphql/errors.js';
import { shortened } from '../graphql/texts.js';
import { packageRoot } from '../package-root.js';

/** Serves the dashboard if it has been built. All of its addresses (/runs/…) load the same page. */
export function serveDashboard(app: Express, directory = join(packageRoot, 'dist/web')): void {
  if (!existsSync(join(directory, 'index.html'))) return;
  app.use('/assets', express.static(join(directory, 'assets'), { immutable: true, maxAge: '1y' }), (request) => {
    throw notFound('file', shortened(request.originalUrl, 200));
  });
  app.use(express.static(directory));
  app.get('/{*path}', (_request, response) => {
    response.set('Cache-Control', 'no-cache').sendFile(join(directory, 'index.html'));
  });
}
