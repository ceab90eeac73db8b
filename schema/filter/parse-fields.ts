import type { Reader } from './reader.js';
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
    if (name.kind !== 'word' || isKeyword(name.text)) this.reader.fail('the name of a field');
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
    if (oneOf(CLASS_SCORES, call)) return scoreOf(call, given, firstOf(name, given, 'a class'));
    if (oneOf(RUN_SCORES, call)) {
      if (given.first) {
        throw new FilterError(
          `${call} is of all classes, so it has no "${given.first.text}"; for one class, write iou(…)`,
          given.first.character,
        );
      }
      return scoreOf(call, given);
    }
    const calls = [...METRIC_SUMMARIES, ...CLASS_SCORES, ...RUN_SCORES, 'alarm', SETTING];
    throw new FilterError(`"${name.text}" has no brackets; these have: ${calls.join(', ')}`, name.character);
  }

  private setting(name: Token, given: Arguments): FilterField {
    refuseNamed(given, []);
    return { path: `${SETTING}.${firstOf(name, given, 'a setting').text}` };
  }

  private arguments(): Arguments {
    const given: Arguments = { first: null, named: new Map() };
    if (this.reader.skip(')')) return given;
    do {
      const token = this.argument();
      if (this.reader.skip(':')) {
        const name = token.text.toLowerCase();
        if (given.named.has(name)) throw new FilterError(`"${token.text}" was given before`, token.character);
        given.named.set(name, { name: token, value: this.argument() });
      } else if (given.first || given.named.size > 0) {
        throw new FilterError(`"${token.text}" needs a name, such as network: ${token.text}`, token.character);
      } else given.first = token;
    } while (this.reader.skip(','));
    this.reader.expect(')', '"," or ")"');
    return given;
  }

  private argument(): Token {
    const { kind } = this.reader.peek();
    if (kind !== 'word' && kind !== 'string' && kind !== 'number') this.reader.fail('a value');
    return this.reader.take();
  }

  /** value = string | number | "true" | "false" | path */
  value(): FilterScalar {
    const { kind, text, value } = this.reader.peek();
    if (kind === 'word' && /^(true|false)$/i.test(text)) {
      this.reader.take();
      return text.toLowerCase() === 'true';
    }
    if (kind === 'end' || kind === 'sign' || (kind === 'word' && isKeyword(text))) this.reader.fail('a value');
    this.reader.take();
    return value ?? text;
  }

  /** "(" , value , { "," , value } , ")" */
  list(): FilterScalar[] {
    this.reader.expect('(', '"(" and the values');
    const values = [this.value()];
    while (this.reader.skip(',')) values.push(this.value());
    this.reader.expect(')', '"," or ")"');
    return values;
  }
}

function metricOf(name: Token, of: MetricField['of'], given: Arguments): MetricField {
  refuseNamed(given, []);
  return { metric: firstOf(name, given, 'a series').text, of };
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
    throw new FilterError(`"active" is true or false; got ${active.text}`, active.character);
  }
  return { ...field, active: active.text.toLowerCase() === 'true' };
}

function firstOf({ text, character }: Token, { first }: Arguments, what: string): Token {
  if (first) return first;
  throw new FilterError(`${text}(…) needs ${what} in its brackets`, character);
}

function refuseNamed({ named }: Arguments, allowed: readonly string[]): void {
  for (const [key, { name }] of named) {
    if (allowed.includes(key)) continue;
    const which = allowed.length === 0 ? 'there are none here' : `allowed: ${allowed.join(', ')}`;
    throw new FilterError(`there is no "${name.text}:"; ${which}`, name.character);
  }
}

const oneOf = <T extends string>(values: readonly T[], text: string): text is T =>
  (values as readonly string[]).includes(text);
