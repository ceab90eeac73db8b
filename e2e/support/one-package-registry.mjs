/**
 * An npm registry with a single package: `node one-package-registry.mjs NAME VERSION TARBALL`. It prints its address. It
 * needs its own process, because the code under test blocks while it waits for npm.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [name, version, tarball] = process.argv.slice(2);

const server = createServer((request, response) => {
  if (request.url === '/package.tgz') return response.end(readFileSync(tarball));
  if (request.url !== `/${name}`) return response.writeHead(404).end('{}');
  const dist = { tarball: `${address()}/package.tgz` };
  const body = { name, 'dist-tags': { latest: version }, versions: { [version]: { name, version, dist } } };
  return response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
});
server.listen(0, '127.0.0.1', () => console.log(address()));

const address = () => `http://127.0.0.1:${server.address().port}`;
