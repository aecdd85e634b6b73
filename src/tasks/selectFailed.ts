import { counted } from '../log/counted.ts';
import type { DeadLetterSelection } from '../queue/deadLetterSelection.ts';
import type { DeadLetters } from '../queue/deadLetters.ts';
import { TaskError } from './Task.ts';
import { sceneIdsArg, type TaskArgs, textArg } from './taskArgs.ts';

/** Scenes that were given up, as the arguments `error_type` and `scene_ids` select them. */
export interface SelectedFailures {
  selection: DeadLetterSelection;
  /** How many of them there are. */
  count: number;
  /** A sentence about scenes that were named and are not among them; empty when there are none. */
  note: string;
}

/**
 * Reads which scenes are meant: all without arguments.
 *
 * @throws TaskError when an argument is wrong, or names a reason or scenes of which nothing was given up while other things were.
 */
export function selectFailed(args: TaskArgs, deadLetters: DeadLetters): SelectedFailures {
  const errorType = textArg(args, 'error_type');
  const sceneIds = sceneIdsArg(args, 'scene_ids');
  const types = Object.keys(deadLetters.errorSummary());
  if (errorType !== undefined && types.length > 0 && !types.includes(errorType)) {
    throw new TaskError(
      `No scene was given up for the reason "${errorType.slice(0, 100)}"; there are: ${types.join(', ')}.`,
    );
  }
  const selection = { errorType, sceneIds };
  const count = deadLetters.count(selection);
  if (count === 0 && types.length > 0 && sceneIds) {
    const reason = errorType === undefined ? '' : ` for the reason "${errorType}"`;
    throw new TaskError(
      `None of the scenes that "scene_ids" names is given up${reason}: they were queued again, synced or discarded meanwhile.`,
    );
  }
  const others = sceneIds ? sceneIds.length - count : 0;
  const note = others > 0 ? ` ${counted(others, 'other scene', ['is', 'are'])} not given up (any more).` : '';
  return { selection, count, note };
}
