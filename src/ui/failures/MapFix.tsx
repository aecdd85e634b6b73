import type { PathMapReport } from '../api/reports.ts';
import { stash } from '../api/stash.ts';
import { useAsked } from '../polling/useAsked.ts';
import { PathProposal } from '../setup/PathProposal.tsx';
import { Action } from '../shared/Action.tsx';
import { Notice, Problem } from '../shared/Notice.tsx';

/** For scenes that are not in Plex: looks for the path map that would find them. @param props.onDone the map is in force. */
export function MapFix({ onDone }: { onDone: () => unknown }) {
  const proposed = useAsked(() => stash.operation<PathMapReport>({ mode: 'propose_path_map' }));
  const stored = useAsked(async (proposal: string) => {
    await stash.changeSettings({ path_map: proposal });
    return proposal;
  });
  return (
    <div className="s2p-inset">
      <Action isSmall isBusy={proposed.isBusy} onPress={() => proposed.ask()}>
        Look for a path map that would help
      </Action>
      <Problem text={proposed.problem ?? stored.problem} />
      {stored.data !== undefined && <Notice tone="good">The path map is stored.</Notice>}
      {proposed.data && stored.data === undefined && (
        <PathProposal
          report={proposed.data}
          isBusy={stored.isBusy}
          useWords="Use this map and retry"
          onUse={async (proposal) => {
            if ((await stored.ask(proposal)) !== undefined) onDone();
          }}
        />
      )}
    </div>
  );
}
