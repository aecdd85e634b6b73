import type { LibraryState } from './LibraryState.ts';
import { errorReply, type Reply } from './Reply.ts';
import type { SectionRecord } from './SectionRecord.ts';

/** The section a path names, or the error: 500 for what is not a number, 404 for one that does not exist (row 10). */
export function sectionOf(state: LibraryState, key: string): SectionRecord | Reply {
  if (!/^\d+$/.test(key)) return errorReply(500);
  return state.sections.get(key) ?? errorReply(404);
}

/** Whether a look-up ended in an answer instead of a section. */
export function isReply(found: SectionRecord | Reply): found is Reply {
  return 'status' in found;
}
