import { type Call, Worker } from './calls.js';
import { baseInput } from './cases/base-input.js';
import { type Case, casesOf, fewValidCases, sampled, validCases } from './cases/cases.js';
import type { Operation } from './cases/operations.js';
import type { Reproduction } from './faults/fault-list.js';
import { faultsOf, shortened } from './faults/faults.js';
import { type Findings, shownAnswer } from './faults/findings.js';
import type { FuzzOptions } from './options.js';
import { Random } from './random.js';
import type { WatchedServer } from './server/watched-server.js';
import type { Tally } from './tally.js';
import { hasData } from './transports/answer.js';
import type { Caller } from './world/callers.js';
import type { World } from './world/world.js';

/** How many calls are in progress at the same time. */
const WORKERS = 4;
/** After this many calls, what they have created is deleted. */
const CALLS_BETWEEN_TIDYING = 2000;
/** A server may close the connection before it has read all of a longer request. */
const MAY_BE_CUT_CHARACTERS = 500_000;
/** Slow calls that are made again, alone. */
const MOST_CONFIRMED = 40;

/** Calls the operations of the schema. */
export class OperationCalls {
  private readonly workers: Worker[];
  /** Who gets an answer with data, by operation. Not known of any operation until all valid calls are made. */
  private reached: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  private readonly slow: Call[] = [];
  private slowestMs = 0;

  constructor(
    private readonly deps: {
      server: WatchedServer;
      world: World;
      operations: readonly Operation[];
      callers: readonly Caller[];
      options: FuzzOptions;
      findings: Findings;
      tally: Tally;
    },
  ) {
    this.workers = Array.from({ length: WORKERS }, (_, i) => new Worker(i, deps.world, deps.server.url));
  }

  /** Makes valid calls. Finds out who gets an answer with data, and expects that somebody does. */
  async valid(): Promise<void> {
    const { operations, callers, options, findings } = this.deps;
    const cases =
      options.perPlace === null
        ? validCases(operations, callers)
        : fewValidCases(operations, callers, new Random(options.seed));
    const reached = new Map(operations.map(({ name }) => [name, new Set<string>()]));
    const refused = new Map<string, Call>();
    await this.inParallel(cases, (call) => {
      const { operation, caller } = call.tried;
      if (hasData(call.answer)) reached.get(operation.name)!.add(caller.name);
      else refused.set(operation.name, call);
    });
    this.reached = reached;
    for (const [name, who] of reached) {
      const call = refused.get(name);
      if (who.size === 0 && call) {
        findings.add({ kind: 'valid call that is refused', what: name }, reproductionOf(call), call.answer);
      }
    }
  }

  /** Makes the calls with hostile input, in random order, until `endMs`. Returns how many are left. */
  async hostile(endMs: number): Promise<number> {
    const { world, server, options } = this.deps;
    const random = new Random(options.seed);
    const cases = await this.cases(random);
    options.print(`${cases.length} calls`);
    let made = 0;
    while (made < cases.length && performance.now() < endMs) {
      made += await this.inParallel(cases.slice(made, made + CALLS_BETWEEN_TIDYING), () => {}, endMs);
      await world.tidy();
      const { heapUsed } = await server.heap();
      options.print(`${made} of ${cases.length} calls; the heap has ${(heapUsed / 2 ** 20).toFixed(1)} MB`);
    }
    return cases.length - made;
  }

  /** Makes slow calls again, alone: another call may have kept the server busy. Returns the longest time of an answer. */
  async confirmSlow(): Promise<number> {
    const slowest = this.slow.sort((a, b) => b.answer.milliseconds - a.answer.milliseconds).slice(0, MOST_CONFIRMED);
    for (const { tried } of slowest) {
      const again = await this.workers[0]!.call(tried, this.reaches(tried.operation, tried.caller));
      this.slowestMs = Math.max(this.slowestMs, again.answer.milliseconds);
      if (again.answer.milliseconds <= this.deps.options.slowMs) continue;
      const what = `${tried.operation.name}: ${inputOf(tried)}`;
      this.deps.findings.add({ kind: 'slow answer', what }, reproductionOf(again));
    }
    return Math.round(this.slowestMs);
  }

  async close(): Promise<void> {
    for (const worker of this.workers) await worker.close();
  }

  private async cases(random: Random): Promise<Case[]> {
    const { world, operations, callers, options } = this.deps;
    const cases: Case[] = [];
    for (const operation of operations) {
      const base = await baseInput(operation, world, { operation: operation.name, worker: 0, reaches: false });
      const ofOperation = casesOf(operation, base, callers, this.reaches);
      // One by one: there are too many for the arguments of a single push.
      for (const each of ofOperation) cases.push(each);
    }
    return random.shuffled(options.perPlace === null ? cases : sampled(cases, this.reaches, random, options.perPlace));
  }

  private readonly reaches = (operation: Operation, caller: Caller): boolean =>
    this.reached.get(operation.name)?.has(caller.name) ?? true;

  /** Makes calls until there are none left or the time is up. Returns how many it made. */
  private async inParallel(
    cases: readonly Case[],
    heard: (call: Call) => void,
    endMs = Number.POSITIVE_INFINITY,
  ): Promise<number> {
    let next = 0;
    const work = async (worker: Worker) => {
      while (next < cases.length && performance.now() < endMs) {
        const tried = cases[next++]!;
        const call = await worker.call(tried, this.reaches(tried.operation, tried.caller));
        await this.judge(call);
        heard(call);
      }
    };
    await Promise.all(this.workers.map(work));
    return next;
  }

  private async judge(call: Call): Promise<void> {
    const { findings, tally, server, options } = this.deps;
    const { answer, request, tried } = call;
    tally.add(call);
    const lastWords = server.lastWords;
    if (await server.recover(answer.failure !== null)) {
      const what = `${tried.operation.name}, or a call at the same time: ${shortened(lastWords, 500)}`;
      return findings.add({ kind: 'crash', what }, reproductionOf(call));
    }
    if (answer.milliseconds > options.slowMs) this.slow.push(call);
    else this.slowestMs = Math.max(this.slowestMs, answer.milliseconds);
    const mayBeCut = request.document.length + request.variables.length > MAY_BE_CUT_CHARACTERS;
    const isGraphql = answer.closed === null && answer.failure === null;
    for (const fault of faultsOf(answer, { graphql: isGraphql, mayBeCut })) {
      findings.add(fault, reproductionOf(call), answer);
    }
  }
}

function inputOf({ slot, value }: Case): string {
  return slot && value ? `${slot.name}: ${value.name}` : 'valid input';
}

function reproductionOf({ tried, request, answer }: Call): Reproduction {
  return {
    operation: tried.operation.name,
    caller: tried.caller.name,
    transport: `${tried.transport}, ${tried.form}`,
    input: inputOf(tried),
    document: shortened(request.document, 600),
    variables: shortened(request.variables, 600),
    answer: shownAnswer(answer),
  };
}
