import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { compressed } from './build/compressed.js';
import { parsedMessages } from './build/messages.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The API in development. The proxy keeps the Host header, because a server without tokens only answers localhost. */
const server = process.env.CROSSCHECK_SERVER ?? 'http://127.0.0.1:4000';

/** GraphiQL's styles contain fonts and images as data, which the policy of our pages does not load (explorer.css). */
const withoutData: Plugin = {
  name: 'without-data',
  enforce: 'pre',
  transform(code, id) {
    if (!/graphiql\/dist\/style\.css$/.test(id)) return null;
    return code.replace(/@font-face\s*\{[^}]*\}/g, '').replace(/url\("?data:[^)]*\)/g, 'none');
  },
};

export default defineConfig({
  root: here('.'),
  // Relative links, so that the dashboard works below any path prefix.
  base: './',
  // Not in node_modules, which several checkouts may share.
  cacheDir: here('../dist/.vite'),
  plugins: [react(), withoutData, parsedMessages, compressed],
  resolve: {
    alias: [
      { find: 'react-style-singleton', replacement: here('pages/explorer/style-singleton.ts') },
      // Messages are parsed by the build (build/messages.ts).
      {
        find: /^@formatjs\/icu-messageformat-parser$/,
        replacement: '@formatjs/icu-messageformat-parser/no-parser.js',
      },
    ],
  },
  build: { outDir: here('../dist/web'), emptyOutDir: true, chunkSizeWarningLimit: 1200 },
  server: {
    host: '127.0.0.1',
    // Without the headers of a proxy, which a server without tokens refuses.
    proxy: {
      '/graphql': { target: server, ws: true },
      '/blobs': server,
      '/healthz': server,
      '/metrics': server,
    },
  },
});
