import { EXPECTED, type Expected, filterMistake } from './reasons.js';
import { isKeyword, type Token, tokensOf } from './tokens.js';
import { FilterError, MOST_CHARACTERS } from './tree.js';

/** Reads the tokens of a text one after the other. */
export class Reader {
  private readonly tokens: readonly Token[];
  private at = 0;

  /** @throws FilterError for a text that is too long, or has something that is not a token */
  constructor(text: string) {
    if (text.length > MOST_CHARACTERS) {
      const lengths = { most: MOST_CHARACTERS, characters: text.length };
      throw new FilterError(filterMistake('TOO_LONG', lengths), MOST_CHARACTERS + 1);
    }
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
  expect(wanted: string, expected: Expected): void {
    if (!this.skip(wanted)) this.fail(expected);
  }

  /** @throws FilterError always */
  fail(expected: Expected): never {
    const token = this.peek();
    const words = { expected: EXPECTED[expected] };
    const mistake =
      token.kind === 'end'
        ? filterMistake('UNEXPECTED_END', { expected }, words)
        : filterMistake(unexpected(token), { expected, token: token.text }, words);
    throw new FilterError(mistake, token.character);
  }
}

function unexpected({ kind, text }: Token): 'UNEXPECTED_TEXT' | 'UNEXPECTED_KEYWORD' | 'UNEXPECTED_TOKEN' {
  if (kind === 'string') return 'UNEXPECTED_TEXT';
  return kind === 'word' && isKeyword(text) ? 'UNEXPECTED_KEYWORD' : 'UNEXPECTED_TOKEN';
}
