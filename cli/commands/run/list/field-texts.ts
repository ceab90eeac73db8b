import { ServerFault } from '../../../../runner/agent/errors.js';
import { UserError } from '../../../../schema/exit-codes.js';
import { parseFields } from '../../../../schema/filter/parse-lists.js';
import { FilterError } from '../../../../schema/filter/tree.js';

/** An option that names fields, as it was written, and each of them. */
export interface FieldTexts {
  option: string;
  /** The argument of the API that takes them. */
  argument: string;
  texts: string[];
  /** Where each begins, counted from 1. */
  characters: number[];
}

/** The fields that an option names, with commas between them. @throws UserError that points at the character */
export function fieldTexts(option: string, argument: string, text: string): FieldTexts {
  const parsed = parsedFields(option, text);
  const characters = parsed.map(({ character }) => character);
  const texts = characters.map((character, index) =>
    text
      .slice(character - 1, (characters[index + 1] ?? text.length + 1) - 1)
      .trim()
      .replace(/\s*,$/, ''),
  );
  return { option, argument, texts, characters };
}

function parsedFields(option: string, text: string) {
  try {
    return parseFields(text);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw new UserError(`${option}: ${error.message}`);
  }
}

/** Asks the server. @throws UserError that names the option, and the character within it, for a field that it does not know */
export async function withPlaces<T>(options: readonly FieldTexts[], ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ServerFault) || error.kind !== 'refused') throw error;
    const found = /^(\w+)\[(\d+)\]: (?:character (\d+): )?(.*)$/s.exec(error.message);
    const option = found && options.find(({ argument }) => argument === found[1]);
    if (!option) throw error;
    const character = option.characters[Number(found[2])]! + Number(found[3] ?? 1) - 1;
    throw new UserError(`${option.option}: character ${character}: ${found[4]}`);
  }
}
