// Sends PUTs bare, one after another on one kept connection, as fast as they are answered. Its own process, as a drainer is.
// Arguments: address of the server, token, file with a JSON list of paths.
import { readFileSync } from 'node:fs';
import { Client } from 'undici';

const [address = '', token = '', file = ''] = process.argv.slice(2);
const paths: string[] = JSON.parse(readFileSync(file, 'utf8'));
const client = new Client(address, { pipelining: 1 });
for (const path of paths) {
  const { body } = await client.request({ method: 'PUT', path, headers: { 'x-plex-token': token } });
  await body.dump();
}
await client.close();
