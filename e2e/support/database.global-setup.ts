import { TestStack } from './test-stack.js';

/** Lets a server create its database once. Stacks copy it, because a copy takes a fraction of the time of `initdb`. */
export default async function setup(): Promise<() => Promise<void>> {
  const stack = new TestStack();
  await stack.startServer();
  await stack.server!.stop();
  process.env.CROSSCHECK_NEW_DATABASE = stack.home('server');
  return () => stack.close();
}
