import { type Placeholder, placeholdersOf, type TitleTemplate } from '../config/titleTemplate.ts';

/** What a scene has for each placeholder; empty for nothing. */
export type TemplateValues = Readonly<Record<Placeholder, string>>;

/**
 * The text of a template for one scene, so that nothing dangles where the scene has nothing:
 *
 * - Text between two placeholders belongs to the second one: it is there only if that one has a value and another one before it has.
 * - Text before the first placeholder, and behind the last, is there only if that very one has a value.
 * - Brackets whose placeholders have no value are left out, and count as one placeholder themselves.
 *
 * @returns empty when no placeholder has a value, and where the template names the title and the scene has none: other fields alone
 *   would give many scenes one and the same name.
 */
export function fillTemplate(template: TitleTemplate, values: TemplateValues): string {
  if (values.title === '' && placeholdersOf(template).includes('title')) return '';
  return fill(template, values);
}

function fill({ slots, after }: TitleTemplate, values: TemplateValues): string {
  let text = '';
  let isLastFilled = false;
  for (const [position, slot] of slots.entries()) {
    const value = 'inside' in slot ? bracketed(slot, values) : values[slot.placeholder];
    isLastFilled = value !== '';
    if (!isLastFilled) continue;
    text += `${text !== '' || position === 0 ? slot.before : ''}${value}`;
  }
  return isLastFilled ? text + after : text;
}

function bracketed(
  { brackets: [open, close], inside }: { brackets: readonly [string, string]; inside: TitleTemplate },
  values: TemplateValues,
): string {
  const text = fill(inside, values);
  return text === '' ? '' : `${open}${text}${close}`;
}
