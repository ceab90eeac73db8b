import { type Context, Loaders } from '../context.js';
import { Budget } from '../graphql/budget.js';

/** What a request reads with: loaders and a budget of its own. */
export const requestContext = (budget = new Budget()): Context => ({ loaders: new Loaders(true), budget }) as Context;
