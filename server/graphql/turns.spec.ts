import { buildSchema, execute, parse } from 'graphql';
import { expect, it } from 'vitest';
import { Budget } from './budget.js';
import { chargeLists } from './charge-lists.js';

it('long lists of an operation leave turns of the event loop to others', async () => {
  const schema = chargeLists(buildSchema('type Query { numbers(count: Int!): [Int!]! }'));
  const numbers = ({ count }: { count: number }) => Array.from({ length: count }, (_, i) => i);
  const lists = 25;
  const query = (count: number) => `{ ${numbers({ count: lists }).map((i) => `l${i}: numbers(count: ${count})`)} }`;
  const turnsDuring = async (count: number) => {
    let [turns, isDone] = [0, false];
    const next = () => {
      turns++;
      if (!isDone) setImmediate(next);
    };
    const contextValue = { budget: new Budget() };
    const answer = execute({ schema, document: parse(query(count)), rootValue: { numbers }, contextValue });
    setImmediate(next);
    const { data } = await answer;
    isDone = true;
    expect(data!.l7).toEqual(numbers({ count }));
    return turns;
  };
  expect(await turnsDuring(5000)).toBeGreaterThanOrEqual(lists);
  expect(await turnsDuring(10)).toBeLessThan(5);
});
