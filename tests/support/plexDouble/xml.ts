import type { Json, JsonObject } from './Json.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** Names of rows that are no videos: what holds others is a directory. */
const ROW_NAMES: Readonly<Record<string, string>> = {
  collection: 'Directory',
  show: 'Directory',
  artist: 'Directory',
  photo: 'Photo',
};

/** Text as it stands inside an attribute. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"\n\r\t]/g, (character) => ESCAPES[character] ?? character);
}

/**
 * Writes a container in Plex's other notation (2.4): scalars are attributes, flags are 1 or 0, lists are child
 * elements. What JSON calls `Metadata` is named after the row's type here, `metadataName` for most (9.13).
 */
export function toXml(container: JsonObject, metadataName: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('MediaContainer', container, metadataName)}\n`;
}

function element(name: string, value: JsonObject, metadataName: string): string {
  let attributes = '';
  let children = '';
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    if (isList(member) || typeof member === 'object') {
      for (const child of isList(member) ? member : [member]) {
        if (!isObject(child)) continue;
        const childName = key === 'Metadata' ? (ROW_NAMES[String(child['type'])] ?? metadataName) : key;
        children += element(childName, child, metadataName);
      }
    } else {
      attributes += ` ${key}="${escapeXml(typeof member === 'boolean' ? (member ? '1' : '0') : String(member))}"`;
    }
  }
  return children === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${children}</${name}>`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && !isList(value);
}
