import { counted } from '../log/counted.ts';
import { readFailedClasses, readFailedScenes, readSharedScenes } from '../queue/readFailures.ts';
import type { Database } from '../storage/openDatabase.ts';
import type { FailuresReport } from './pageReports.ts';
import { remedyFor } from './remedyFor.ts';
import { TaskError, type TaskReport } from './Task.ts';
import { numberArg, type TaskArgs, textArg } from './taskArgs.ts';
import { titleFor } from './titleFor.ts';
import type { View } from './View.ts';

const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 200;

/**
 * The view `failures`: the scenes that were given up, by reason, the most frequent first, each with its newest `limit` scenes from `offset`
 * on; with `error_type` those of one reason only. Apart from them those that share an item which another scene owns.
 *
 * @throws TaskError when an argument is wrong; StorageError.
 */
export const failures: View = async ({ database }, args): Promise<TaskReport & FailuresReport> => {
  const part = partOf(args);
  const errorType = textArg(args, 'error_type');
  const db = database();
  if (!db)
    return { summary: 'No scenes were given up.', total: 0, groups: [], shared: { total: 0, scenes: [] } };
  return db.transaction(() => reportOf(db, errorType, part))();
};

function partOf(args: TaskArgs) {
  const rule = { isWhole: true, unit: 'scenes' };
  return {
    offset: numberArg(args, 'offset', { ...rule, default: 0, minimum: 0 }),
    limit: numberArg(args, 'limit', { ...rule, default: DEFAULT_LIMIT, minimum: 1, maximum: MAX_LIMIT }),
  };
}

function reportOf(
  db: Database,
  errorType: string | undefined,
  part: ReturnType<typeof partOf>,
): TaskReport & FailuresReport {
  const all = readFailedClasses(db);
  const asked = all.filter((group) => errorType === undefined || group.errorType === errorType);
  if (asked.length === 0 && errorType !== undefined && all.length > 0) {
    const types = all.map((group) => group.errorType).join(', ');
    throw new TaskError(
      `No scene was given up for the reason "${errorType.slice(0, 100)}"; there are: ${types}.`,
    );
  }
  const total = asked.reduce((sum, { count }) => sum + count, 0);
  const shared = readSharedScenes(db, part);
  const given = total === 0 ? 'No scenes were given up.' : `${counted(total, 'scene', WERE)} given up.`;
  const also = `${counted(shared.total, 'scene', ARE)} not written because another scene owns the Plex item.`;
  return {
    summary: shared.total > 0 ? `${given} ${also}` : given,
    total,
    groups: asked.map((group) => ({
      ...group,
      title: titleFor(group.errorType),
      remedy: remedyFor(group.errorType),
      scenes: readFailedScenes(db, group.errorType, part),
    })),
    shared,
  };
}

const WERE = ['was', 'were'] as const;
const ARE = ['is', 'are'] as const;
