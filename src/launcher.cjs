// The file that every Node starts with. Plain old syntax on purpose: it must still parse on a Node that is far too
// old for the rest, so that the user reads one clear sentence instead of a syntax error.
'use strict';

var fs = require('fs');
var path = require('path');

var MINIMUM = [22, 19];
var HELP_PAGE = "docs/install.md in the plugin's folder";

var found = process.versions.node.split('.').map(Number);
var isTooOld = found[0] < MINIMUM[0] || (found[0] === MINIMUM[0] && found[1] < MINIMUM[1]);
var bundles = path.join(__dirname, '..', 'dist', 'lib');
var program = path.join(bundles, 'main.cjs');

// Nobody reads what a drainer says: the next hooks go by Node, and tell it.
function closeSpool() {
  var configured = (process.env.STASH_PLUGIN_DATA || '').trim();
  try {
    fs.writeFileSync(path.join(configured || path.join(path.dirname(__dirname), 'data'), 'spool.closed'), '');
  } catch (_error) {
    // Then it is told at the next task.
  }
}

function refuse(sentence) {
  if (process.argv[2] === 'drainer') closeSpool();
  try {
    fs.readFileSync(0); // Stash logs a broken pipe when a plugin does not read its input.
  } catch (_error) {
    // No readable stdin: nothing to drain.
  }
  fs.writeSync(2, '\u0001e\u0002[Stash2Plex] ' + sentence + '\n');
  fs.writeSync(1, JSON.stringify({ error: sentence }));
  process.exitCode = 1;
}

if (isTooOld) {
  refuse(
    'Stash2Plex needs Node ' +
      MINIMUM.join('.') +
      ' or newer, but Stash started it with Node ' +
      process.versions.node +
      '. Install a newer Node where Stash runs; see ' +
      HELP_PAGE +
      '.'
  );
} else if (!fs.existsSync(program)) {
  refuse(
    'Stash2Plex is not built: ' +
      program +
      ' is missing. Install the plugin from its release, or run "npm ci && npm run build" in ' +
      path.dirname(__dirname) +
      '.'
  );
} else {
  require(program).main({
    launcherPath: __filename,
    loadTaskBundle: function () {
      return require(path.join(bundles, 'task.cjs'));
    },
    loadViewBundle: function () {
      return require(path.join(bundles, 'view.cjs'));
    }
  });
}
