import { SETUP_REMEDIES, type SetupRemedy } from './setupRemedies.ts';

/** One thing that was looked at: fine, worth knowing, or with what to do about it. */
export interface SetupLine {
  area: string;
  name: string;
  status: 'ok' | 'info' | 'warning' | 'problem';
  text: string;
  remedy?: string;
}

/** Makes the lines of one area. */
export interface LineMaker {
  ok(name: string, text: string): SetupLine;
  info(name: string, text: string, remedy?: SetupRemedy): SetupLine;
  /** It works, but not as well as it could. */
  warning(name: string, text: string, remedy: SetupRemedy): SetupLine;
  /** As long as it is so, nothing is synced, or not rightly. */
  problem(name: string, text: string, remedy: SetupRemedy): SetupLine;
}

/** A maker of lines under a heading. */
export function linesOf(area: string): LineMaker {
  const line =
    (status: SetupLine['status']) =>
    (name: string, text: string, remedy?: SetupRemedy): SetupLine => ({
      area,
      name,
      status,
      text,
      ...(remedy ? { remedy: SETUP_REMEDIES[remedy] } : {}),
    });
  return { ok: line('ok'), info: line('info'), warning: line('warning'), problem: line('problem') };
}
