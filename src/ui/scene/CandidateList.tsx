import type { ExplainReport } from '../api/reports.ts';
import { formatSize } from '../format/formatSize.ts';
import { useAsked } from '../polling/useAsked.ts';
import { Action } from '../shared/Action.tsx';

type Candidate = ExplainReport['candidates'][number];

/** Plex items that may be the scene's, to choose from where `onChoose` is given. */
export function CandidateList(props: {
  candidates: Candidate[];
  onChoose?: (candidate: Candidate) => Promise<unknown>;
}) {
  const { candidates, onChoose } = props;
  const { isBusy, ask: choose } = useAsked(async (candidate: Candidate) => onChoose?.(candidate));
  if (candidates.length === 0) return null;
  return (
    <ul className="s2p-list" aria-label="Plex items that may be meant">
      {candidates.map((candidate) => (
        <li key={`${candidate.serverId}-${candidate.ratingKey}`}>
          <CandidateText candidate={candidate} />
          {onChoose && !candidate.isChosen && (
            <div className="s2p-actions">
              <Action
                isSmall
                isBusy={isBusy}
                about={`item ${candidate.ratingKey}, ${candidate.title}`}
                onPress={() => choose(candidate)}
              >
                Choose this one
              </Action>
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

function CandidateText({ candidate }: { candidate: Candidate }) {
  const { title, library, ratingKey, paths, sizeBytes, agreement, reason, isChosen } = candidate;
  return (
    <div className="s2p-what">
      <strong>{title || `Item ${ratingKey}`}</strong>
      <span className="s2p-note">
        {' '}
        item {ratingKey} in {library}
        {sizeBytes !== null && `, ${formatSize(sizeBytes)}`}
        {isChosen && ', the one in use'}
      </span>
      {paths.map((path) => (
        <code key={path} className="s2p-path">
          {path}
        </code>
      ))}
      <span className="s2p-message">
        {agreement}
        {reason !== '' && `: ${reason}`}
      </span>
    </div>
  );
}
