/** A JSON value; a member that is undefined is left out, as Plex leaves out what is empty (2.4). */
export type Json = string | number | boolean | JsonObject | readonly Json[];

/** A JSON object. */
export interface JsonObject {
  [name: string]: Json | undefined;
}
