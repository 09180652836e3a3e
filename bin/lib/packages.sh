# shellcheck shell=bash
# Sourced by the scripts in bin/; expects `set -euo pipefail`. Everything it says goes to stderr.

# say SCRIPT MESSAGE...
say() {
  local script=$1
  shift
  printf '%s: %s\n' "$script" "$*" >&2
}

# install_packages SCRIPT PACKAGE...: installs Debian packages, or says what to install by hand and returns 1.
install_packages() {
  local script=$1
  shift
  if ! command -v apt-get >/dev/null; then
    say "$script" "missing packages: $*. This machine has no apt-get; install them with its own package manager and run again."
    return 1
  fi
  if [ "$(id -u)" -ne 0 ]; then
    say "$script" "missing packages: $*. Installing them needs root; run 'apt-get update && apt-get install $*' as root and try again."
    return 1
  fi
  say "$script" "installing with apt-get: $*"
  if ! apt-get -qq update >&2; then
    say "$script" "'apt-get update' failed (its messages are above); mend the machine's apt sources and run again."
    return 1
  fi
  if ! DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "$@" </dev/null >&2; then
    say "$script" "'apt-get install $*' failed (its messages are above); mend it and run again."
    return 1
  fi
}
