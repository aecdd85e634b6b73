import type { PreviewField } from '../../tasks/pageReports.ts';

export type * from '../../tasks/pageReports.ts';

/** `mode: retry_failed`, `clear_dlq`, and others of which only the sentence counts here. */
export interface DoneReport {
  summary: string;
}

/** One item of a previewed scene. */
export interface PreviewedItem {
  item?: string;
  ratingKey?: string;
  /** Those that change. */
  fields?: PreviewField[];
}

/** A scene of `mode: preview_sync`. */
export interface PreviewedScene extends PreviewedItem {
  sceneId: number;
  outcome: 'found' | 'shared' | 'skipped' | 'failed';
  reason?: string;
  further?: PreviewedItem[];
}

/** `mode: preview_sync` with `limit`: asks both servers, writes nothing. */
export interface PreviewReport {
  summary: string;
  scenes: PreviewedScene[];
}
