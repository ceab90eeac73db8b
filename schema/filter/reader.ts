import { isKeyword, type Token, tokensOf } from './tokens.js';
import { FilterError } from './tree.js';

/** Reads the tokens of a text one after the other. */
export class Reader {
  private readonly tokens: readonly Token[];
  private at = 0;

  /** @throws FilterError */
  constructor(text: string) {
    this.tokens = tokensOf(text);
  }

  peek(): Token {
    return this.tokens[this.at]!;
  }

  take(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.at += 1;
    return token;
  }

  /** Takes the next token if it is this keyword, which ignores case, or this sign. */
  skip(wanted: string): boolean {
    const { kind, text } = this.peek();
    const found = (kind === 'word' || kind === 'sign') && text.toLowerCase() === wanted;
    if (found) this.at += 1;
    return found;
  }

  /** @throws FilterError if the next token is another one */
  expect(wanted: string, words: string): void {
    if (!this.skip(wanted)) this.fail(words);
  }

  /** @throws FilterError always */
  fail(expected: string): never {
    const { kind, text, character } = this.peek();
    const got = kind === 'end' ? 'the end' : kind === 'string' ? `the text "${text}"` : text;
    const keyword = kind === 'word' && isKeyword(text) ? '; names that are keywords need quotes' : '';
    throw new FilterError(`expected ${expected}; got ${got}${keyword}`, character);
  }
}
