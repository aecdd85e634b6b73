export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'idle';

/** A coloured mark before words that say the same. */
export function Dot({ tone }: { tone: Tone }) {
  return <span className={`s2p-dot s2p-${tone}`} aria-hidden="true" />;
}
