import type { Reader } from './reader.js';
import { filterMistake } from './reasons.js';
import { isKeyword, type Token } from './tokens.js';
import {
  type AlarmField,
  CLASS_SCORES,
  FilterError,
  type FilterField,
  type FilterScalar,
  METRIC_SUMMARIES,
  type MetricField,
  RUN_SCORES,
  type ScoreField,
} from './tree.js';

/** Its settings are a configuration's keys, in a text because keys may have any characters. */
const SETTING = 'config';

/** What is first in the brackets after a name. Errors name it by its key. */
const NEEDED = { CLASS: 'a class', SETTING: 'a setting', SERIES: 'a series' } as const;

const WHERE = ['network', 'subset', 'pick'] as const;

/** What is in brackets after a name. */
interface Arguments {
  /** Without a name. */
  first: Token | null;
  named: Map<string, { value: Token; name: Token }>;
}

/** Parses the fields and values of comparisons. */
export class Fields {
  constructor(private readonly reader: Reader) {}

  /** field = path | name , "(" , arguments , ")" */
  field(): FilterField {
    const name = this.reader.peek();
    if (name.kind !== 'word' || isKeyword(name.text)) this.reader.fail('FIELD');
    this.reader.take();
    const call = name.text.toLowerCase();
    if (!this.reader.skip('(')) {
      if (oneOf(RUN_SCORES, call)) return { score: call };
      return call === 'alarm' ? { alarm: null } : { path: name.text };
    }
    return this.called(name, call, this.arguments());
  }

  private called(name: Token, call: string, given: Arguments): FilterField {
    if (call === SETTING) return this.setting(name, given);
    if (call === 'alarm') return alarmOf(given);
    if (oneOf(METRIC_SUMMARIES, call)) return metricOf(name, call, given);
    if (oneOf(CLASS_SCORES, call)) return scoreOf(call, given, firstOf(name, given, 'CLASS'));
    if (oneOf(RUN_SCORES, call)) {
      if (given.first) {
        const params = { score: call, argument: given.first.text };
        throw new FilterError(filterMistake('NO_ARGUMENT', params), given.first.character);
      }
      return scoreOf(call, given);
    }
    const known = [...METRIC_SUMMARIES, ...CLASS_SCORES, ...RUN_SCORES, 'alarm', SETTING];
    throw new FilterError(filterMistake('NO_BRACKETS', { name: name.text, known }), name.character);
  }

  private setting(name: Token, given: Arguments): FilterField {
    refuseNamed(given, []);
    return { path: `${SETTING}.${firstOf(name, given, 'SETTING').text}` };
  }

  private arguments(): Arguments {
    const given: Arguments = { first: null, named: new Map() };
    if (this.reader.skip(')')) return given;
    do {
      const token = this.argument();
      if (this.reader.skip(':')) {
        const name = token.text.toLowerCase();
        if (given.named.has(name)) {
          throw new FilterError(filterMistake('ARGUMENT_TWICE', { name: token.text }), token.character);
        }
        given.named.set(name, { name: token, value: this.argument() });
      } else if (given.first || given.named.size > 0) {
        throw new FilterError(filterMistake('ARGUMENT_NOT_NAMED', { argument: token.text }), token.character);
      } else given.first = token;
    } while (this.reader.skip(','));
    this.reader.expect(')', 'COMMA_OR_BRACKET');
    return given;
  }

  private argument(): Token {
    const { kind } = this.reader.peek();
    if (kind !== 'word' && kind !== 'string' && kind !== 'number') this.reader.fail('VALUE');
    return this.reader.take();
  }

  /** value = string | number | "true" | "false" | path */
  value(): FilterScalar {
    const { kind, text, value } = this.reader.peek();
    if (kind === 'word' && /^(true|false)$/i.test(text)) {
      this.reader.take();
      return text.toLowerCase() === 'true';
    }
    if (kind === 'end' || kind === 'sign' || (kind === 'word' && isKeyword(text))) this.reader.fail('VALUE');
    this.reader.take();
    return value ?? text;
  }

  /** "(" , value , { "," , value } , ")" */
  list(): FilterScalar[] {
    this.reader.expect('(', 'LIST');
    const values = [this.value()];
    while (this.reader.skip(',')) values.push(this.value());
    this.reader.expect(')', 'COMMA_OR_BRACKET');
    return values;
  }
}

function metricOf(name: Token, of: MetricField['of'], given: Arguments): MetricField {
  refuseNamed(given, []);
  return { metric: firstOf(name, given, 'SERIES').text, of };
}

function scoreOf(score: ScoreField['score'], given: Arguments, ofClass?: Token): ScoreField {
  refuseNamed(given, WHERE);
  const field: ScoreField = { score };
  if (ofClass) field.class = ofClass.text;
  for (const key of WHERE) {
    const argument = given.named.get(key);
    if (argument) field[key] = argument.value.text;
  }
  return field;
}

function alarmOf(given: Arguments): AlarmField {
  refuseNamed(given, ['active']);
  const field: AlarmField = { alarm: given.first?.text ?? null };
  const active = given.named.get('active')?.value;
  if (!active) return field;
  if (!/^(true|false)$/i.test(active.text)) {
    throw new FilterError(filterMistake('ACTIVE_NOT_BOOLEAN', { value: active.text }), active.character);
  }
  return { ...field, active: active.text.toLowerCase() === 'true' };
}

function firstOf({ text, character }: Token, { first }: Arguments, needed: keyof typeof NEEDED): Token {
  if (first) return first;
  const mistake = filterMistake('ARGUMENT_NEEDED', { name: text, needed }, { needed: NEEDED[needed] });
  throw new FilterError(mistake, character);
}

function refuseNamed({ named }: Arguments, allowed: readonly string[]): void {
  for (const [key, { name }] of named) {
    if (allowed.includes(key)) continue;
    const mistake =
      allowed.length === 0
        ? filterMistake('NO_NAMED_ARGUMENTS', { name: name.text })
        : filterMistake('UNKNOWN_ARGUMENT', { name: name.text, known: allowed });
    throw new FilterError(mistake, name.character);
  }
}

const oneOf = <T extends string>(values: readonly T[], text: string): text is T =>
  (values as readonly string[]).includes(text);
