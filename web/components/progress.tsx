interface Props {
  step: number;
  iterations: number;
  /** Read by screen readers before the value. */
  label: string;
}

/** Completed and total iterations. */
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
