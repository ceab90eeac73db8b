/** A GraphQL document from a page of the documentation. */
export interface DocExample {
  /** Heading of the page, such as `Filters`. */
  page: string;
  /** What it shows, unique on its page: the name of its operation in words or, without one, the heading that it is below. */
  title: string;
  /** The heading that it is below. */
  heading: string;
  document: string;
  /** The JSON of its variables, if the page gives them in the next block; null otherwise. */
  variables: string | null;
  /** The JSON of its answer, or of a part of it, if the page gives that in the next block; null otherwise. */
  answer: string | null;
}

const HEADING = /^#+ (.+)$/;
const NAME = /^\s*(?:query|mutation|subscription)\s+(\w+)/;

/** The GraphQL documents of a page in Markdown, in order. A block of JSON after it has its variables, if it names them, or its answer. */
export function docExamples(markdown: string): DocExample[] {
  const examples: DocExample[] = [];
  let page = '';
  let heading = '';
  let block: { language: string; lines: string[] } | null = null;
  for (const line of markdown.split('\n')) {
    if (block) {
      if (line.startsWith('```')) {
        const text = block.lines.join('\n');
        const last = examples.at(-1);
        if (block.language === 'graphql') {
          const title = titleOf(text) ?? heading;
          const alike = examples.filter((each) => each.title.replace(/ \(\d+\)$/, '') === title).length;
          const numbered = alike === 0 ? title : `${title} (${alike + 1})`;
          examples.push({ page, title: numbered, heading, document: text, variables: null, answer: null });
        } else if (block.language === 'json' && last?.variables === null && last.answer === null) {
          last[areVariables(text, last.document) ? 'variables' : 'answer'] = text;
        }
        block = null;
      } else block.lines.push(line);
    } else if (line.startsWith('```')) block = { language: line.slice(3).trim(), lines: [] };
    else {
      const [, title] = HEADING.exec(line) ?? [];
      if (title === undefined) continue;
      page ||= title;
      heading = title;
    }
  }
  return examples;
}

/** Whether the JSON has the document's variables, and not its answer. */
function areVariables(json: string, document: string): boolean {
  const names = /\{([\s\S]*)\}/.test(json) ? Object.keys(JSON.parse(json) as object) : [];
  return names.length > 0 && names.every((name) => document.includes(`$${name}`) && !selects(document, name));
}

/** Whether the document has an object of this name in its answer. */
function selects(document: string, name: string): boolean {
  return new RegExp(`(?<!\\$)\\b${name}\\s*[({]`).test(document);
}

/** `Failed runs` for `query FailedRuns`; null for an operation without a name. */
function titleOf(document: string): string | null {
  const [, name] = NAME.exec(document) ?? [];
  if (name === undefined) return null;
  const words = name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
