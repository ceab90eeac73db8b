import problems from './ko/problems.json';
import reasons from './ko/reasons.json';

/** The server's errors in Korean: by the reason of an error, and by that of a problem in an input (docs/api/errors.md). */
export default { reasons, problems };
