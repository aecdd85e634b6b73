import { Link, useCallback, useEffect, useLocation, useRef } from './api/react.ts';
import type { DashboardReport } from './api/reports.ts';
import { stash } from './api/stash.ts';
import { FailuresView } from './failures/FailuresView.tsx';
import { grouped } from './format/counted.ts';
import { usePolled } from './polling/usePolled.ts';
import { SetupView } from './setup/SetupView.tsx';
import { Dot } from './shared/Dot.tsx';
import { Notice, Problem } from './shared/Notice.tsx';
import { conditionOf, type Readiness } from './state/condition.ts';
import { ReadinessNotice } from './state/ReadinessNotice.tsx';
import { StateView } from './state/StateView.tsx';
import { useReadiness } from './state/useReadiness.ts';
import { type View, viewOf, viewPath } from './views.ts';

/** The state is watched; beside the other views only its headline stands. */
const INTERVALS_MS: Readonly<Record<View, number>> = { state: 5_000, failures: 30_000, setup: 30_000 };
const TITLES: Readonly<Record<View, string>> = { state: 'State', failures: 'Failures', setup: 'Set up' };

const askDashboard = () => stash.operation<DashboardReport>({ mode: 'dashboard' });

/** The page of this plugin inside Stash. */
export function PluginPage() {
  const view = viewOf(useLocation().search);
  const { data, problem, refresh } = usePolled(useCallback(askDashboard, []), INTERVALS_MS[view]);
  const { readiness, isAsked, learn, forget } = useReadiness(view === 'setup', data);
  const obstacle = readiness === undefined || readiness.problem === null ? data?.obstacle : null;
  const shown = useRef(view);
  // Stash leaves the window where it was: a view would begin in its middle.
  useEffect(() => {
    if (shown.current !== view) window.scrollTo(0, 0);
    shown.current = view;
  }, [view]);
  return (
    <main className="s2p s2p-page">
      <header className="s2p-head">
        <h1>Stash2Plex</h1>
        {data && <span className="s2p-note">{data.version}</span>}
        {isAsked && <Headline report={data} readiness={readiness} />}
      </header>
      <nav className="nav nav-tabs" aria-label="Stash2Plex">
        {(['state', 'failures', 'setup'] as const).map((each) => (
          <Tab key={each} view={each} isCurrent={each === view} count={countBeside(each, data)} />
        ))}
      </nav>
      {problem && <Problem text={`${problem}${data ? ' What is shown is of earlier.' : ''}`} />}
      {obstacle && (
        <Notice tone="bad" isStill>
          {obstacle}
        </Notice>
      )}
      {view === 'state' && readiness && <ReadinessNotice readiness={readiness} onStored={forget} />}
      {view === 'state' && <StateView report={data} />}
      {view === 'failures' && <FailuresView onChanged={refresh} />}
      {view === 'setup' && <SetupView onStarted={refresh} onStored={forget} onChecked={learn} isWhole />}
    </main>
  );
}

function countBeside(view: View, report: DashboardReport | undefined): number {
  return view === 'failures' ? (report?.queue.deadLetters ?? 0) : 0;
}

function Tab({ view, isCurrent, count }: { view: View; isCurrent: boolean; count: number }) {
  return (
    <Link
      to={viewPath(view)}
      className={`nav-link nav-item ${isCurrent ? 'active' : ''}`}
      {...(isCurrent ? { 'aria-current': 'page' } : {})}
    >
      {TITLES[view]}
      {count > 0 && <span className="s2p-count"> {grouped(count)}</span>}
    </Link>
  );
}

/** The word is read out when it changes; the sentence, with its countdown, stays silent. */
function Headline(props: { report: DashboardReport | undefined; readiness: Readiness | undefined }) {
  const { report, readiness } = props;
  const condition = report && conditionOf(report, readiness);
  return (
    <p className="s2p-headline">
      <span role="status">
        {condition && <Dot tone={condition.tone} />}
        {condition && <strong>{condition.word}</strong>}
      </span>
      {condition && condition.text !== report?.obstacle && <span className="s2p-note">{condition.text}</span>}
    </p>
  );
}
