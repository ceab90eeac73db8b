import type { CodegenConfig } from '@graphql-codegen/cli';
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset';

/**
 * Typed documents of the clients, generated from the committed SDL and schema/operations/{runner,web,cli}/*.graphql.
 * `npm run schema` writes them; `--check` fails if a committed file is out of date.
 */
const common = {
  useTypeImports: true,
  enumsAsTypes: true,
  strictScalars: true,
  scalars: {
    ID: 'string',
    DateTime: 'string',
    JSON: 'unknown',
    JSONObject: 'Record<string, unknown>',
    SafeInt: 'number',
    FilterValue: 'string | number | boolean | (string | number | boolean)[]',
    FieldValue: 'string | number | boolean | (string | number | boolean)[]',
    PackedInts: 'string',
    PackedFloats: 'string',
    // NaN, Infinity and -Infinity are sent as strings, because JSON has no numbers for them.
    MetricValue: "number | 'NaN' | 'Infinity' | '-Infinity'",
  },
};

const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  importExtension: '.js',
  silent: true,
  // `silent` hides errors, too.
  hooks: { onError: (error: unknown) => console.error(`graphql-codegen: ${error}`) },
  generates: {
    'schema/generated/runner/': {
      preset: 'client',
      documents: 'schema/operations/runner/*.graphql',
      presetConfig: { fragmentMasking: false },
      // Strings, so that the runner needs no GraphQL parser.
      config: { ...common, documentMode: 'string' },
    },
    'schema/generated/cli/': {
      preset: 'client',
      documents: 'schema/operations/cli/*.graphql',
      presetConfig: { fragmentMasking: false },
      config: { ...common, documentMode: 'string' },
    },
    'schema/generated/web/': {
      preset: 'client',
      documents: 'schema/operations/web/*.graphql',
      // The dashboard sends the hash of a document instead of its text (docs/decisions/0030-api-conventions.md). Its cache
      // adds __typename to every document, so the documents that the server knows must have it, too.
      documentTransforms: [addTypenameSelectionDocumentTransform],
      presetConfig: { fragmentMasking: false, persistedDocuments: { hashAlgorithm: 'sha256' } },
      config: common,
    },
  },
};

export default config;
