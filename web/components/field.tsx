import { type ReactNode, useId } from 'react';
import { type FieldProblem, problemsOf } from '../api/errors.js';

interface Props {
  label: string;
  hint?: string;
  /** The paths in the server's input that this field covers. */
  paths: string[];
  problems: FieldProblem[];
  /** Renders the control. It must spread the attributes, which link it to its label and its problems. */
  children: (attributes: { id: string; 'aria-describedby': string; 'aria-invalid': boolean }) => ReactNode;
}

/** A labelled control and the problems that the server found in its value. */
export function Field({ label, hint, paths, problems, children }: Props) {
  const id = useId();
  const found = new Set(paths.flatMap((path) => problemsOf(problems, path)));
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-more`, 'aria-invalid': found.size > 0 })}
      <div id={`${id}-more`}>
        {[...found].map(({ field, message }) => (
          <p className="problem" key={field + message}>
            {message}
          </p>
        ))}
        {hint && found.size === 0 && <p className="hint">{hint}</p>}
      </div>
    </div>
  );
}
