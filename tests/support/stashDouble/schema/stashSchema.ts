import { buildSchema, type GraphQLSchema } from 'graphql';
import { FIND_SDL } from './findSdl.ts';
import { MUTATION_SDL } from './mutationSdl.ts';
import { SCENE_SDL } from './sceneSdl.ts';
import { SYSTEM_SDL } from './systemSdl.ts';

/** The part of Stash's schema that the double answers; everything else is a validation error (422). */
export function stashSchema(): GraphQLSchema {
  return buildSchema([SCENE_SDL, FIND_SDL, MUTATION_SDL, SYSTEM_SDL].join('\n'));
}
