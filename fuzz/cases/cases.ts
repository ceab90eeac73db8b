import { getNamedType } from 'graphql';
import type { Random } from '../random.js';
import type { Caller } from '../world/callers.js';
import { limitValues } from './limits.js';
import type { Operation } from './operations.js';
import { FORMS, type Form } from './render.js';
import { type Slot, slotsInJson, slotsOf } from './slots.js';
import { HOSTILE_VALUES, type Value } from './values.js';

export type TransportName = 'http' | 'websocket';
export const TRANSPORTS: readonly TransportName[] = ['http', 'websocket'];

/** One call to make. */
export interface Case {
  operation: Operation;
  /** The place of the input that is replaced; null for a valid call. */
  slot: Slot | null;
  value: Value | null;
  caller: Caller;
  transport: TransportName;
  form: Form;
}

/** Who gets an answer with data when the input is valid. The others are refused before the input matters. */
export type Reach = (operation: Operation, caller: Caller) => boolean;

/** The share of a short run's calls that get through to the code that uses the input. */
const SHARE_THROUGH = 0.75;

/** A valid call of each operation, by each caller, in every way. */
export function validCases(operations: readonly Operation[], callers: readonly Caller[]): Case[] {
  return operations.flatMap((operation) =>
    callers.flatMap((caller) =>
      TRANSPORTS.flatMap((transport) =>
        FORMS.map((form) => ({ operation, slot: null, value: null, caller, transport, form })),
      ),
    ),
  );
}

/** For a short run: a valid call of each operation by each caller, in one way. Subscriptions only exist on a WebSocket. */
export function fewValidCases(operations: readonly Operation[], callers: readonly Caller[], random: Random): Case[] {
  return operations.flatMap((operation) =>
    callers.map((caller) => ({
      operation,
      slot: null,
      value: null,
      caller,
      transport: operation.kind === 'subscription' ? 'websocket' : random.pick(TRANSPORTS),
      form: random.pick(FORMS),
    })),
  );
}

/**
 * Every place of the operation's input with every value. Each pair comes with each caller, transport and form; pairs that
 * take long, and those within JSON, only come with callers that get through.
 * @param base a valid input
 */
export function casesOf(
  operation: Operation,
  base: Readonly<Record<string, unknown>>,
  callers: readonly Caller[],
  reaches: Reach,
): Case[] {
  const inside = callers.filter((caller) => reaches(operation, caller));
  return slotsOf(operation).flatMap((slot) => {
    const given = at(base, slot);
    const values = [...HOSTILE_VALUES, ...limitValues(slot.path.at(-1) as string, slot.type!, given)];
    const ofSlot = values.flatMap((value) =>
      value.heavy ? variants(operation, slot, value, inside, ['variables']) : variants(operation, slot, value, callers),
    );
    const isJson = getNamedType(slot.type!).name === 'JSONObject';
    const inner = isJson ? slotsInJson(slot, given) : [];
    const light = HOSTILE_VALUES.filter(({ heavy }) => !heavy);
    return [
      ...ofSlot,
      ...inner.flatMap((each) => light.flatMap((value) => variants(operation, each, value, inside, ['variables']))),
    ];
  });
}

/**
 * A selection for a short run: a few calls for each place, mostly by callers that get through, in ways that the seed picks.
 * Calls that take long are left out.
 */
export function sampled(cases: readonly Case[], reaches: Reach, random: Random, perPlace: number): Case[] {
  const groups = new Map<string, Case[]>();
  for (const each of cases) {
    if (each.value?.heavy) continue;
    const key = `${each.operation.name} ${each.slot?.name}`;
    const group = groups.get(key);
    if (group) group.push(each);
    else groups.set(key, [each]);
  }
  return [...groups.values()].flatMap((group) => {
    const shuffled = random.shuffled(group);
    const through = shuffled.filter(({ operation, caller }) => reaches(operation, caller));
    const others = shuffled.filter(({ operation, caller }) => !reaches(operation, caller));
    const most = Math.ceil(perPlace * SHARE_THROUGH);
    return [...through.slice(0, most), ...others.slice(0, perPlace - most)];
  });
}

function variants(
  operation: Operation,
  slot: Slot,
  value: Value,
  callers: readonly Caller[],
  forms: readonly Form[] = FORMS,
): Case[] {
  return callers.flatMap((caller) =>
    TRANSPORTS.flatMap((transport) => forms.map((form) => ({ operation, slot, value, caller, transport, form }))),
  );
}

function at(base: Readonly<Record<string, unknown>>, { path }: Slot): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | undefined)?.[key], base);
}
