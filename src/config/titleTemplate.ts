/** What a template may name, in the order in which the guide lists it. */
export const PLACEHOLDERS = [
  'title',
  'studio',
  'performers',
  'director',
  'code',
  'date',
  'year',
  'group',
  'group_index',
  'id',
] as const;

export type Placeholder = (typeof PLACEHOLDERS)[number];

/** A template for titles, taken apart. Text belongs to the placeholder, or the brackets, behind it; only the last one has text of its own. */
export interface TitleTemplate {
  slots: TemplateSlot[];
  /** Behind the last slot. */
  after: string;
}

/** Something that has a value for some scenes and none for others. */
export type TemplateSlot = { before: string } & (
  | { placeholder: Placeholder }
  /** Brackets around placeholders; those around mere text are text. */
  | { brackets: Bracket; inside: TitleTemplate }
);

/** The opening and the closing one. */
type Bracket = readonly [string, string];

const BRACKETS: readonly Bracket[] = [
  ['(', ')'],
  ['[', ']'],
];
const TOKEN = /\{[^{}]*\}|[{}()[\]]|[^{}()[\]]+/g;

/** A level of brackets that is still open; the outermost has none. */
interface Level {
  brackets?: Bracket;
  before: string;
  slots: TemplateSlot[];
}

/**
 * Reads a template, strictly: what is not understood is refused as a whole, and never guessed at.
 *
 * @returns a problem as the end of a sentence that begins with the setting's name.
 */
export function parseTitleTemplate(text: string): TitleTemplate | { problem: string } {
  const levels: Level[] = [{ before: '', slots: [] }];
  for (const [token] of text.matchAll(TOKEN)) {
    const level = levels.at(-1) as Level;
    const opening = BRACKETS.find(([open]) => open === token);
    if (opening) levels.push({ brackets: opening, before: '', slots: [] });
    else if (BRACKETS.some(([, close]) => close === token)) {
      if (level.brackets?.[1] !== token) return { problem: `has a "${token}" that closes nothing` };
      levels.pop();
      closeBrackets(level, levels.at(-1) as Level);
    } else if (token === '{' || token === '}') return { problem: `has a "${token}" without its other half` };
    else if (token.startsWith('{')) {
      const placeholder = PLACEHOLDERS.find((name) => token === `{${name}}`);
      if (!placeholder) return { problem: `has the unknown placeholder ${token}; there are ${KNOWN}` };
      addSlot(level, { before: level.before, placeholder });
    } else level.before += token;
  }
  const [outermost, ...open] = levels as [Level, ...Level[]];
  const unclosed = open.at(-1)?.brackets;
  if (unclosed) return { problem: `has a "${unclosed[0]}" that nothing closes` };
  if (outermost.slots.length === 0) return { problem: `has no placeholder; there are ${KNOWN}` };
  return templateOf(outermost);
}

const KNOWN = PLACEHOLDERS.map((name) => `{${name}}`).join(' ');

function templateOf({ slots, before }: Level): TitleTemplate {
  return { slots, after: before };
}

function addSlot(level: Level, slot: TemplateSlot): void {
  level.slots.push(slot);
  level.before = '';
}

function closeBrackets({ brackets, before, slots }: Level, outer: Level): void {
  if (!brackets) return;
  const inside = templateOf({ slots, before });
  if (slots.length > 0) addSlot(outer, { before: outer.before, brackets, inside });
  else outer.before += `${brackets[0]}${before}${brackets[1]}`;
}

/** The placeholders of a template, inside of brackets as well. */
export function placeholdersOf({ slots }: TitleTemplate): Placeholder[] {
  return slots.flatMap((slot) => ('inside' in slot ? placeholdersOf(slot.inside) : [slot.placeholder]));
}
