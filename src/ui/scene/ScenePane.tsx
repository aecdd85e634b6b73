import { useEffect, useState } from '../api/react.ts';
import type { QueuedReport, SceneStatusReport } from '../api/reports.ts';
import { stash } from '../api/stash.ts';
import { useAsked } from '../polling/useAsked.ts';
import { Action } from '../shared/Action.tsx';
import { Dot } from '../shared/Dot.tsx';
import { Notice, Problem } from '../shared/Notice.tsx';
import { Explained } from './Explained.tsx';
import { plexWebLink } from './plexWebLink.ts';
import { statusWords } from './statusWords.ts';
import { type StashScene, useScene } from './useScene.ts';

type QueueArgs = { mode: 'sync_scene' } | { mode: 'choose_item'; rating_key: string; server_id: string };

/** What this plugin has to say about a scene, on the scene's page. */
export function ScenePane({ scene }: { scene: StashScene }) {
  const sceneId = Number(scene.id);
  const { report, problem, refresh } = useScene(scene);
  const queued = useAsked((args: QueueArgs) => stash.operation<QueuedReport>({ ...args, scene_id: sceneId }));
  const [isExplained, setIsExplained] = useState(false);
  const queue = async (args: QueueArgs) => {
    if ((await queued.ask(args)) !== undefined) await refresh();
  };
  return (
    <div className="s2p s2p-pane">
      {report ? <Status report={report} /> : !problem && <p className="s2p-quiet">Looking…</p>}
      <Problem text={problem ?? queued.problem} />
      <div className="s2p-actions">
        <Action kind="primary" isBusy={queued.isBusy} onPress={() => queue({ mode: 'sync_scene' })}>
          Sync now
        </Action>
        <Action onPress={() => setIsExplained(!isExplained)}>{isExplained ? 'Close' : 'Why?'}</Action>
        {report && <PlexLinks items={report.items} />}
      </div>
      {queued.data && <Notice tone="good">{queued.data.summary}</Notice>}
      {isExplained && (
        <Explained
          sceneId={sceneId}
          onChoose={({ ratingKey, serverId }) =>
            queue({ mode: 'choose_item', rating_key: ratingKey, server_id: serverId })
          }
        />
      )}
    </div>
  );
}

function Status({ report }: { report: SceneStatusReport }) {
  const { tone, word, text } = statusWords(report, Date.now());
  return (
    <>
      <p className="mb-1" role="status">
        <Dot tone={tone} />
        <strong>{word}</strong>
      </p>
      <p>{text}</p>
      {report.message !== undefined && report.message !== '' && (
        <Notice tone="warn" isStill>
          {report.message}
          {report.remedy !== undefined && <span className="s2p-message">{report.remedy}</span>}
        </Notice>
      )}
    </>
  );
}

/** Each item of the scene in Plex Web, as far as its address is known. */
function PlexLinks({ items }: { items: SceneStatusReport['items'] }) {
  const { data, ask } = useAsked(async () => (await stash.settings())['plex_url']);
  const isNeeded = items.length > 0;
  useEffect(() => {
    if (isNeeded) void ask();
  }, [ask, isNeeded]);
  return (
    <>
      {items.map((item) => {
        const href = plexWebLink(data, item);
        return (
          href && (
            <a key={item.ratingKey} href={href} target="_blank" rel="noopener noreferrer">
              {items.length > 1 ? `Open item ${item.ratingKey} in Plex` : 'Open in Plex'}
            </a>
          )
        );
      })}
    </>
  );
}
