import type { PathMapReport } from '../api/reports.ts';
import { counted } from '../format/counted.ts';
import { Action } from '../shared/Action.tsx';
import { Notice } from '../shared/Notice.tsx';
import { SceneLink } from '../shared/SceneLink.tsx';

/** What scenes and items say about their folders, with before and after. */
export function PathProposal(props: {
  report: PathMapReport;
  useWords: string;
  isBusy?: boolean;
  onUse: (proposal: string) => unknown;
}) {
  const { report, useWords, isBusy = false, onUse } = props;
  const { matched, scenesTried, proposal, pairs, examples, misses, summary } = report;
  return (
    <div className="s2p-proposal">
      <Notice tone={proposal === '' ? 'info' : 'good'}>
        {summary}
        <span className="s2p-message">
          Of {counted(scenesTried, 'scene')}: {matched.path} by their path, {matched.name} by their name,{' '}
          {matched.ambiguous} in doubt, {matched.none} not in Plex.
        </span>
      </Notice>
      {proposal !== '' && (
        <>
          <ul className="s2p-pairs">
            {pairs.map(({ plex, stash, scenes }) => (
              <li key={`${plex}=>${stash}`}>
                <code>{plex}</code> in Plex is <code>{stash}</code> in Stash{' '}
                <span className="s2p-note">({counted(scenes, 'scene')})</span>
              </li>
            ))}
          </ul>
          <Examples examples={examples} />
          <Action kind="primary" isBusy={isBusy} onPress={() => onUse(proposal)}>
            {useWords}
          </Action>
        </>
      )}
      {misses.length > 0 && (
        <details>
          <summary>{counted(misses.length, 'scene')} without an item</summary>
          <ul className="s2p-list">
            {misses.map(({ sceneId, stashPath, reason }) => (
              <li key={sceneId}>
                <span className="s2p-what">
                  <SceneLink id={sceneId} />
                  <code className="s2p-path">{stashPath}</code>
                  <span className="s2p-message">{reason}</span>
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function Examples({ examples }: { examples: PathMapReport['examples'] }) {
  if (examples.length === 0) return null;
  return (
    <table className="table s2p-table s2p-changes">
      <caption>Before and after</caption>
      <thead>
        <tr>
          <th scope="col">Scene</th>
          <th scope="col">Looked for now</th>
          <th scope="col">Looked for then</th>
          <th scope="col">In Plex</th>
        </tr>
      </thead>
      <tbody>
        {examples.map(({ sceneId, now, then, plexPath }) => (
          <tr key={sceneId}>
            <th scope="row">
              <SceneLink id={sceneId} />
            </th>
            <PathCell name="Looked for now" path={now} />
            <PathCell name="Looked for then" path={then} />
            <PathCell name="In Plex" path={plexPath} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function PathCell({ name, path }: { name: string; path: string }) {
  return (
    <td data-name={name}>
      <code className="s2p-path">{path}</code>
    </td>
  );
}
