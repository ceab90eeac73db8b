import { parseSync } from 'vite';

/** What a source file does with texts. */
export interface Uses {
  /** Texts that people would read, and that are not messages. */
  texts: { text: string; line: number }[];
  /** All string literals. */
  literals: string[];
  /** The constant beginnings of template literals, such as "states." of `states.${state}`. */
  templates: string[];
  /** Calls of t, and elements Text. Parameters are null where they are computed. */
  calls: { id: string; parameters: string[] | null; line: number }[];
}

interface Node {
  type: string;
  start: number;
  [key: string]: unknown;
}

/** Attributes whose values nobody reads. */
const CODE_ATTRIBUTES = new Set(
  (
    'className role scope type name key href id rel htmlFor autoComplete style src d viewBox fill stroke strokeWidth ' +
    'inputMode group view paths path popover aria-live aria-current aria-hidden aria-labelledby aria-describedby method ' +
    'strokeLinejoin strokeLinecap'
  ).split(' '),
);
const HAS_LETTERS = /\p{L}{2}/u;
/** Words with spaces between them, which code rarely has: two classes are lower-case, a sentence begins with a capital. */
const SENTENCE = /^["“]?\p{Lu}[\p{L}’'-]* [\p{L}\d]|\p{L}+[,.;:] \p{L}+ \p{L}+|\p{L}+ \p{L}+ \p{L}+ \p{L}+/u;
/** The product's name and what is typed exactly so, in any language. */
const NAMES =
  /^(Crosscheck|Markdown|LaTeX|CSV|Esc|Tab|NaN|KiB|MiB|GiB|TiB|npm .*|npx .*|crosscheck\..*|CROSSCHECK_.*|var\(--[a-z-]+\))$/;

/** Finds the texts of a file. @throws Error if it cannot be parsed */
export function findTexts(file: string, source: string): Uses {
  const { program, errors } = parseSync(file, source);
  if (errors[0]) throw new Error(`${file}: ${errors[0].message}`);
  const uses: Uses = { texts: [], literals: [], templates: [], calls: [] };
  const lineOf = (node: Node) => source.slice(0, node.start).split('\n').length;
  const found = (text: string, node: Node) => {
    const trimmed = text.replace(/\s+/g, ' ').trim();
    if (HAS_LETTERS.test(trimmed) && !NAMES.test(trimmed)) uses.texts.push({ text: trimmed, line: lineOf(node) });
  };

  /** @param shown whether people read what is here: it is in an element or in an attribute */
  const visit = (value: unknown, shown: boolean): void => {
    if (Array.isArray(value)) for (const each of value) visit(each, shown);
    if (typeof value !== 'object' || value === null || !('type' in value)) return;
    const node = value as Node;
    if (node.type === 'JSXText') {
      found(String(node.value), node);
      return;
    }
    if (node.type === 'JSXAttribute') {
      const name = nameOf(node.name);
      const isShown = !CODE_ATTRIBUTES.has(name) && !/^(on[A-Z]|data-)/.test(name);
      const value = node.value as Node | null;
      if (isShown && value?.type === 'Literal') found(String(value.value), node);
      else visit(value, isShown);
      return;
    }
    if (node.type === 'JSXElement' || node.type === 'JSXFragment') {
      visit(node.openingElement, false);
      visit(node.children, true);
      return;
    }
    if (node.type === 'Literal' && typeof node.value === 'string') {
      const text = node.value;
      uses.literals.push(text);
      if ((shown && /^\p{Lu}|\s/u.test(text)) || (shown && !/^[\w.-]*$/.test(text))) {
        found(text, node);
        return;
      }
      if (SENTENCE.test(text)) found(text, node);
      return;
    }
    if (node.type === 'TemplateLiteral') {
      const quasis = (node.quasis as Node[]).map((quasi) => (quasi.value as { cooked: string }).cooked);
      uses.templates.push(...(quasis[0] && /^\w+(\.\w+)*\.$/.test(quasis[0]) ? [quasis[0]] : []));
      if (shown) for (const quasi of quasis) found(quasi, node);
      else for (const quasi of quasis) if (SENTENCE.test(quasi)) found(quasi, node);
      visit(node.expressions, false);
      return;
    }
    if (node.type === 'CallExpression') {
      const callee = nameOf(node.callee);
      const [id, values] = node.arguments as Node[];
      if (callee === 't' && id?.type === 'Literal') {
        uses.calls.push({ id: String(id.value), parameters: values ? keysOf(values) : [], line: lineOf(node) });
      }
      // What a function is given is shown only if the function is an element.
      visitAll(node, false);
      return;
    }
    if (node.type === 'NewExpression' && /Error$/.test(nameOf(node.callee))) {
      visitAll(node.arguments, false, true);
      return;
    }
    if (node.type === 'JSXOpeningElement' && nameOf(node.name) === 'Text') collectText(node);
    if (/^(Import|ExportAll|ExportNamed)/.test(node.type) && node.source) return;
    if (/^TS/.test(node.type) && !/^TS(As|Satisfies|NonNull)/.test(node.type)) return;
    // A condition compares with codes.
    if (node.type === 'BinaryExpression') {
      visitAll(node, false);
      return;
    }
    if (node.type === 'ConditionalExpression') {
      visit(node.test, false);
      visit(node.consequent, shown);
      visit(node.alternate, shown);
      return;
    }
    if (node.type === 'MemberExpression') {
      visitAll(node, false);
      return;
    }
    visitAll(node, shown && !/Function|Arrow|Object/.test(node.type));
  };

  const visitAll = (value: unknown, shown: boolean, ignoreTexts = false): void => {
    if (ignoreTexts) {
      const before = uses.texts.length;
      visit(value, false);
      uses.texts.length = before;
      return;
    }
    for (const [key, child] of Object.entries(value as Node)) if (key !== 'type') visit(child, shown);
  };

  const collectText = (node: Node): void => {
    const attributes = node.attributes as Node[];
    const of = (name: string) => attributes.find((each) => nameOf(each.name) === name)?.value as Node | undefined;
    const id = of('id');
    if (id?.type !== 'Literal') return;
    const expression = of('values')?.expression as Node | undefined;
    uses.calls.push({ id: String(id.value), parameters: expression ? keysOf(expression) : [], line: lineOf(node) });
  };

  visit(program, false);
  return uses;
}

function nameOf(node: unknown): string {
  if (typeof node !== 'object' || node === null) return '';
  const { name, namespace } = node as { name?: unknown; namespace?: unknown };
  if (namespace) return `${nameOf(namespace)}:${nameOf(name)}`;
  return typeof name === 'string' ? name : nameOf(name);
}

/** The keys of an object literal; null if some are computed or spread, or it is not a literal. */
function keysOf(node: Node): string[] | null {
  if (node.type !== 'ObjectExpression') return null;
  const properties = node.properties as Node[];
  if (properties.some((each) => each.type !== 'Property' || each.computed)) return null;
  return properties.map((each) => nameOf(each.key) || String((each.key as Node).value));
}
