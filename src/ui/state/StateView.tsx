import type { DashboardReport } from '../api/reports.ts';
import { OutageChart } from '../charts/OutageChart.tsx';
import { ThroughputChart } from '../charts/ThroughputChart.tsx';
import { Section } from '../shared/Section.tsx';
import { EventList } from './EventList.tsx';
import { LastComparison } from './LastComparison.tsx';
import { NextList } from './NextList.tsx';
import { Tiles } from './Tiles.tsx';

/** How things are now. */
export function StateView({ report }: { report: DashboardReport | undefined }) {
  if (report === undefined) return <p className="s2p-quiet">Looking…</p>;
  return (
    <>
      <Tiles report={report} />
      <div className="s2p-columns">
        <Section id="throughput" title="The last day">
          <ThroughputChart hours={report.throughput} />
        </Section>
        <Section id="outages" title="Outages of Plex">
          <OutageChart outages={report.outages} nowMs={report.atMs} />
        </Section>
        <Section id="events" title="What happened">
          <EventList events={report.events} nowMs={report.atMs} />
        </Section>
        <div>
          <Section id="next" title="What comes next">
            <NextList report={report} />
          </Section>
          <Section id="comparison" title="Last comparison">
            <LastComparison report={report} />
          </Section>
        </div>
      </div>
    </>
  );
}
