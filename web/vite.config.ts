import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The API in development. The proxy keeps the Host header, because a server without tokens only answers localhost. */
const server = process.env.CROSSCHECK_SERVER ?? 'http://127.0.0.1:4000';

export default defineConfig({
  root: here('.'),
  // Relative links, so that the dashboard works below any path prefix.
  base: './',
  // Not in node_modules, which several checkouts may share.
  cacheDir: here('../dist/.vite'),
  plugins: [react()],
  build: { outDir: here('../dist/web'), emptyOutDir: true, chunkSizeWarningLimit: 800 },
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
