/** The number of bits in which two hashes in hex digits differ. */
export function bitsThatDiffer(a: string, b: string): number {
  const different = BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
  return [...different.toString(2)].filter((bit) => bit === '1').length;
}
