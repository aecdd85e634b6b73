import type { SetupReport } from '../api/reports.ts';
import { stash } from '../api/stash.ts';
import { counted } from '../format/counted.ts';
import { useAsked } from '../polling/useAsked.ts';
import { Action } from '../shared/Action.tsx';
import { CopyText } from '../shared/CopyText.tsx';
import { Dot, type Tone } from '../shared/Dot.tsx';
import { Notice, Problem } from '../shared/Notice.tsx';
import { Section } from '../shared/Section.tsx';
import type { SettingsForm } from './useSettingsForm.ts';

type Line = SetupReport['lines'][number];

/** What needs somebody comes first; the rest is folded. */
const KINDS: readonly [status: Line['status'], tone: Tone, title: string, isFolded: boolean][] = [
  ['problem', 'bad', 'Wrong', false],
  ['warning', 'warn', 'To look at', false],
  ['info', 'info', 'Good to know', true],
  ['ok', 'good', 'Fine', true],
];

/** Everything that a sync depends on, looked at on demand, with what helps and a text for a report of a fault. */
export function CheckStep({ form }: { form: SettingsForm }) {
  const checked = useAsked(() => stash.operation<SetupReport>({ mode: 'check_setup' }));
  const check = async () => {
    // What is stored is what is looked at.
    if (await form.save()) await checked.ask();
  };
  const { data } = checked;
  return (
    <Section id="check" title="Check">
      <p>From the data folder to the paths of 50 scenes: what is fine, and what helps where it is not.</p>
      <Action isBusy={checked.isBusy} onPress={check}>
        {form.changed.length > 0 ? 'Save and check everything' : 'Check everything'}
      </Action>
      <Problem text={checked.problem} />
      {data && <Notice tone={worstOf(data.lines)}>{data.summary}</Notice>}
      {data && KINDS.map((kind) => <Lines key={kind[0]} kind={kind} lines={data.lines} />)}
      {data && (
        <CopyText text={data.bugReport} label="Report of a fault">
          Copy report
        </CopyText>
      )}
      {data && (
        <p className="s2p-note">For a report of a fault: it has no token, no cookie and no path in it.</p>
      )}
    </Section>
  );
}

function worstOf(lines: readonly Line[]): 'bad' | 'warn' | 'good' {
  const has = (status: Line['status']) => lines.some((line) => line.status === status);
  return has('problem') ? 'bad' : has('warning') ? 'warn' : 'good';
}

function Lines({ kind, lines }: { kind: (typeof KINDS)[number]; lines: readonly Line[] }) {
  const [status, tone, title, isFolded] = kind;
  const own = lines.filter((line) => line.status === status);
  if (own.length === 0) return null;
  return (
    <details className="s2p-lines" open={!isFolded}>
      <summary>
        <strong>{title}</strong> <span className="s2p-note">{counted(own.length, 'line')}</span>
      </summary>
      <ul className="s2p-list" aria-label={title}>
        {own.map(({ area, name, text, remedy }) => (
          <li key={`${area} ${name} ${text}`}>
            <span className="s2p-what">
              <Dot tone={tone} />
              <strong>{name}</strong> <span className="s2p-note">{area}</span>
              <span className="s2p-message">{text}</span>
              {remedy !== undefined && <span className="s2p-message s2p-remedy">{remedy}</span>}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
