import type { Redactor } from '../log/redactor.ts';
import type { Notice } from './Notice.ts';
import type { Wording } from './words.ts';

/** A notice with its time. Whatever its words came from, no secret leaves. */
export function stamped(
  wording: Wording,
  { id, atMs }: Pick<Notice, 'id' | 'atMs'>,
  { redact }: Pick<Redactor, 'redact'>,
): Notice {
  const figures = Object.entries(wording.figures).map(([name, figure]) => [
    name,
    typeof figure === 'string' ? redact(figure) : figure,
  ]);
  return {
    ...wording,
    title: redact(wording.title),
    message: redact(wording.message),
    figures: Object.fromEntries(figures),
    id,
    atMs,
  };
}
