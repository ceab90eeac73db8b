import type { Change } from '../audit/changes.js';
import { refusal } from '../graphql/errors.js';
import { checkTags, MAX_TAGS } from '../runs/run-config.validation.js';

/** The changes of tags that an input asks for. */
export interface TagInput {
  tags?: string[] | null;
  addTags?: string[] | null;
  removeTags?: string[] | null;
}

/** @throws BAD_USER_INPUT for tags that are not valid, or if all tags and changes to them are given */
export function checkTagInput({ tags, addTags, removeTags }: TagInput): TagInput {
  if (tags && (addTags || removeTags)) {
    throw refusal('TAGS_TWICE');
  }
  return {
    ...(tags && { tags: checkTags(tags) }),
    ...(addTags && { addTags: checkTags(addTags) }),
    ...(removeTags && { removeTags: checkTags(removeTags) }),
  };
}

/** The tags after the change, or how many too many there would be. */
export function changedTags(known: readonly string[], { tags, addTags = [], removeTags = [] }: TagInput) {
  if (tags) return { tags, tooMany: null };
  const after = [...new Set([...known.filter((tag) => !removeTags!.includes(tag)), ...addTags!])];
  if (after.length <= MAX_TAGS) return { tags: after, tooMany: null };
  return { tags: null, tooMany: { count: after.length, most: MAX_TAGS } };
}

/** @throws BAD_USER_INPUT if no field has a value */
export function requireSome(input: object): void {
  if (Object.values(input).some((value) => value !== undefined)) return;
  throw refusal('NOTHING_TO_CHANGE');
}

/** The fields of `after` that differ from `before`. */
export function differences<Row extends object>(target: string, before: Row, after: Row): Change[] {
  const fields = Object.keys(after) as (keyof Row & string)[];
  return fields
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map((field) => ({ target, field, old: before[field], new: after[field] }));
}
