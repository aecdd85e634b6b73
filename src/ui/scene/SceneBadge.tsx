import { Dot } from '../shared/Dot.tsx';
import { statusWords } from './statusWords.ts';
import { type StashScene, useScene } from './useScene.ts';

/** The scene's status beside the name of its tab. */
export function SceneBadge({ scene }: { scene: StashScene }) {
  const { report, problem } = useScene(scene);
  if (report === undefined) return problem === undefined ? null : <span title={problem}> ?</span>;
  const { tone, word } = statusWords(report, Date.now());
  // Stash's row of tabs is full: what is as it should be takes no room for its word.
  const isQuiet = report.status === 'equal';
  return (
    <span className="s2p s2p-badge" title={word}>
      <Dot tone={tone} />
      <span className={isQuiet ? 'sr-only' : undefined}>{word}</span>
    </span>
  );
}
