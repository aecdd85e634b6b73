import type { NoticeEvent } from '../config/noticeEvents.ts';

/** Something to tell the user, in words without a secret, an address, a path or a title; and the figures behind it. */
export interface Notice {
  /** The same for everybody who is told of the same: a receiver can drop what comes twice. */
  id: string;
  event: NoticeEvent | 'test';
  /** How it is to be shown. */
  level: 'problem' | 'good' | 'info';
  title: string;
  message: string;
  /** For machines; names in snake case. */
  figures: Readonly<Record<string, Figure>>;
  /** Milliseconds since the epoch. */
  atMs: number;
}

type Figure = string | number | null | Readonly<Record<string, number>>;
