export interface DoctorOptions {
  json: boolean;
  print(line: string): void;
}

/** What this machine lacks, and what that costs; the exit code. */
export async function doctor({ print }: DoctorOptions): Promise<number> {
  print('nothing is checked yet');
  return 0;
}
