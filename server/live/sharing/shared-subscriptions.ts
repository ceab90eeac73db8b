import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  getOperationAST,
  Kind,
  visit,
} from 'graphql';
import type { Principal } from '../../auth/principal.js';
import { type Context, Loaders } from '../../context.js';
import { databaseFault, type Mask } from '../../graphql/masking.js';
import { stringifyInTurns } from '../../graphql/stringify.js';
import { Feed, type Render } from './feed.js';
import { LiveStream } from './live-stream.js';

/** A subscription to execute. */
export interface SubscriptionArgs extends ExecutionArgs {
  /** The text of the document. */
  query: string;
  contextValue: Context;
}

/** The argument that says where a subscriber continues. It does not change what is sent from there on. */
const POSITION_ARGUMENT = 'after';

/**
 * Executes subscriptions. All that have the same document, variables and authorisation share a feed: what they select is read, executed
 * and serialised once, however many there are.
 */
export class SharedSubscriptions {
  private readonly feeds = new Map<string, Feed<unknown, string>>();
  private readonly usedVariables = new WeakMap<DocumentNode, Map<string, ReadonlySet<string>>>();

  constructor(private readonly mask: Mask) {}

  /** Results as JSON. What the resolver refuses is returned as a result with errors. */
  async subscribe(args: SubscriptionArgs): Promise<AsyncIterableIterator<string> | ExecutionResult> {
    const stream = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in stream)) return stream;
    if (!(stream instanceof LiveStream)) throw new Error('the resolver of a subscription must return a LiveStream');
    const { source, first } = stream as LiveStream<unknown>;
    return this.feedOf(args, source).follow(first, this.renderOf(args));
  }

  private feedOf(args: SubscriptionArgs, source: LiveStream<unknown>['source']): Feed<unknown, string> {
    const key = this.keyOf(args);
    const known = this.feeds.get(key);
    if (known) return known;
    const feed: Feed<unknown, string> = new Feed(source, () => {
      if (this.feeds.get(key) === feed) this.feeds.delete(key);
    });
    this.feeds.set(key, feed);
    return feed;
  }

  private renderOf(args: SubscriptionArgs): Render<unknown, string> {
    return async (payloads) => {
      // This limits how fast a client catches up. Pieces of less than half the budget are never refused.
      await args.contextValue.budget.refilled();
      // What is read for one batch is read once, and nothing that is older than the batch.
      const contextValue: Context = { ...args.contextValue, loaders: new Loaders(true) };
      return Promise.all(
        payloads.map(async (rootValue) => {
          const { data, errors } = await execute({ ...args, contextValue, rootValue });
          // As a message, the failure would count as delivered. So the followers fail, and continue from where they were.
          const fault = errors?.find(({ originalError }) => databaseFault(originalError) !== null);
          if (fault) throw fault.originalError;
          return resultText({ data, errors }, this.mask);
        }),
      );
    };
  }

  private keyOf({ query, document, operationName, variableValues, contextValue }: SubscriptionArgs): string {
    const used = this.usedVariablesOf(document, operationName ?? null);
    const variables = Object.entries(variableValues ?? {}).filter(([name]) => used.has(name));
    variables.sort(([a], [b]) => (a < b ? -1 : 1));
    return JSON.stringify([levelOf(contextValue.principal), operationName ?? null, variables, query]);
  }

  private usedVariablesOf(document: DocumentNode, operationName: string | null): ReadonlySet<string> {
    const byName = this.usedVariables.get(document) ?? new Map<string, ReadonlySet<string>>();
    this.usedVariables.set(document, byName);
    const known = byName.get(operationName ?? '');
    if (known) return known;
    const found = variablesExceptPosition(document, operationName);
    byName.set(operationName ?? '', found);
    return found;
  }
}

/** A result as JSON, with what clients may see of its errors. */
export function resultText({ errors, ...result }: ExecutionResult, mask: Mask): Promise<string> {
  return stringifyInTurns(errors ? { ...result, errors: errors.map(mask) } : result);
}

/** Those who may see the same. A field below a subscription depends on nothing else of the principal. */
function levelOf(principal: Principal): string {
  if (principal.kind === 'account') return principal.role;
  return principal.kind === 'runner' ? principal.runnerId : principal.kind;
}

/** The variables of an operation, except one that is only used to say where the subscriber continues. */
function variablesExceptPosition(document: DocumentNode, operationName: string | null): ReadonlySet<string> {
  const root = getOperationAST(document, operationName)?.selectionSet.selections[0];
  const found = new Set<string>();
  visit(document, {
    Argument(node) {
      const isPosition = root?.kind === Kind.FIELD && root.arguments?.includes(node);
      return isPosition && node.name.value === POSITION_ARGUMENT ? false : undefined;
    },
    VariableDefinition: () => false,
    Variable({ name }) {
      found.add(name.value);
    },
  });
  return found;
}
