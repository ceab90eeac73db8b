import { Fields } from './parse-fields.js';
import { Reader } from './reader.js';
import { filterMistake } from './reasons.js';
import type { Token } from './tokens.js';
import { type Comparison, type Filter, FilterError, type FilterOp, MOST_LEVELS } from './tree.js';

/** A parsed text: the tree, and where in the text each comparison begins, counted from 1. */
export interface ParsedFilter {
  filter: Filter;
  characters: ReadonlyMap<Comparison, number>;
}

const OPS: Record<string, FilterOp> = {
  '=': 'eq',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  contains: 'contains',
  startswith: 'startsWith',
};

/**
 * Parses one line of text, such as `method = cps and iou("traffic light") < 5%`. docs/api/filter.md has the grammar. Names are
 * not looked up (check.ts).
 * @throws FilterError with the character at which the text is wrong
 */
export function parseFilter(text: string): ParsedFilter {
  const parser = new Parser(new Reader(text));
  return { filter: parser.whole(), characters: parser.characters };
}

class Parser {
  readonly characters = new Map<Comparison, number>();
  private readonly fields: Fields;
  private level = 0;

  constructor(private readonly reader: Reader) {
    this.fields = new Fields(reader);
  }

  whole(): Filter {
    if (this.reader.peek().kind === 'end') this.reader.fail('CONDITION');
    const filter = this.filter();
    if (this.reader.peek().kind !== 'end') this.reader.fail('AND_OR_OR_END');
    return filter;
  }

  /** filter = and , { "or" , and } */
  private filter(): Filter {
    return this.joined('or', () => this.joined('and', () => this.unary()));
  }

  private joined(keyword: 'and' | 'or', part: () => Filter): Filter {
    const parts = [part()];
    while (this.reader.skip(keyword)) parts.push(part());
    if (parts.length === 1) return parts[0]!;
    return keyword === 'and' ? { and: parts } : { or: parts };
  }

  /** unary = "not" , unary | "(" , filter , ")" | comparison */
  private unary(): Filter {
    const start = this.reader.peek();
    if (this.reader.skip('not')) return this.deeper(start, () => ({ not: this.unary() }));
    if (!this.reader.skip('(')) return this.comparison(start);
    const filter = this.deeper(start, () => this.filter());
    this.reader.expect(')', 'AND_OR_OR_BRACKET');
    return filter;
  }

  private deeper(start: Token, read: () => Filter): Filter {
    this.level += 1;
    if (this.level >= MOST_LEVELS) {
      throw new FilterError(filterMistake('TOO_DEEP', { most: MOST_LEVELS }), start.character);
    }
    const filter = read();
    this.level -= 1;
    return filter;
  }

  private comparison(start: Token): Filter {
    if (start.kind === 'string') {
      this.reader.take();
      return this.named(start);
    }
    const field = this.fields.field();
    const at = (comparison: Comparison): Comparison => {
      this.characters.set(comparison, start.character);
      return comparison;
    };
    const { reader } = this;
    if (reader.skip('is')) {
      const isNot = reader.skip('not');
      reader.expect('known', isNot ? 'KNOWN' : 'KNOWN_OR_NOT_KNOWN');
      return negated(isNot, at({ field, op: 'known' }));
    }
    const isNot = reader.skip('not');
    if (isNot || reader.peek().text.toLowerCase() === 'in') {
      reader.expect('in', 'IN');
      return negated(isNot, at({ field, op: 'in', value: this.fields.list() }));
    }
    if (reader.skip('!=')) return { not: at({ field, op: 'eq', value: this.fields.value() }) };
    const op = reader.peek().kind === 'string' ? undefined : OPS[reader.peek().text.toLowerCase()];
    if (op === undefined) return at({ field, op: 'eq', value: true });
    reader.take();
    return at({ field, op, value: this.fields.value() });
  }

  /** A bare string is part of the name, or the number. */
  private named({ text, character }: Token): Filter {
    const name: Comparison = { field: { path: 'name' }, op: 'contains', value: text };
    this.characters.set(name, character);
    if (!/^\d{1,9}$/.test(text)) return name;
    const number: Comparison = { field: { path: 'number' }, op: 'eq', value: Number(text) };
    this.characters.set(number, character);
    return { or: [name, number] };
  }
}

const negated = (isNot: boolean, comparison: Comparison): Filter => (isNot ? { not: comparison } : comparison);
