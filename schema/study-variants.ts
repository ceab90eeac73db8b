import { z } from 'zod';
import type { ConfigProblem } from './config-problems.js';
import { isObject } from './is-object.js';
import type { MethodName } from './method-config.js';
import { methodNames } from './method-labels.js';
import { configMistake } from './problems/config-reasons.js';

/** The axis of a study over named changes of its base, such as remedies: each alone, and combinations. */

const name = z.string().min(1).max(60);
const methods = z
  .array(z.enum(methodNames))
  .min(1)
  .max(20)
  .optional()
  .describe('The methods that it is trained with; all of the matrix by default.');

const change = z
  .strictObject({
    name: name.describe('Tables show it behind the method: "CPS + sampling".'),
    config: z.record(z.string(), z.unknown()).describe('What it changes: a part of a configuration.'),
    methods,
  })
  .describe('A change of the base.');

const combination = z
  .strictObject({
    of: z.array(name).min(2).max(20).describe('The names of earlier variants.'),
    name: name.optional().describe('By default, the names of its parts: "sampling + mixing".'),
    methods,
  })
  .describe('Several changes together.');

export const studyVariant = z.union([change, combination]);

export type StudyVariant = z.output<typeof studyVariant>;

/** A variant with everything that it changes. */
export interface Variant {
  /** Null for the base as it is. */
  name: string | null;
  config: Readonly<Record<string, unknown>>;
  /** Null for all. */
  methods: readonly MethodName[] | null;
}

export const variantName = (variant: StudyVariant): string =>
  'of' in variant ? (variant.name ?? variant.of.join(' + ')) : variant.name;

/** The base as it is, and each of the variants. A part of a combination that is unknown changes nothing (see variantProblems). */
export function resolvedVariants(variants: readonly StudyVariant[] = []): Variant[] {
  const known = new Map<string, Variant>();
  for (const variant of variants) {
    const own = variantName(variant);
    if (known.has(own)) continue;
    const parts = 'of' in variant ? variant.of.flatMap((part) => known.get(part) ?? []) : [];
    known.set(own, {
      name: own,
      config:
        'of' in variant
          ? parts.reduce<Variant['config']>((all, { config }) => changed(all, config), {})
          : variant.config,
      methods: variant.methods ?? commonMethods(parts),
    });
  }
  return [{ name: null, config: {}, methods: null }, ...known.values()];
}

/** The methods that all of these are for; null for all. */
function commonMethods(parts: readonly Variant[]): MethodName[] | null {
  const lists = parts.flatMap(({ methods: of }) => (of ? [of] : []));
  const [first, ...others] = lists;
  return first ? first.filter((method) => others.every((list) => list.includes(method))) : null;
}

export const isFor = ({ methods: of }: Variant, method: { name: MethodName }): boolean =>
  of?.includes(method.name) ?? true;

/**
 * A configuration with a change. Groups of settings are merged, everything else is replaced, and so is a group whose `name` becomes
 * another one, because its settings belong to that name.
 */
export function changed<T extends object>(config: T, change: Readonly<Record<string, unknown>>): T {
  return mergedGroups(config as Record<string, unknown>, change) as T;
}

function mergedGroups(given: Readonly<Record<string, unknown>>, change: Readonly<Record<string, unknown>>) {
  const merged: Record<string, unknown> = { ...given };
  for (const [key, value] of Object.entries(change)) {
    const before = merged[key];
    const isRenamed =
      isObject(before) && isObject(value) && 'name' in before && 'name' in value && before.name !== value.name;
    merged[key] = isObject(before) && isObject(value) && !isRenamed ? mergedGroups(before, value) : value;
  }
  return merged;
}

/** What other axes and the base say. */
const NOT_IN_VARIANTS = ['dataset', 'split', 'method', 'seed'];

/** What is wrong with the variants of a matrix. Problems name the field within it. */
export function variantProblems(variants: readonly StudyVariant[] = []): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const refuse = (field: string, mistake: ReturnType<typeof configMistake>) =>
    problems.push({ field: `variants.${field}`, ...mistake });
  const names: string[] = [];
  for (const [i, variant] of variants.entries()) {
    const own = variantName(variant);
    if (names.includes(own)) refuse(`${i}`, configMistake('VARIANT_TWICE', { name: own }));
    if ('of' in variant) {
      for (const [part, wanted] of variant.of.entries()) {
        if (!names.includes(wanted))
          refuse(`${i}.of.${part}`, configMistake('UNKNOWN_VARIANT', { name: wanted, known: names }));
      }
    } else {
      for (const key of NOT_IN_VARIANTS) {
        if (key in variant.config) refuse(`${i}.config.${key}`, configMistake('NOT_IN_VARIANTS', { key }));
      }
    }
    names.push(own);
  }
  return problems;
}

/** The same variants, each with everything that it changes. */
export function separateVariants(variants: readonly StudyVariant[]): StudyVariant[] {
  return resolvedVariants(variants)
    .slice(1)
    .map(({ name: own, config, methods: of }) => ({ name: own!, config, ...(of && { methods: [...of] }) }));
}

/**
 * Variants as a study stores them, with the defaults of the time when it was created: groups of settings are complete, so that the
 * same runs can be planned again from a completed base.
 * @param runs of the matrix, completed, each with the name of its variant
 */
export function completedVariants(
  variants: readonly StudyVariant[],
  runs: readonly { variant: string | null; config: object }[],
): StudyVariant[] {
  return separateVariants(variants).map((variant) => {
    const run = runs.find((each) => each.variant === variantName(variant));
    if (!run || 'of' in variant) return variant;
    const complete = Object.entries(run.config).filter(([key]) => key in variant.config);
    return { ...variant, config: Object.fromEntries(complete) };
  });
}
