import { currentTexts } from '../messages/language.js';
import { t } from '../messages/t.js';

/** Formats numbers and times in the language of the page. All pages use these functions, so that a value looks the same everywhere. */

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
  if (whole < 60) return t('format.seconds', { seconds: whole });
  if (whole < 3600) return t('format.minutes', { minutes: Math.floor(whole / 60), seconds: whole % 60 });
  if (whole < 86_400) {
    return t('format.hours', { hours: Math.floor(whole / 3600), minutes: Math.floor((whole % 3600) / 60) });
  }
  return t('format.days', { days: Math.floor(whole / 86_400), hours: Math.floor((whole % 86_400) / 3600) });
}

/** How long ago `at` (ISO 8601) was, in its largest unit. */
export function age(at: string, now: number): string {
  const seconds = Math.max(0, (now - Date.parse(at)) / 1000);
  if (seconds < 10) return t('format.justNow');
  if (seconds < 60) return t('format.secondsAgo', { count: Math.floor(seconds) });
  if (seconds < 3600) return t('format.minutesAgo', { count: Math.floor(seconds / 60) });
  if (seconds < 86_400) return t('format.hoursAgo', { count: Math.floor(seconds / 3600) });
  return t('format.daysAgo', { count: Math.floor(seconds / 86_400) });
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
  return value.toLocaleString(currentTexts().language);
}

/** A moment (ISO 8601) as people write it: "Dec 1, 2026, 4:30 PM". */
export function dateTime(at: string): string {
  return new Date(at).toLocaleString(currentTexts().language, { dateStyle: 'medium', timeStyle: 'short' });
}

/** The time of day of a moment (ISO 8601), to the second: "16:30:05". */
export function timeOfDay(at: string): string {
  return new Date(at).toLocaleTimeString(currentTexts().language, { hourCycle: 'h23' });
}

/** Bytes in binary units with one decimal: "139.8 GiB". */
export function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, count)) / 10));
  const amount = count / 1024 ** power;
  return `${power === 0 ? amount : amount.toFixed(1)} ${units[power]}`;
}
