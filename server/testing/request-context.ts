import { type Context, Loaders } from '../context.js';
import { Budget } from '../graphql/budget.js';

/** The loaders and the budget of one request. */
export const requestContext = (budget = new Budget()): Context => ({ loaders: new Loaders(true), budget }) as Context;
