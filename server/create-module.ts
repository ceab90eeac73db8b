import type { DataSource } from 'typeorm';
import type { Transaction } from './database/transaction.js';
import type { Env } from './env.js';
import type { Events } from './events/events.js';
import type { Logger } from './logger.js';

/** What every module can use. */
export interface Base extends Surroundings {
  /** Every kind of report, of whichever module. */
  reportKinds: readonly StoredKind[];
}

/** What the modules are constructed from. */
export interface Surroundings {
  dataSource: DataSource;
  events: Events;
  env: Env;
  logger: Logger;
  version: string;
}

/** Where the content of a report belongs. */
export interface ReportPlace {
  /** The whole report and its number are stored in one. */
  transaction: Transaction;
  run: { id: string; datasetId: string; studyId: string | null };
  attempt: { id: string; fence: number };
}

type InputClass = new () => object;

/** A kind of content that a report can have. The field of the API and the storing both follow from it. */
export interface ReportKind<Services> {
  /** The name of its field in AttemptReportInput. */
  field: string;
  /** The field's type. */
  input: () => InputClass | [InputClass];
  description?: string;
  /** Stores what a report has in the field. It is not called for null, nor for an empty list. */
  record: (services: Services, place: ReportPlace, content: never) => Promise<void>;
}

/** A kind of report together with the services that store it. */
export interface StoredKind {
  field: string;
  record(place: ReportPlace, content: unknown): Promise<void>;
}

/** A feature of the server: everything that the rest of the server needs to know of it. */
export interface Module<Needs, Given> {
  /** Constructs the feature's services, by the names under which later modules ask for them. */
  create: (needs: Needs) => Given;
  /** Classes that describe its tables. */
  entities?: EntityClass[];
  /** Constructed with the services that the module needs and gives. */
  resolvers?: (new (
    services: NoInfer<Needs & Given>,
  ) => object)[];
  report?: ReportKind<NoInfer<Needs & Given>>;
}

export type EntityClass = new () => object;

/** Describes a feature; what `create` asks for by its parameter's type must come from an earlier module. */
export function createModule<Needs, Given extends object>(module: Module<Needs, Given>): Module<Needs, Given> {
  return module;
}
