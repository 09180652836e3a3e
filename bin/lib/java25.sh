# shellcheck shell=bash
# Sourced by the scripts in bin/; expects `set -euo pipefail`.

# java_home_has_version HOME VERSION: whether HOME is a JDK (not only a runtime) of that feature version.
java_home_has_version() {
  local home=$1 version=$2 line
  [ -x "$home/bin/javac" ] && [ -r "$home/release" ] || return 1
  while IFS= read -r line; do
    case $line in
      "JAVA_VERSION=\"$version\"" | "JAVA_VERSION=\"$version."* | "JAVA_VERSION=\"$version-"* | "JAVA_VERSION=\"$version+"*) return 0 ;;
    esac
  done <"$home/release"
  return 1
}

# find_java_home VERSION: prints the home of the first JDK of that feature version, or returns 1 and prints nothing.
find_java_home() {
  local version=$1 candidate compiler
  for candidate in \
    "${JAVA_HOME:-}" \
    /usr/lib/jvm/* \
    /usr/java/* \
    /opt/java/* \
    /opt/jdk* \
    "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* \
    "$HOME"/.jdks/* \
    "$HOME"/.local/share/mise/installs/java/* \
    "$HOME"/.asdf/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    if [ -n "$candidate" ] && java_home_has_version "$candidate" "$version"; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  if compiler=$(command -v javac); then
    candidate=$(dirname "$(dirname "$(readlink -f "$compiler")")")
    if java_home_has_version "$candidate" "$version"; then
      printf '%s\n' "$candidate"
      return 0
    fi
  fi
  return 1
}
