import type { DataSource } from 'typeorm';
import type { Context } from './context.js';
import type { Transaction } from './database/transaction.js';
import type { Env } from './env.js';
import type { Events } from './events/events.js';
import type { Node } from './graphql/node.js';
import type { Logger } from './logger.js';

/** What every module can use. */
export interface Base extends Surroundings {
  /** The kinds of report of all modules. */
  reportKinds: readonly StoredKind[];
  /** The types of objects of all modules that are found by their ids alone. */
  nodeKinds: readonly LoadableKind[];
}

/** What the modules are constructed from. */
export interface Surroundings {
  dataSource: DataSource;
  events: Events;
  env: Env;
  logger: Logger;
  version: string;
}

/** The run and attempt that a report belongs to, and the transaction that stores it. */
export interface ReportPlace {
  /** Stores the whole report and its number. */
  transaction: Transaction;
  run: { id: string; datasetId: string; studyId: string | null };
  attempt: { id: string; fence: number };
  /** The number of the change of the run. Subscribers continue after it. */
  change: number;
}

type InputClass = new () => object;

/** A kind of content that a report can have: its field in the API, and how it is stored. */
export interface ReportKind<Services> {
  /** The name of its field in AttemptReportInput. */
  field: string;
  /** The field's type. */
  input: () => InputClass | [InputClass];
  description?: string;
  /** Stores the content of the field. It is not called for null or an empty list. */
  record: (services: Services, place: ReportPlace, content: never) => Promise<void>;
  /**
   * For what most reports have, and nothing else: checks the content and returns what stores it in the same statement as the
   * report. Null if it has to be recorded instead.
   */
  prepare?: (services: Services, attemptId: string, content: never) => Promise<ReportPart | null>;
}

/** What the statement that stores a report does in addition (server/attempts/report-statement.ts). */
export interface ReportPart {
  /** Distinguishes the statement from that of other parts. */
  name: string;
  /** CTEs. `run (id)` has a row if the report is stored. Their parameters are numbered from `first`. */
  ctes: (first: number) => string;
  /** What is selected in the end. */
  selected: string;
  values: unknown[];
  /** Called with the row that was selected, when the report is stored. */
  stored(runId: string, row: object): void;
}

/** A kind of report together with the services that store it. */
export interface StoredKind {
  field: string;
  record(place: ReportPlace, content: unknown): Promise<void>;
  prepare: ((attemptId: string, content: unknown) => Promise<ReportPart | null>) | undefined;
}

/** A type of objects that `node(id)` finds: an entity that implements `Node`. */
export interface NodeKind<Services> {
  entity: new () => Node;
  /** The objects with these ids that the caller may see, in any order. */
  load: (services: Services, context: Context, ids: readonly string[]) => Promise<Node[]>;
}

/** Such a type together with the services that load its objects. */
export interface LoadableKind {
  entity: EntityClass;
  load(context: Context, ids: readonly string[]): Promise<Node[]>;
}

/** A feature of the server: everything that the rest of the server needs to know about it. */
export interface Module<Needs, Given> {
  /** Constructs the feature's services, under the names by which later modules ask for them. */
  create: (needs: Needs) => Given;
  /** The entity classes of its tables. */
  entities?: EntityClass[];
  /** Resolver classes. They are constructed with the services that the module needs and those that it creates. */
  resolvers?: (new (
    services: NoInfer<Needs & Given>,
  ) => object)[];
  /** The kinds of report that it stores. */
  report?: ReportKind<NoInfer<Needs & Given>> | ReportKind<NoInfer<Needs & Given>>[];
  /** The types of its objects that are found by their ids alone. */
  nodes?: NodeKind<NoInfer<Needs & Given>>[];
}

export type EntityClass = new () => object;

/** Declares a feature. The services in the type of `create`'s parameter must come from earlier modules. */
export function createModule<Needs, Given extends object>(module: Module<Needs, Given>): Module<Needs, Given> {
  return module;
}
