/** Which dead letters are meant; without a member all of them are. */
export interface DeadLetterSelection {
  /** Only those of this class, as `DeadLetters.errorSummary` names it. */
  errorType?: string | undefined;
  /** Only those of these scenes. */
  sceneIds?: readonly number[] | undefined;
}

/** The condition on rows of `dead_letters` for {@link selectionValues}. */
export const IS_SELECTED = `(@type IS NULL OR coalesce(error_type, 'Unknown') = @type)
  AND (@sceneIds IS NULL OR scene_id IN (SELECT value FROM json_each(@sceneIds)))`;

/** What the statement is run with. */
export function selectionValues({ errorType, sceneIds }: DeadLetterSelection) {
  return { type: errorType ?? null, sceneIds: sceneIds ? JSON.stringify(sceneIds) : null };
}
