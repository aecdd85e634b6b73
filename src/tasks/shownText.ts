import { shortened } from '../log/shortened.ts';

/** A text in quotation marks, or that there is none. @param length most characters. */
export function quoted(text: string, length: number): string {
  return text === '' ? 'nothing' : `"${shortened(text, length)}"`;
}
