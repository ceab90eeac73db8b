import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestStack } from './test-stack.js';

/** Waiting for the disk takes a part of every transaction, and these databases need not survive a power failure. */
const FORGET_ON_POWER_LOSS = 'fsync = off\nfull_page_writes = off\n';

/** Lets a server create its database once. Stacks copy it, because a copy takes a fraction of the time of `initdb`. */
export default async function setup(): Promise<() => Promise<void>> {
  const stack = new TestStack();
  await stack.startServer();
  await stack.server!.stop();
  appendFileSync(join(stack.home('server'), 'postgres/data/postgresql.auto.conf'), FORGET_ON_POWER_LOSS);
  process.env.CROSSCHECK_NEW_DATABASE = stack.home('server');
  return () => stack.close();
}
