#!/usr/bin/env bash
# Runs the tests on machines that are unlike this one. Every case in turn, or those that are named:
#
#   tests/matrix.sh [memory] [threads] [kernels] [qemu] [language] [user] [home] [network] [load] [stranger]
#
# "stranger" has several of them at once: another user, no home, Japanese, one thread; .ci/run runs
# it. What follows "--" goes to the test binaries, such as the name of a test. What a case needs and
# does not find (qemu-user, root for "user" and "stranger") is said, and the case left out.
set -euo pipefail
cd "$(dirname "$0")/.."

cases=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do cases+=("$1"); shift; done
[ "${1:-}" != -- ] || shift
arguments=("$@")
[ ${#cases[@]} -gt 0 ] || cases=(memory threads kernels qemu language user home network load stranger)

# Not through `tee /dev/stderr`: where stderr is a file, that would begin the file anew.
built=$(cargo test --release --locked --no-run 2>&1) || { printf '%s\n' "$built" >&2; exit 1; }
printf '%s\n' "$built" >&2
binaries=$(sed -n 's/.*Executable .*(\(.*\))$/\1/p' <<<"$built")
# By their own names: the folder may be called as the program is.
lib=$(realpath "$(grep '/vqscope-[^/]*$' <<<"$binaries")")
it=$(realpath "$(grep '/it-[^/]*$' <<<"$binaries")")
program=$(dirname "$(dirname "$lib")")/vqscope

place=$(mktemp -d)
busy=()
clean() {
  for loop in "${busy[@]}"; do kill "$loop" 2>/dev/null || true; done
  chmod -R u+rwx "$place" && rm -rf "$place"
}
trap clean EXIT

results=()
# Runs the tests with words before them, such as `env NAME=VALUE`.
try() {
  local name=$1
  shift
  printf '\n== %s (%s)\n' "$name" "$(date +%T)"
  local result=passed
  "$@" "$lib" "${arguments[@]}" || result=FAILED
  "$@" "$it" "${arguments[@]}" || result=FAILED
  results+=("$result: $name")
}

leave_out() { results+=("left out: $1"); }

# A folder that everybody can read, with the test binaries, the program and what the tests read.
for_everybody() {
  [ ! -d "$place/checkout" ] || return 0
  chmod 755 "$place"
  mkdir "$place/checkout" "$place/bin"
  git ls-files -z | xargs -0 cp --parents -t "$place/checkout"
  cp "$lib" "$it" "$program" "$place/bin"
  chown -R 65534:65534 "$place/checkout"
  # Where nobody made it yet, the X server of a user that is not root would complain.
  mkdir -p -m 1777 /tmp/.X11-unix
}

# Runs the tests as a user that is not root and owns nothing but their folder.
try_as_nobody() {
  local name=$1
  shift
  if [ "$(id -u)" != 0 ]; then leave_out "$name, which needs root to become somebody else"; return; fi
  for_everybody
  local own=("$lib" "$it")
  lib=$place/bin/$(basename "$lib") it=$place/bin/$(basename "$it")
  export VQSCOPE_TEST_PROGRAM="$place/bin/vqscope"
  pushd "$place/checkout" >/dev/null
  # Permissions hold for this user, so that their tests must run.
  try "$name" env -u XDG_RUNTIME_DIR -u CARGO_TARGET_DIR \
    VQSCOPE_TEST_DEMANDS="${VQSCOPE_TEST_DEMANDS:-} permissions" \
    setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
  popd >/dev/null
  unset VQSCOPE_TEST_PROGRAM
  lib=${own[0]} it=${own[1]}
}

for case in "${cases[@]}"; do
  case $case in
    memory)
      try "4 GB of memory" env VQSCOPE_MEMORY=4000000000
      try "2 TB of memory" env VQSCOPE_MEMORY=2000000000000
      ;;
    threads)
      for n in 1 2; do try "$n threads" env RAYON_NUM_THREADS=$n; done
      ;;
    kernels)
      for kernel in portable avx2 avx512; do
        if VQSCOPE_KERNELS=$kernel "$program" devices >/dev/null; then
          try "kernel $kernel" env VQSCOPE_KERNELS=$kernel
        else
          leave_out "kernel $kernel, which this processor does not run"
        fi
      done
      ;;
    qemu)
      # A processor with AVX2 and without AVX-512. Drivers are not emulated in any useful time.
      if command -v qemu-x86_64 >/dev/null; then
        printf '\n== tests of model on an emulated processor (%s)\n' "$(date +%T)"
        result=passed
        VK_DRIVER_FILES=/nonexistent.json VK_ICD_FILENAMES=/nonexistent.json \
          VQSCOPE_TEST_DEMANDS='' VQSCOPE_EXPECT_ADAPTER='' qemu-x86_64 -cpu EPYC "$lib" model:: "${arguments[@]}" || result=FAILED
        results+=("$result: tests of model on an emulated processor without AVX-512")
      else
        leave_out "an emulated processor, which needs qemu-user"
      fi
      ;;
    language) try "Japanese" env LANG=ja_JP.UTF-8 LC_ALL=ja_JP.UTF-8 ;;
    user)
      mkdir -p "$place/home" && chmod 777 "$place/home"
      try_as_nobody "a user that is not root" env HOME="$place/home"
      ;;
    home)
      try "no HOME" env -u HOME
      mkdir -p "$place/locked" && chmod 555 "$place/locked"
      # For root nothing is locked; what is no folder is.
      if [ "$(id -u)" = 0 ]; then home=/dev/null; else home=$place/locked; fi
      try "a HOME that cannot be written" env HOME=$home
      ;;
    network)
      if [ "$(id -u)" = 0 ]; then own=(unshare -n); else own=(unshare -Urn); fi
      if "${own[@]}" true; then try "no network" "${own[@]}"; else leave_out "no network, which needs namespaces"; fi
      ;;
    load)
      for _ in 1 2; do (while :; do :; done) & busy+=($!); done
      try "two busy loops beside them" env
      for loop in "${busy[@]}"; do kill "$loop"; done
      busy=()
      ;;
    stranger)
      try_as_nobody "a stranger: not root, no home, Japanese, one thread" \
        env -u HOME LANG=ja_JP.UTF-8 LC_ALL=ja_JP.UTF-8 RAYON_NUM_THREADS=1
      ;;
    *)
      echo "there is no case $case; see the first lines of $0" >&2
      exit 2
      ;;
  esac
done

printf '\n'
printf '%s\n' "${results[@]}"
! printf '%s\n' "${results[@]}" | grep -q ^FAILED
