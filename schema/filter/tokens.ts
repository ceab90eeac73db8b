import type { Mistake } from '../problems/problem.js';
import { filterMistake } from './reasons.js';
import { FilterError, type FilterScalar } from './tree.js';

/** `word`: a name, or several with dots between them. `sign`: an operator, bracket, comma or colon. */
export interface Token {
  kind: 'word' | 'number' | 'string' | 'sign' | 'end';
  /** As it was written; of a string, without quotes and escapes. */
  text: string;
  /** Where it begins, counted from 1. */
  character: number;
  /** Of a number, with its unit. */
  value?: number;
}

const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

const SPACE = /\s+/uy;
const SIGN = /!=|<=|>=|[=<>(),:]/uy;
const NUMBER = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?(?<unit>[%smhd])?(?![\p{L}\p{M}\p{N}_.-])/iuy;
const WORD = /[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)*/uy;
/** In double quotes, with \" and \\ inside them. */
const STRING = /"(?:[^"\\]|\\["\\])*"/uy;

/** Whether a name needs no quotes. */
export function isWord(text: string): boolean {
  WORD.lastIndex = 0;
  if (WORD.exec(text)?.[0] !== text) return false;
  NUMBER.lastIndex = 0;
  return NUMBER.exec(text)?.[0] !== text;
}

/** The tokens of a text, the last of which is the end. @throws FilterError */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  while (at < text.length) {
    const space = match(SPACE);
    if (space) {
      at += space[0].length;
      continue;
    }
    const token = read(match);
    if (!token) throw new FilterError(strange(text, at), at + 1);
    tokens.push({ ...token, character: at + 1 });
    at += token.length;
  }
  return [...tokens, { kind: 'end', text: '', character: text.length + 1 }];
}

type Found = Omit<Token, 'character'> & { length: number };

function read(match: (pattern: RegExp) => RegExpExecArray | null): Found | null {
  const number = match(NUMBER);
  if (number) return { kind: 'number', text: number[0], value: numberOf(number), length: number[0].length };
  const word = match(WORD);
  if (word) return { kind: 'word', text: word[0], length: word[0].length };
  const string = match(STRING);
  if (string) {
    const text = string[0].slice(1, -1).replace(/\\(.)/g, '$1');
    return { kind: 'string', text, length: string[0].length };
  }
  const sign = match(SIGN);
  return sign && { kind: 'sign', text: sign[0], length: sign[0].length };
}

function numberOf(number: RegExpExecArray): number {
  const unit = number.groups!.unit;
  if (unit === undefined) return Number(number[0]);
  const amount = number[0].slice(0, -1);
  // Moving the decimal point gives the nearest double: 7 / 100 and 0.07 are the same, but 7 * 0.01 is not.
  return unit === '%' ? Number(amount) / 100 : Number(amount) * SECONDS[unit.toLowerCase()]!;
}

function strange(text: string, at: number): Mistake {
  const sign = String.fromCodePoint(text.codePointAt(at)!);
  if (sign === '"') return filterMistake('QUOTE_NOT_CLOSED', {});
  if (sign === "'") return filterMistake('SINGLE_QUOTE', {});
  if (sign === '!') return filterMistake('EXCLAMATION_MARK', {});
  return filterMistake('UNEXPECTED_CHARACTER', { character: sign });
}

/** How a value is written. */
export function written(value: FilterScalar): string {
  if (typeof value !== 'string') return String(value);
  return isWord(value) && !isKeyword(value) ? value : quoted(value);
}

export const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

const KEYWORDS = ['and', 'or', 'not', 'in', 'is', 'known', 'contains', 'startswith', 'true', 'false'];

export const isKeyword = (word: string): boolean => KEYWORDS.includes(word.toLowerCase());
