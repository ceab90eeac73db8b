/** Formats numbers. All pages use these functions, so that a value looks the same everywhere. */

/** A share in [0, 1] as a percentage with one decimal, as segmentation papers print mIoU; "–" for no value. */
export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? '–' : (share * 100).toFixed(1);
}

/** The difference of two shares in percentage points, with its sign: "+1.3", "−0.4". */
export function signedPoints(difference: number | null | undefined): string {
  if (difference === null || difference === undefined) return '–';
  const points = (Math.abs(difference) * 100).toFixed(1);
  if (points === '0.0') return '±0.0';
  return `${difference > 0 ? '+' : '−'}${points}`;
}

/** About four significant digits; an exponent only for very large or small values. */
export function short(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) return value.toExponential(2);
  if (size >= 1000) return value.toFixed(0);
  return String(+value.toPrecision(4));
}

/** A duration in seconds, in its two largest units: "42 s", "3 min 10 s", "2 h 5 min", "4 d 1 h". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** How long ago `at` (ISO 8601) was, in its largest unit. */
export function age(at: string, now: number): string {
  const seconds = Math.max(0, (now - Date.parse(at)) / 1000);
  if (seconds < 10) return 'just now';
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** The time between two moments (ISO 8601), or until `now` when `to` is missing. */
export function timeBetween(from: string, to: string | null | undefined, now: number): string {
  return duration(((to ? Date.parse(to) : now) - Date.parse(from)) / 1000);
}

/** The first digits of a hash, enough to recognise it. */
export function shortHash(hash: string): string {
  return hash.slice(0, 8);
}

/** 1234567 → "1,234,567". */
export function grouped(value: number): string {
  return value.toLocaleString('en');
}

/** Bytes in binary units with one decimal: "139.8 GiB". */
export function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, count)) / 10));
  const amount = count / 1024 ** power;
  return `${power === 0 ? amount : amount.toFixed(1)} ${units[power]}`;
}
