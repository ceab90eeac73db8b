import { Lexer, Source, TokenKind } from 'graphql';
import { refusal } from './errors.js';

/** Six times the largest document of the dashboard, of the command line, or of a client that reads the schema. */
export const MAX_TEXT_LENGTH = 32_768;
/** What validation costs grows with the square of this: `npm run bench:documents` measures it. */
export const MAX_TOKENS = 1_500;
/** Brackets within brackets. The parser calls itself for each, so this also protects the stack. */
const MAX_NESTING = 64;

const OPENING = new Set<string>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING = new Set<string>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Reads the words of a document without building anything from them, and rejects one that would be expensive to parse or
 * validate. @throws AppError with GRAPHQL_PARSE_FAILED; GraphQLError for a character that is not allowed
 */
export function checkText(text: string): void {
  if (text.length > MAX_TEXT_LENGTH) {
    throw refusal('QUERY_TOO_LONG', { characters: text.length, most: MAX_TEXT_LENGTH });
  }
  const lexer = new Lexer(new Source(text));
  let nesting = 0;
  for (let tokens = 0; lexer.advance().kind !== TokenKind.EOF; tokens++) {
    if (tokens === MAX_TOKENS) throw refusal('QUERY_TOO_MANY_WORDS', { most: MAX_TOKENS });
    const { kind } = lexer.token;
    if (OPENING.has(kind) && ++nesting > MAX_NESTING) throw refusal('QUERY_TOO_DEEP', { most: MAX_NESTING });
    if (CLOSING.has(kind)) nesting--;
  }
}
