/** Something that the page asked Stash or the plugin for did not come. The message is a sentence for the user. */
export class StashTrouble extends Error {
  override readonly name = 'StashTrouble';
}

/** The sentence about whatever was thrown. */
export function troubleText(error: unknown): string {
  return error instanceof StashTrouble ? error.message : `The page failed: ${String(error)}`;
}
