import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { TestStack } from '../e2e/support/test-stack.js';
import {
  type Expensive,
  expensiveAnswers,
  expensiveBodies,
  expensiveDocuments,
  expensiveReports,
} from './documents/families.js';
import { ServerProcess } from './documents/server-process.js';

/**
 * Measures what the most expensive requests cost the server that each transport and caller may send: documents as large as the
 * limits allow, in the shapes that are worst for a parser, for validation and for execution without data, and bodies of as many
 * values as they may have. Prints one JSON line with the worst of each transport and caller; the exit code is 1 if one costs
 * more than the limit. `npm run bench:documents -- [repetitions] [--all]`; --all prints every cost to stderr.
 */
const repetitions = Number(process.argv[2] ?? 5);
const LIMITS = { cpuSeconds: 0.3, megabytes: 100 };
const USER_TOKEN = 'user-token-of-the-bench';
const REGISTRATION_TOKEN = 'registration-token-of-the-bench';

interface Cost {
  name: string;
  cpuSeconds: number;
  megabytes: number;
  answer: string;
}

const stack = new TestStack({
  AUTH: 'on',
  CROSSCHECK_USER_TOKEN: USER_TOKEN,
  CROSSCHECK_REGISTRATION_TOKEN: REGISTRATION_TOKEN,
});
let sent = 0;

try {
  const program = await stack.startServer();
  const server = new ServerProcess(program.pid, `${stack.url}/metrics`, USER_TOKEN);
  const runner = await registeredRunner();
  const [documents, bodies] = [expensiveDocuments(), expensiveBodies()];
  const everything = [...documents, ...expensiveAnswers(), ...bodies];
  const worst = {
    'http, no token': await worstOf(server, [...documents, ...bodies], overHttp(null)),
    'http, user': await worstOf(server, everything, overHttp(USER_TOKEN)),
    'http, runner': await worstOf(server, [...everything, ...expensiveReports()], overHttp(runner)),
    'websocket, user': await worstOf(server, [...documents, ...expensiveAnswers()], overWebSocket()),
  };
  console.log(JSON.stringify({ bench: 'documents', node: process.version, repetitions, limits: LIMITS, worst }));
  const tooMuch = Object.values(worst).some(
    ({ slowest, largest }) => slowest.cpuSeconds >= LIMITS.cpuSeconds || largest.megabytes >= LIMITS.megabytes,
  );
  if (tooMuch) process.exitCode = 1;
} finally {
  await stack.close();
}

/** The requests that cost the most time and the most memory. */
async function worstOf(server: ServerProcess, requests: Expensive[], send: (request: Expensive) => Promise<string>) {
  const costs: Cost[] = [];
  for (const request of requests) costs.push(await costOf(server, request, send));
  if (process.argv.includes('--all')) for (const cost of costs) console.error(JSON.stringify(cost));
  const most = (value: (cost: Cost) => number) => costs.reduce((a, b) => (value(b) > value(a) ? b : a));
  return { slowest: most(({ cpuSeconds }) => cpuSeconds), largest: most(({ megabytes }) => megabytes) };
}

/** What one request costs, on average. */
async function costOf(server: ServerProcess, request: Expensive, send: (request: Expensive) => Promise<string>) {
  // The first one also compiles the code.
  await send(fresh(request));
  const memory = server.forgetPeak();
  const before = await server.cpuSeconds();
  let answer = '';
  for (let i = 0; i < repetitions; i++) answer = await send(fresh(request));
  const cpuSeconds = (await server.cpuSeconds()) - before;
  return {
    name: request.name,
    cpuSeconds: +(cpuSeconds / repetitions).toFixed(3),
    megabytes: Math.round((server.peak() - memory) / 1e6),
    answer: answer.slice(0, 120),
  };
}

/** The same request with a document that the server has not seen. */
function fresh({ query, ...request }: Expensive): Expensive {
  return { ...request, query: `${query}#${++sent}` };
}

function overHttp(token: string | null): (request: Expensive) => Promise<string> {
  return async ({ query, variables }) => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const body = JSON.stringify({ query, variables });
    const response = await fetch(`${stack.url}/graphql`, { method: 'POST', headers, body });
    return `${response.status} ${await response.text()}`;
  };
}

function overWebSocket(): (request: Expensive) => Promise<string> {
  return async ({ query }) => {
    const client = createClient({
      url: `${stack.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { authorization: `Bearer ${USER_TOKEN}` },
    });
    const answer = new Promise<unknown>((resolve) => {
      client.subscribe({ query }, { next: resolve, error: resolve, complete: () => {} });
    });
    const text = JSON.stringify(await answer);
    await client.dispose();
    return text;
  };
}

async function registeredRunner(): Promise<string> {
  const query = `mutation ($token: String!, $info: RunnerInfoInput!) {
    registerRunner(registrationToken: $token, info: $info) { token } }`;
  const info = { name: 'bench', host: 'bench', engine: 'cpu', device: 'cpu', version: '1', datasets: [] };
  const answer = await overHttp(null)({ name: 'registration', query, variables: { token: REGISTRATION_TOKEN, info } });
  const { data } = JSON.parse(answer.slice(4)) as { data: { registerRunner: { token: string } } };
  return data.registerRunner.token;
}
