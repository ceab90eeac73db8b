interface Props {
  step: number;
  iterations: number;
  /** Said by a screen reader before the value. */
  label: string;
}

/** Iterations done of those to do. */
export function Progress({ step, iterations, label }: Props) {
  return (
    <span className="progress">
      <progress value={step} max={iterations} aria-label={label} />
      <span className="num">
        {step} / {iterations}
      </span>
    </span>
  );
}
