import { formatSpan } from './formatSpan.ts';

const JUST_MS = 5_000;

/** When something was: `just now`, `5 min ago`. */
export function ago(atMs: number, nowMs: number): string {
  return nowMs - atMs < JUST_MS ? 'just now' : `${formatSpan(nowMs - atMs)} ago`;
}

/** When something will be: `now`, `in 40 s`. */
export function due(atMs: number, nowMs: number): string {
  return atMs - nowMs < 1_000 ? 'now' : `in ${formatSpan(atMs - nowMs)}`;
}

/** Date and time as this browser writes them. */
export function moment(atMs: number): string {
  return new Date(atMs).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
