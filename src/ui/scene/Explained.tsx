import { useEffect } from '../api/react.ts';
import type { ExplainReport } from '../api/reports.ts';
import { stash } from '../api/stash.ts';
import { useAsked } from '../polling/useAsked.ts';
import { Problem } from '../shared/Notice.tsx';
import { CandidateList } from './CandidateList.tsx';
import { ChangeTable } from './ChangeTable.tsx';

/** A Plex item that the user takes for the scene's. */
export type ChosenItem = Pick<ExplainReport['candidates'][number], 'ratingKey' | 'serverId'>;

/** Asks both servers about a scene and shows what they say. */
export function Explained(props: { sceneId: number; onChoose?: (item: ChosenItem) => Promise<unknown> }) {
  const { sceneId, onChoose } = props;
  const { data, problem, ask } = useAsked((id: number) =>
    stash.operation<ExplainReport>({ mode: 'explain_scene', scene_id: id }),
  );
  useEffect(() => void ask(sceneId), [ask, sceneId]);
  return (
    <section className="s2p-inset" aria-label={`Explanation of scene ${sceneId}`} aria-live="polite">
      {data === undefined && problem === undefined && <p className="s2p-quiet">Asking Stash and Plex…</p>}
      <Problem text={problem} />
      {data && (
        <>
          <ol className="s2p-sentences">
            {data.sentences.map((sentence, index) => (
              <li key={index}>{sentence}</li>
            ))}
          </ol>
          <CandidateList candidates={data.candidates} {...(onChoose ? { onChoose } : {})} />
          {data.nextSync.map(({ ratingKey, changes }) => (
            <ChangeTable key={ratingKey} changes={changes} caption={`The next sync of item ${ratingKey}`} />
          ))}
        </>
      )}
    </section>
  );
}
