import type { FailuresReport } from '../api/reports.ts';
import { counted, grouped } from '../format/counted.ts';
import { SceneLink } from '../shared/SceneLink.tsx';

/** Scenes that are not written because their item is another scene's: nothing failed there. */
export function SharedList({ shared }: { shared: FailuresReport['shared'] }) {
  if (shared.total === 0) return null;
  return (
    <section className="card s2p-card" aria-labelledby="s2p-shared">
      <h2 id="s2p-shared">
        Shared items <span className="s2p-count">{grouped(shared.total)}</span>
      </h2>
      <p>
        Several scenes have their files in one Plex item; the scene of its first file writes to it. Split the
        item in Plex to have one for each.
      </p>
      <ul className="s2p-list">
        {shared.scenes.map(({ sceneId, ownerId, ratingKey, title }) => (
          <li key={`${sceneId}-${ratingKey}`}>
            <span className="s2p-what">
              <SceneLink id={sceneId} /> shares item {ratingKey} {title !== '' && `“${title}” `}
              {ownerId !== null && (
                <>
                  with <SceneLink id={ownerId} />, which writes to it
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
      {shared.total > shared.scenes.length && (
        <p className="s2p-note">and {counted(shared.total - shared.scenes.length, 'scene')} more</p>
      )}
    </section>
  );
}
