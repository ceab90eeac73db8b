import { useSearchParams } from 'wouter';

/** A page setting stored in the URL, so that it survives a reload and can be shared as a link. */
export function useUrlState(name: string, fallback: string): [string, (value: string) => void] {
  const [parameters, setParameters] = useSearchParams();
  const set = (value: string) =>
    setParameters(
      (before) => {
        const after = new URLSearchParams(before);
        if (value === fallback) after.delete(name);
        else after.set(name, value);
        return after;
      },
      { replace: true },
    );
  return [parameters.get(name) ?? fallback, set];
}
