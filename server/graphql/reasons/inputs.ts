import type { Reasons } from './reason.js';

/** What is wrong with the value of an argument or an input field, which `field` names by its path. */
export const INPUT_REASONS = {
  VALUE_INVALID: ['BAD_USER_INPUT', '%{error}'],
  INPUT_INVALID: ['BAD_USER_INPUT', '%{what} is not valid: %{problems}'],
  OUT_OF_RANGE: ['BAD_USER_INPUT', '%{field}: must be between %{min} and %{max}; got %{value}'],
  TOO_SMALL: ['BAD_USER_INPUT', '%{field}: must be at least %{min}; got %{value}'],
  NOT_POSITIVE: ['BAD_USER_INPUT', '%{field}: must be more than 0 and at most %{max}; got %{value}'],
  NOT_A_NUMBER: ['BAD_USER_INPUT', '%{field}: must be a number from 0 to %{max}; got %{"value"}'],
  NOT_FINITE: ['BAD_USER_INPUT', '%{field}: must be a finite number; got %{value}'],
  NOT_A_UUID: ['BAD_USER_INPUT', '%{field}: must be a UUID; got %{"value"}'],
  EMPTY_ID: ['BAD_USER_INPUT', '%{field}: must not be empty; give an id, or null where that is allowed'],
  TOO_LONG: ['BAD_USER_INPUT', '%{field}: must have at most %{most} characters; got %{characters}'],
  LENGTH_OUT_OF_RANGE: ['BAD_USER_INPUT', '%{field}: must have 1 to %{most} characters; got %{"value"}'],
  TAG_INVALID: ['BAD_USER_INPUT', 'tags: each must have 1 to %{most} characters; got %{"value"}'],
  ACCOUNT_NAME_INVALID: [
    'BAD_USER_INPUT',
    'name: must have 1 to %{most} characters, none of them a control character; got %{"value"}',
  ],
  NUL_CHARACTER: ['BAD_USER_INPUT', '%{field}: must not contain the character NUL; found it at position %{position}'],
  LONE_SURROGATE: [
    'BAD_USER_INPUT',
    '%{field}: must be valid Unicode; found half of a surrogate pair (U+%{code}) at position %{position}',
  ],
  TOO_MANY_ENTRIES: ['BAD_USER_INPUT', '%{field}: must have at most %{most} entries; got %{count}'],
  ENTRIES_OUT_OF_RANGE: ['BAD_USER_INPUT', '%{field}: must have 1 to %{most} entries; got %{count}'],
  NESTED_TOO_DEEPLY: ['BAD_USER_INPUT', '%{field}: is nested more than %{most} levels deep'],
  NONE_OF: ['BAD_USER_INPUT', '%{field}: give exactly one of %{names}; got none'],
  SEVERAL_OF: ['BAD_USER_INPUT', '%{field}: give exactly one of %{names}; got %{given}'],
  BELONGS_ELSEWHERE: ['BAD_USER_INPUT', '%{field}: belongs to "%{owner}", not to "%{given}"'],
  BELONGS_TO_FIELD: ['BAD_USER_INPUT', '%{field}: belongs to a field, not to "%{given}"'],
  FILTER_INVALID: ['BAD_USER_INPUT', '%{argument}: %{problem}'],

  PAGE_SIZE: [
    'BAD_USER_INPUT',
    '%{field} must be between 1 and %{max}; got %{value}. Use "%{cursor}" to get more pages.',
  ],
  FIRST_AND_LAST: ['BAD_USER_INPUT', 'give either first or last, not both; got first: %{first}, last: %{last}'],
  CURSOR_INVALID: [
    'BAD_USER_INPUT',
    '%{field}: %{"value"} is not a cursor of this list in this order; pass pageInfo.%{source}',
  ],
  CHANGE_CURSOR_INVALID: [
    'BAD_USER_INPUT',
    'after: %{"value"} is not a cursor of %{kind} with these arguments; pass the cursor of the last message, or null to begin',
  ],
  NOT_A_LOG_LINE: ['BAD_USER_INPUT', '%{field}: %{"value"} is not the id of a log line'],
  NOT_AN_EDIT: ['BAD_USER_INPUT', 'before: %{"value"} is not the id of an edit'],
  TABLE_TOO_LARGE: [
    'BAD_USER_INPUT',
    'a table may have at most %{most} cells; got %{rows} rows and %{columns} columns: choose other fields',
  ],
  TABLE_OF_TOO_MANY_RUNS: [
    'BAD_USER_INPUT',
    'a table may have at most %{most} runs; narrow it with "query" or "where"',
  ],
  TOO_MANY_FIELDS: ['BAD_USER_INPUT', '%{field}: at most %{most} fields; got %{count}'],
  VALUE_WITHOUT_MEAN: ['BAD_USER_INPUT', 'value: %{"name"} is not a number, so it has no mean'],
  BASELINE_NOT_IN_TABLE: ['BAD_USER_INPUT', 'baseline: run %{"id"} is not in the table'],
  PUBLISHED_OTHER_VALUE: [
    'BAD_USER_INPUT',
    'published: the numbers are mIoU on VAL, and cannot be compared with another value',
  ],
  PACKED_POINTS_INVALID: ['BAD_USER_INPUT', 'packedPoints: %{problem}'],
  NOT_EMPTY: ['BAD_USER_INPUT', '%{field}: must not be empty'],
  NAME_AND_QUERY: ['BAD_USER_INPUT', 'give name and query'],
  NOTHING_TO_CHANGE: ['BAD_USER_INPUT', 'input: give at least one field to change'],
  NAME_OF_MANY: ['BAD_USER_INPUT', 'input.name: many runs cannot have one name; use updateRun'],
  TAGS_TWICE: ['BAD_USER_INPUT', 'tags: give either all tags, or addTags and removeTags'],
  SELECTION_MISSING: ['BAD_USER_INPUT', 'give where or query; without them, every run would be changed'],
  SELECTION_TOO_LARGE: [
    'BAD_USER_INPUT',
    'the filter matches more than %{most} runs, the most that can be changed at once; narrow it',
  ],
  BASELINE_UNKNOWN: ['BAD_USER_INPUT', 'baselineRunId: there is no run %{"id"}'],
  BASELINE_ELSEWHERE: ['BAD_USER_INPUT', 'baselineRunId: run %{number} does not belong to the study "%{study}"'],
  PARENT_UNKNOWN: ['BAD_USER_INPUT', 'from: there is no run %{"id"}'],
  CONFIG_MISSING: ['BAD_USER_INPUT', 'config: is needed, unless "from" names a run to clone'],
  NO_PARAMETERS: ['BAD_USER_INPUT', '%{what} has no parameters; got %{"name"}'],
  SEVERAL_ORDERS: ['BAD_USER_INPUT', 'runs are sorted by one of %{given}; give only one of them'],
  NUMBER_OF_FIELDS: ['BAD_USER_INPUT', '%{field}: must have 1 to %{most} fields; got %{count}'],
  STATISTICS_NEED_NUMBERS: ['BAD_USER_INPUT', '%{field}: statistics need numbers; %{name} is not one'],
  RUNS_TO_COMPARE: ['BAD_USER_INPUT', 'runIds: must have %{least} to %{most} different entries; got %{count}'],
  STEP_AND_BEST: ['BAD_USER_INPUT', 'step: give either a step or "pick: BEST"; got %{step} and BEST'],
  SUBSETS_DIFFER: ['BAD_USER_INPUT', 'to.subset: must be that of "from", %{from}; got %{to}'],
  CLASS_UNKNOWN: ['BAD_USER_INPUT', '%{field}: the dataset has no class %{hint}'],
  DATASETS_DIFFER: [
    'BAD_USER_INPUT',
    'run %{from} is of dataset "%{fromDataset}" and run %{to} of "%{toDataset}", which has other images or classes: their ' +
      'pixels cannot be compared',
  ],
  IMAGE_ID_INVALID: ['BAD_USER_INPUT', 'image: %{problem}'],
  IMAGE_WITHOUT_SAMPLE: ['BAD_USER_INPUT', 'image: none of the runs has a sample of %{hint}'],
  READS_TOO_MUCH: [
    'BAD_USER_INPUT',
    'the operation reads more than %{most} numbers, counting %{perItem} for each object in a list, 1 for each ' +
      'number or text in a list, %{perRow} for each stored row, 1 for every %{points} stored points that are read, ' +
      '1 for each block of up to 480 points of which only the extremes are read, and 1 for every %{bytes} bytes of ' +
      'the counts of images: ask for fewer runs, or for fewer series, steps or subsets of each',
  ],
  ORDER_TAKES_NO_CLASS: ['BAD_USER_INPUT', '%{field}: is only for %{orders}; got %{order}'],
  ORDER_NEEDS_CLASS: [
    'BAD_USER_INPUT',
    'orderBy.class: %{order} needs a class; give either its name or its classIndex',
  ],
  ORDER_CLASS_INVALID: [
    'BAD_USER_INPUT',
    'orderBy.classIndex: must be the index of a class, from 0 to %{max}; got %{classIndex}',
  ],
  PARAMETER_UNKNOWN: ['BAD_USER_INPUT', 'the parameters are %{known}; got %{"name"}'],

  STUDY_UNKNOWN: ['BAD_USER_INPUT', 'studyId: there is no study %{"id"}'],
  RUNNER_TOO_OLD: [
    'BAD_USER_INPUT',
    'this runner is too old for the server: it speaks version %{protocol} of the runner protocol (crosscheck ' +
      '%{"version"}), and the server needs at least %{least}; upgrade the runner',
  ],
  DATASET_TWICE: ['BAD_USER_INPUT', 'dataset "%{name}" is announced twice; names must be unique'],
  REPORT_SKIPPED: [
    'BAD_USER_INPUT',
    'sequence: must be %{next}, the next after the newest stored report; got %{sequence}',
  ],
  CHECKPOINT_STEP: ['BAD_USER_INPUT', "the checkpoint's step must be at least 0; got %{step}"],
  CHECKPOINT_SIZE: [
    'BAD_USER_INPUT',
    'the checkpoint of step %{step} should have %{bytes} bytes, but its blob has %{stored}',
  ],
  BLOB_NAME: ['BAD_USER_INPUT', 'the name of a blob must be its SHA-256, as 64 lowercase hex digits; got %{"name"}'],
  BLOB_HASH_WRONG: ['BAD_USER_INPUT', 'the bytes sent for blob %{sha256} have the SHA-256 %{received}'],
  BLOB_SIZE_WRONG: ['BAD_USER_INPUT', 'blob %{sha256} has %{stored} bytes, but %{bytes} were announced'],
  BLOBS_MISSING: [
    'BAD_USER_INPUT',
    'not uploaded: %{hashes} (%{count} in all); send the bytes before the report that names the blob',
  ],
  BLOBS_NOT_UPLOADED: [
    'BAD_USER_INPUT',
    'not uploaded: %{hashes}; send the bytes (POST /uploads, then PATCH) before the report that names the blob, for ' +
      'the same attempt',
  ],
  UPLOAD_OFFSET_INVALID: [
    'BAD_USER_INPUT',
    'Upload-Offset must be the number of bytes before the piece; got %{"value"}',
  ],
  UPLOAD_PIECE_TOO_LONG: [
    'BAD_USER_INPUT',
    'Content-Length must be at most %{most}, because %{bytes} bytes were announced; got %{"length"}',
  ],
  UPLOAD_LENGTH_INVALID: ['BAD_USER_INPUT', 'Upload-Length must be the blob\'s number of bytes; got %{"value"}'],
  UPLOAD_TYPE_INVALID: ['BAD_USER_INPUT', 'Upload-Metadata: type must be one of these: %{types}; got %{"value"}'],
  UPLOAD_NUMBER_INVALID: ['BAD_USER_INPUT', 'Upload-Metadata: %{key} must be a number; got %{"value"}'],
} as const satisfies Reasons;
