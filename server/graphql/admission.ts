import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
  visit,
} from 'graphql';
import { DocumentCache } from './document-cache.js';
import { AppError, refusal } from './errors.js';
import { isGiven } from './given.js';
import { sizeProblems } from './limits.js';
import { PERSISTED_DOCUMENTS, persistedHash } from './persisted-documents.js';
import { checkText, MAX_TOKENS } from './text-limits.js';

/** Each error costs time, and nobody reads more. */
const MAX_VALIDATION_ERRORS = 20;

/** An operation as a client sends it, over either transport. Nothing has been checked. */
export interface OperationRequest {
  query?: unknown;
  operationName?: unknown;
  variables?: unknown;
  extensions?: unknown;
}

/** An operation that can be executed. */
export interface Admitted {
  query: string;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Record<string, unknown>;
}

/** @throws nothing: what is wrong with the request is returned, and is meant for the client */
export type Admission = (request: OperationRequest, caller: { isKnown: boolean }) => Admitted | GraphQLError[];

/**
 * Creates the function that decides whether an operation is executed, for HTTP and WebSocket alike: its text is short enough
 * to be parsed, it is valid, and it does not ask for too much. A caller without a token, where tokens are required, does
 * not learn the schema.
 */
export function createAdmission(schema: GraphQLSchema): Admission {
  const cache = new DocumentCache();

  const documentOf = (query: string): DocumentNode | GraphQLError[] => {
    const known = cache.get(query);
    if (known) return known;
    const document = parsed(query);
    if (Array.isArray(document)) return document;
    const errors = validate(schema, document, undefined, { maxErrors: MAX_VALIDATION_ERRORS });
    if (errors.length > 0) return errors.map(explained);
    cache.set(query, document);
    return document;
  };

  return ({ query: sent, operationName, variables: given, extensions }, { isKnown }) => {
    const hash = !isGiven(sent) || sent === '' ? persistedHash(extensions) : null;
    const query = hash === null ? sent : PERSISTED_DOCUMENTS.get(hash);
    if (hash !== null && query === undefined) return [refusal('DOCUMENT_UNKNOWN', { hash })];
    if (typeof query !== 'string' || query.trim() === '') {
      return [refusal('NO_QUERY')];
    }
    if (isGiven(operationName) && typeof operationName !== 'string') {
      return [refusal('OPERATION_NAME_INVALID')];
    }
    if (isGiven(given) && !isRecord(given)) {
      return [refusal('VARIABLES_INVALID')];
    }
    const variables = given ?? {};
    const document = documentOf(query);
    if (Array.isArray(document)) return isKnown ? document : document.map(withoutSuggestions);
    const operation = getOperationAST(document, operationName);
    if (!operation) return [unknownOperation(document, operationName)];
    if (!isKnown && readsSchema(document)) {
      return [refusal('SCHEMA_NEEDS_TOKEN')];
    }
    const problems = sizeProblems(schema, document, operation, variables);
    return problems.length > 0 ? problems : { query, document, operation, variables };
  };
}

function parsed(query: string): DocumentNode | GraphQLError[] {
  try {
    checkText(query);
    return parse(query, { maxTokens: MAX_TOKENS });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return [error instanceof AppError ? error : placed(refusal('SYNTAX_ERROR', { error: error.message }), error)];
  }
}

/** graphql-js gives up when comparing fields of the same name takes too long, and does not say so. */
function explained(error: GraphQLError): GraphQLError {
  if (error.message === 'Validation aborted.') return refusal('FIELDS_REPEATED');
  return placed(refusal('DOCUMENT_INVALID', { error: error.message }), error);
}

/** The error, at the same place in the document as another one. */
function placed({ message, extensions }: AppError, { nodes, source, positions }: GraphQLError): GraphQLError {
  return new GraphQLError(message, { nodes, source, positions, extensions });
}

/** The names in "Did you mean …?" are the schema's. */
function withoutSuggestions(error: GraphQLError): GraphQLError {
  if (error.extensions.reason !== 'DOCUMENT_INVALID') return error;
  return placed(refusal('DOCUMENT_INVALID', { error: error.message.replace(/ ?Did you mean .+\?$/s, '') }), error);
}

function unknownOperation(document: DocumentNode, name: string | null | undefined): AppError {
  const operations = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  const names = operations.map((operation) => operation.name?.value ?? '');
  if (operations.length === 0) return refusal('NO_OPERATION');
  return isGiven(name) ? refusal('OPERATION_UNKNOWN', { names, name }) : refusal('OPERATION_NAME_MISSING', { names });
}

function readsSchema(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Field({ name }) {
      if (name.value === '__schema' || name.value === '__type') found = true;
    },
  });
  return found;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
