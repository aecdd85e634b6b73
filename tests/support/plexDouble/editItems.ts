import { applyEdit, editProblem } from './applyEdit.ts';
import { parseEditForm } from './editForm.ts';
import type { ItemRecord } from './ItemRecord.ts';
import { recordsOf } from './itemDetails.ts';
import { selectItems } from './listItems.ts';
import type { Handler, PlexContext } from './PlexContext.ts';
import type { PlexRequest } from './PlexRequest.ts';
import { EMPTY_REPLY, errorReply } from './Reply.ts';
import { percentDecode } from './rawQuery.ts';
import type { SectionRecord } from './SectionRecord.ts';
import { isReply, sectionOf } from './sectionOf.ts';

/** `PUT /library/sections/{key}/all`, the edit that Plex Web uses ("form A", rows 10 to 19). */
export const editItems: Handler = (request, context, [key = '']) => {
  const section = sectionOf(context.state, key);
  if (isReply(section)) return section;
  const { state, switches, violations } = context;
  const form = parseEditForm(request.query);
  if (request.parameter('type') === undefined) {
    violations.push(`PUT ${request.path} without type`);
    return errorReply(400);
  }
  if (form.values.some(([field, value]) => field === 'title' && value === '')) {
    violations.push(`PUT ${request.path} with an empty title`);
  }
  const records = editedRecords(request, context, section);
  if (records === undefined) return errorReply(400);
  if (records.length === 0 && request.parameter('id') !== undefined) {
    return switches.unknownIdStatus === 200 ? EMPTY_REPLY : errorReply(404);
  }
  const problem = editProblem(form, switches);
  if (problem !== undefined) return errorReply(problem);
  for (const record of records) applyEdit(state, record, form, switches);
  return EMPTY_REPLY;
};

/** The items an edit means; undefined when its ids are not numbers. */
function editedRecords(
  request: PlexRequest,
  context: PlexContext,
  section: SectionRecord,
): readonly ItemRecord[] | undefined {
  const ids = request.parameter('id');
  if (ids === undefined) {
    // The worst mistake there is: it edits the whole library, here as there (row 10, trap 2).
    context.violations.push(`PUT ${request.path} without id edits the whole section`);
    return selectItems(request, context, section);
  }
  if (!/^\d+(,\d+)*$/.test(ids)) {
    context.violations.push(`PUT ${request.path} with the id "${ids}"`);
    return undefined;
  }
  const type = Number(request.parameter('type'));
  return recordsOf(context.state, ids).filter(
    (record) => record.sectionKey === section.key && record.type === type,
  );
}

/**
 * `PUT /library/metadata/{ids}` ("form B", 3.7): same parameters, tag lists taken as a replacement. The client is
 * not to use it, so it is a violation.
 */
export const editMetadata: Handler = (request, { state, switches, violations }, [ids = '']) => {
  violations.push(`PUT ${request.path} is form B`);
  const records = recordsOf(state, percentDecode(ids));
  if (records.length === 0) return errorReply(404);
  const form = parseEditForm(request.query);
  const problem = editProblem(form, switches);
  if (problem !== undefined) return errorReply(problem);
  for (const record of records) applyEdit(state, record, form, { ...switches, tagMode: 'replace' });
  return EMPTY_REPLY;
};
