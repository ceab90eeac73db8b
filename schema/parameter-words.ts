/** How many weights the networks of a run have. The second number is only known if the networks differ. */
export function parameterWords(setup: { parameters: number; secondParameters?: number | null | undefined }): string {
  const first = setup.parameters.toLocaleString('en');
  if (!setup.secondParameters) return `${first} parameters per network`;
  return `${first} parameters in network 1, ${setup.secondParameters.toLocaleString('en')} in network 2`;
}
