import { boundedText } from '../queue/boundedText.ts';
import type { Notice } from './Notice.ts';
import type { Target } from './Target.ts';

/** Of everybody's: Discord takes 256 characters of a title and 4 096 of a text, ntfy 4 096 bytes, of which a character may need four. */
const MAX_TITLE_LENGTH = 200;
const MAX_MESSAGE_LENGTH = 1_000;

/**
 * The body of the message, in the form of its service.
 *
 * - Discord, "Execute Webhook": one embed, and nobody is mentioned whatever the text holds.
 * - ntfy, "Publish as JSON": 4 is a high priority, 3 the usual one; tags become signs.
 * - Gotify, `POST /message`: from 8 on a telephone rings.
 * - Apprise API, `POST /notify/<key>`: `type` is one of info, success, warning, failure.
 */
export function payloadFor(notice: Notice, target: Target): Record<string, unknown> {
  const title = shortened(notice.title, MAX_TITLE_LENGTH);
  const message = shortened(notice.message, MAX_MESSAGE_LENGTH);
  const { level, atMs } = notice;
  switch (target.service) {
    case 'Discord': {
      const timestamp = new Date(atMs).toISOString();
      const embed = { title, description: message, color: COLOURS[level], timestamp };
      return { username: 'Stash2Plex', embeds: [embed], allowed_mentions: { parse: [] } };
    }
    case 'ntfy':
      return {
        topic: target.topic ?? '',
        title,
        message,
        priority: level === 'problem' ? 4 : 3,
        tags: TAGS[level],
      };
    case 'Gotify':
      return {
        title,
        message,
        priority: level === 'problem' ? 8 : 5,
        extras: { 'client::display': { contentType: 'text/plain' } },
      };
    case 'Apprise': {
      const { tag } = target;
      return {
        title,
        body: message,
        type: TYPES[level],
        format: 'text',
        ...(tag === undefined ? {} : { tag }),
      };
    }
    case 'JSON': {
      const { id, event, figures } = notice;
      return { ...figures, event, level, title, message, id, at: new Date(atMs).toISOString() };
    }
  }
}

const COLOURS = { problem: 0xc0392b, good: 0x27ae60, info: 0x2980b9 } as const;
const TAGS = { problem: ['warning'], good: ['white_check_mark'], info: ['information_source'] } as const;
const TYPES = { problem: 'warning', good: 'success', info: 'info' } as const;

function shortened(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${boundedText(text, maxLength - 1)}…`;
}
