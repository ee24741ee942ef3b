#!/usr/bin/env bash
# One night on EC2: infra up, nightly, infra down. `down` runs however the night ends: after a failure, a
# Ctrl-C, a SIGTERM. What even that can't reach (this machine dies) ends by the TTL in the spec, on the hosts themselves.
#
#   ec2-night.sh SPEC WORKLOAD HISTORY [option of `ksweep nightly` …]
#   ec2-night.sh infra/clusters/spot-nightly.yaml workloads/nightly.yaml history --cluster nightly
#
# Exits with the night's status; with 2 where the cluster could not be made, or not be removed.
set -uo pipefail

if [ "$#" -lt 3 ]; then
  sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
  exit 1
fi
spec=$1 workload=$2 history=$3
shift 3
ksweep=${KSWEEP:-ksweep}
attempts=${DOWN_ATTEMPTS:-3}
pause_sec=${DOWN_PAUSE_SEC:-30}
child=''

if ! grep -Eq '^[[:space:]]*ttl[A-Za-z]*:' "$spec"; then
  echo "ec2-night: $spec has no ttl: without it nothing ends hosts that this script can't reach" >&2
  exit 1
fi

# Runs in the background, so that a signal is handled at once and handed on.
run() {
  "$@" &
  child=$!
  local status
  while :; do
    wait "$child"
    status=$?
    kill -0 "$child" 2>/dev/null || break
  done
  child=''
  return "$status"
}

down() {
  local status=$?
  trap - EXIT
  trap '' INT TERM HUP
  local attempt
  for ((attempt = 1; attempt <= attempts; attempt++)); do
    if "$ksweep" infra down --spec "$spec" --yes </dev/null; then exit "$status"; fi
    echo "ec2-night: infra down failed (attempt $attempt of $attempts)" >&2
    if ((attempt < attempts)); then sleep "$pause_sec"; fi
  done
  echo "ec2-night: the cluster of $spec may still run; see: $ksweep infra status --spec $spec" >&2
  exit 2
}
trap down EXIT
trap 'if [ -n "$child" ]; then kill -TERM "$child" 2>/dev/null; else exit 130; fi' INT TERM HUP

run "$ksweep" infra up --spec "$spec" --yes </dev/null || exit 2
run "$ksweep" nightly --workload "$workload" --history "$history" "$@" </dev/null
exit $?
