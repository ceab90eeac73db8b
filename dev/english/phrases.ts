/** A phrase that reads as if translated, and what to write instead. */
export interface Phrase {
  /** Matches the phrase. Line breaks in the text count as spaces. */
  pattern: RegExp;
  instead: string;
  /** A text that the pattern must find. */
  example: string;
}

const UNIT =
  '(?:pixels?|values?|weights|parameters|points?|lines?|rows?|columns?|entry|entries|maps?|images?|threads?|bytes|ms)';
const PER = '(?:network|step|pixel|image|side|branch|method|run|report|class|line|batch|channel|slot|attempt|core)';

/**
 * Phrases that must not appear in text: docs, comments, messages, descriptions and names of tests. Add one that you meet often.
 * It must be precise: correct English has to pass, and phrases.spec.ts has sentences that prove it.
 */
export const PHRASES: readonly Phrase[] = [
  {
    pattern: /(?<!\bthere )\b(?:is|are|was|were) no (?!longer\b|more\b|less\b|one\b)\w+/i,
    instead: 'is not a …, is not valid',
    example: 'value 34 at x 1, y 0 is no class',
  },
  {
    pattern: /(?<!\b[Tt]here )\b(?:is|are|was|were) none\b/,
    instead: 'is not one, is invalid, does not exist',
    example: 'A damaged memory is none: everything is checked.',
  },
  {
    pattern: /\b(?:goes|go|going|went|gone) on\b/i,
    instead: 'continues, resumes',
    example: 'The run goes on from its last checkpoint.',
  },
  {
    pattern: /\b(?:an?|the|one|this|that|no|its|each|any) wish\b|\bwish(?:es|ed)\b|\bwish to\b/i,
    instead: 'stop request',
    example: 'two signals this close are one wish',
  },
  { pattern: /\bshall\b/i, instead: 'must, should, will', example: 'What the runner shall do now.' },
  { pattern: /\bin vain\b/i, instead: 'timed out after N s waiting for …', example: 'waited 5 s in vain for a run' },
  {
    // A number may lie in (0, 1].
    pattern: /\bl(?:ies|ie|ay) (?:in|beside)\b(?! [([\d])/i,
    instead: 'is in, is stored in, is next to',
    example: 'Bytes lie in PostgreSQL.',
  },
  { pattern: /\bonce more\b/i, instead: 'again', example: 'stopping; once more stops at once' },
  { pattern: /\bthis once\b/i, instead: 'only once', example: 'The token is shown this once.' },
  {
    pattern: new RegExp(
      String.raw`(?:\b(?:\d[\d,.]*|one|two|three|four|ten|most)|\}) (?:\w+ )?${UNIT} an? ${PER}\b`,
      'i',
    ),
    instead: 'per …',
    example: 'It has 1,050,675 weights a network.',
  },
  { pattern: /\bone an? (?:line|step|row|network|class)\b/i, instead: 'one per …', example: 'image ids, one a line' },
  { pattern: /\bso many\b(?! \w+ that)/i, instead: 'at most N, this many', example: 'So many runs at a time.' },
  { pattern: /\bwhat there is\b/i, instead: 'everything, what it has', example: 'delivers what there is' },
  { pattern: /\bone that was seen\b/i, instead: 'the one that …', example: 'an older one that was seen' },
  {
    pattern: /\b(?:is|are|was|were|be|been|being) away\b/i,
    instead: 'is unavailable',
    example: 'Training continues while the server is away.',
  },
  { pattern: /\bof (?:its|their) own accord\b/i, instead: 'automatically', example: 'It ends of its own accord.' },
  { pattern: /\bof equals\b/i, instead: 'on ties', example: 'BEST is by mIoU, the earliest of equals.' },
  {
    pattern: /\banother \w+ was faster\b/i,
    instead: 'another … has just started here',
    example: 'it cannot be listened on: another runner was faster',
  },
  { pattern: /\bclaimed earlier\b/i, instead: 'runs first', example: 'Higher is claimed earlier.' },
  { pattern: /\bwinds? down\b|\bwinding down\b/i, instead: 'being canceled', example: 'With those that wind down.' },
  {
    pattern: /\bheard of most recently\b/i,
    instead: 'most recently seen',
    example: 'Those that were heard of most recently.',
  },
  {
    pattern: /\bSilent for a whole lease is offline\b/,
    instead: 'a runner not heard from for one lease is offline',
    example: 'Silent for a whole lease is offline.',
  },
  {
    pattern: /\bmeant as they are\b|\bown signs\b/i,
    instead: 'escaped',
    example: "LIKE's own signs are meant as they are.",
  },
  { pattern: /\bcome from an earlier state\b/i, instead: 'upgrade', example: 'When you come from an earlier state' },
  {
    pattern: /\btakes the mixtures\b/i,
    instead: 'CutMix is what makes the difference',
    example: 'it takes the mixtures',
  },
  { pattern: /\banew\b/i, instead: 'again, from the beginning', example: 'everything is checked anew' },
  {
    pattern: /\bcount(?:s|ed)? nowhere\b|\b(?:nowhere predicted|predicts? \S+ nowhere)\b/i,
    instead: 'does not count, is ignored, is never predicted',
    example: 'pixels that count nowhere',
  },
  {
    pattern: /\bkn(?:ow|ows|owing) nothing of\b/i,
    instead: 'knows nothing about',
    example: 'It knows nothing of GraphQL.',
  },
  {
    pattern: /\b(?:is|are) drawn to\b(?! (?:the|a) (?:canvas|screen|page))/i,
    instead: 'learns from, is trained towards',
    example: 'The network is drawn to the probabilities.',
  },
  { pattern: /\bwithout a word\b/i, instead: 'without a message, silently', example: 'It dies without a word.' },
  {
    pattern: /\b(?:that|which) (?:is|are) not there\b|\bthat there (?:is|are) not\b|\bthose (?:that )?there are\b/i,
    instead: 'that does not exist, missing, the available ones',
    example: 'a run that is not there',
  },
  {
    pattern: /\bstands? (?:in (?!for\b)|there\b|around\b)/i,
    instead: 'is in, is around',
    example: 'what stands in the queue',
  },
  {
    pattern: /\bta(?:ke|kes|ken) back\b|\btook back\b/i,
    instead: 'retracted, reverted',
    example: 'Later alarms are taken back.',
  },
  { pattern: /\bfound good\b/i, instead: 'passed the check', example: 'datasets that it has found good' },
  { pattern: /\bmended\b/i, instead: 'fixed', example: 'until all of them are mended' },
  { pattern: /\bunasked\b/i, instead: 'unless you ask for it', example: 'It is never taken unasked.' },
  { pattern: /\bdecides? about\b/i, instead: 'determines, affects', example: 'the seed decides about the order' },
  { pattern: /\bfor ever\b/i, instead: 'forever', example: 'It tries for ever.' },
  { pattern: /\bas \w+ (?:has|have) it\b/i, instead: 'as in …', example: 'the layout as torchvision has it' },
  {
    pattern: /\balso (?:when|while|where)\b/i,
    instead: 'even when, even if',
    example: 'also when it was there already',
  },
  { pattern: /\bnot of use to anybody\b|\bof no use to any/i, instead: 'not needed', example: 'of no use to anybody' },
];

export interface Finding {
  line: number;
  /** The text that was found. */
  found: string;
  instead: string;
}

/** Where a text has one of the phrases. */
export function findPhrases(text: string): Finding[] {
  const { joined, lineAt } = unwrap(text);
  return PHRASES.flatMap(({ pattern, instead }) =>
    [...joined.matchAll(new RegExp(pattern, `g${pattern.flags}`))].map((match) => ({
      line: lineAt(match.index),
      found: match[0],
      instead,
    })),
  );
}

/** Joins wrapped lines, without the marks that comments begin their lines with, so that a phrase may cross a line break. */
function unwrap(text: string): { joined: string; lineAt: (index: number) => number } {
  const starts: number[] = [];
  let joined = '';
  for (const line of text.split('\n')) {
    starts.push(joined.length);
    const words = line.replace(/^\s*(?:\/\*\*|\*(?!\/)|\/\/|#+|--)?\s*/, '');
    joined += words === '' ? '\n' : `${words} `;
  }
  return { joined, lineAt: (index) => starts.findLastIndex((start) => start <= index) + 1 };
}
