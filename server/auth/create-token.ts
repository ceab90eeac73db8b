import { badUserInput } from '../graphql/errors.js';
import { shown } from '../graphql/texts.js';
import type { CreateRegistrationTokenInput, NewToken } from './auth.types.js';
import { hashSecret, newSecret } from './secrets.js';
import type { TokenKind } from './token.entity.js';
import type { TokensRepository } from './tokens.repository.js';

const MAX_LABEL_LENGTH = 128;
const MAX_EXPIRY_SECONDS = 10 * 365 * 86_400;

/** Creates a token. Only its hash is stored, so it can be read only from the result. @throws BAD_USER_INPUT */
export async function createToken(
  repository: TokensRepository,
  kind: TokenKind,
  { label, uses = null, expiresInSeconds = null }: CreateRegistrationTokenInput,
): Promise<NewToken> {
  if (!label.trim() || label.length > MAX_LABEL_LENGTH) {
    throw badUserInput(`label: must have 1 to ${MAX_LABEL_LENGTH} characters; got ${shown(label)}`);
  }
  if (uses !== null && uses < 1) throw badUserInput(`uses: must be at least 1; got ${uses}`);
  if (expiresInSeconds !== null && (expiresInSeconds < 1 || expiresInSeconds > MAX_EXPIRY_SECONDS)) {
    throw badUserInput(`expiresInSeconds: must be between 1 and ${MAX_EXPIRY_SECONDS}; got ${expiresInSeconds}`);
  }
  const token = newSecret(kind);
  const row = await repository.insert({ kind, label, hash: hashSecret(token), uses, expiresInSeconds });
  return { id: row.id, token, expiresAt: row.expiresAt };
}
