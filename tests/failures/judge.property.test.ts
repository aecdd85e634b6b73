import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEvidence } from '../../src/failures/Evidence.ts';
import { judge } from '../../src/failures/judge.ts';

/** What may happen to the one operation, in order. */
type Event =
  | { kind: 'works'; scene: number }
  | { kind: 'fails'; scene: number; control: boolean | undefined };

const scene = fc.integer({ min: 1, max: 6 });
const events = fc.array(
  fc.oneof(
    fc.record<Event>({ kind: fc.constant('works' as const), scene }),
    fc.record<Event>({
      kind: fc.constant('fails' as const),
      scene,
      control: fc.constantFrom(true, false, undefined),
    }),
  ),
  { maxLength: 40 },
);

/** The rule of A7, told from the whole history each time. `works` for scene 0 stands for a control question that worked. */
function faultByHistory(
  history: readonly { works: boolean; scene: number }[],
  scene: number,
  control: boolean | undefined,
): 'scene' | 'server' | 'unclear' {
  const since = history.slice(history.findLastIndex(({ works }) => works) + 1);
  const inARow = new Set([...since.map((each) => each.scene), scene]);
  if (inARow.size >= 3) return control === true ? 'scene' : 'server';
  const lastOwnSuccess = history.findLastIndex((each) => each.works && each.scene === scene);
  const before = history.findLastIndex((each) => !each.works && each.scene === scene);
  if (before < lastOwnSuccess || before === -1) return 'unclear';
  if (history.slice(before + 1).some(({ works }) => works)) return 'scene';
  return control === undefined ? 'unclear' : control ? 'scene' : 'server';
}

describe('judge', () => {
  it('agrees with the rule, whatever happens in whatever order (A7)', async () => {
    await fc.assert(
      fc.asyncProperty(events, async (story) => {
        const evidence = createEvidence();
        const history: { works: boolean; scene: number }[] = [];
        for (const event of story) {
          if (event.kind === 'works') {
            evidence.worked(['edit'], event.scene);
            history.push({ works: true, scene: event.scene });
            continue;
          }
          let isAsked = false;
          const fault = await judge('edit', event.scene, {
            evidence,
            nowMs: 0,
            ask: async () => {
              isAsked = true;
              return event.control;
            },
          });
          expect(fault).toBe(faultByHistory(history, event.scene, event.control));
          history.push({ works: false, scene: event.scene });
          if (isAsked && event.control) history.push({ works: true, scene: 0 });
        }
      }),
    );
  });

  it('never blames a scene while nothing has ever worked and no question does (A7)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(scene, { minLength: 1, maxLength: 60 }), async (scenes) => {
        const evidence = createEvidence();
        for (const each of scenes) {
          const context = { evidence, nowMs: 0, ask: async () => false };
          expect(await judge('edit', each, context)).not.toBe('scene');
        }
      }),
    );
  });

  it("takes what comes up in this program for a scene's own when both servers do well by another, but not for scene after scene (A7)", async () => {
    const evidence = createEvidence();
    const fault = (each: number) => judge('internal', each, { evidence, nowMs: 0, ask: async () => true });
    expect([await fault(1), await fault(1)]).toEqual(['unclear', 'scene']);
    expect([await fault(2), await fault(3), await fault(4)]).toEqual(['unclear', 'unclear', 'server']);
  });
});
