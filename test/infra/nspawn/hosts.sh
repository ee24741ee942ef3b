#!/usr/bin/env bash
# Real systemd hosts on this machine, to run the playbooks against: see infra/infra.md.
#
#   hosts.sh check                     can this machine do it? exits 0, or says why not and exits 1
#   hosts.sh up [--owner PID] NAME...  boots a host for each name, and waits until ssh answers; with an owner,
#                                      takes all down when that process is gone, however it ended
#   hosts.sh off NAME... | on NAME...  an orderly shutdown, and a boot with the same disk
#   hosts.sh kill NAME                 the power fails
#   hosts.sh exec COMMAND...           runs a command of the operator inside the hosts' network
#   hosts.sh addresses                 one "NAME ADDRESS" a line
#   hosts.sh down                      stops and removes everything
#
# Every disk is an overlay over / in a tmpfs; the network is namespaces of its own with no way out, so that the
# machine's own network, disks and services stay as they are.
set -euo pipefail

STATE=${KSWEEP_NSPAWN_STATE:-/run/ksweep-nspawn}
PREFIX=ksweep-
OPERATOR=${PREFIX}operator
SUBNET=10.77.77
BOOT_SECONDS=90
STOP_SECONDS=150

say() { printf '%s\n' "$*" >&2; }
die() { say "hosts.sh: $*"; exit 2; }

check() {
  if [ "$(uname -s)" != Linux ]; then echo "systemd hosts need Linux, this is $(uname -s)"; return 1; fi
  if [ "$(id -u)" != 0 ]; then echo "not root: booting hosts needs mounts and network namespaces"; return 1; fi
  local missing=() tool
  for tool in systemd-nspawn sshd ssh ssh-keygen ip dbus-daemon nsenter flock mkfs.xfs sudo java; do
    command -v "$tool" >/dev/null || missing+=("$tool")
  done
  if [ ${#missing[@]} -gt 0 ]; then install_packages || true; fi
  for tool in "${missing[@]}"; do
    if ! command -v "$tool" >/dev/null; then
      echo "$tool is missing (Debian: systemd-container dbus openssh-server iproute2 xfsprogs sudo openjdk-17-jre-headless)"
      return 1
    fi
  done
  local why
  if ! why=$(try_namespace 2>&1); then echo "no network namespaces or overlays here: $why"; return 1; fi
  # Only a boot tells whether control groups and mounts are allowed inside a host, too.
  if [ -z "$(names)" ]; then
    local booted=0
    why=$("$0" up probe 2>&1) || booted=$?
    "$0" down
    if [ "$booted" != 0 ]; then echo "a host does not boot here: $(tail -n 3 <<<"$why" | tr '\n' ' ')"; return 1; fi
  fi
}

install_packages() {
  command -v apt-get >/dev/null || return 1
  local packages=(systemd systemd-container dbus openssh-server openssh-client iproute2 xfsprogs sudo)
  command -v java >/dev/null || packages+=(openjdk-17-jre-headless)
  {
    apt-get update -qq
    # The operator's own ssh server is not to be started by this: only its program and keys are used.
    DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends "${packages[@]}"
  } >&2
}

try_namespace() {
  local probe="${PREFIX}probe-$$" folder
  folder=$(mktemp -d)
  # shellcheck disable=SC2064 # expanded now on purpose
  trap "umount -l '$folder/root' '$folder' 2>/dev/null || true; rmdir '$folder' 2>/dev/null || true; ip netns del $probe 2>/dev/null || true" RETURN
  ip netns add "$probe" || return 1
  mount -t tmpfs tmpfs "$folder" || return 1
  mkdir "$folder/upper" "$folder/work" "$folder/root"
  mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/upper,workdir=$folder/work" "$folder/root"
}

names() { [ -f "$STATE/names" ] && cat "$STATE/names" || true; }
address_of() { awk -v name="$1" '$1 == name { print $2 }' "$STATE/addresses"; }
known() { grep -qxF "$1" "$STATE/names" 2>/dev/null || die "no host $1; there are: $(names | tr '\n' ' ')"; }
short() { printf '%s' "${1%%.*}"; }

# The process of a host's systemd-nspawn, if it runs: never trusts a number that another process has got since.
pid_of() {
  local file="$STATE/$1/pid" pid
  [ -f "$file" ] || return 1
  pid=$(cat "$file" 2>/dev/null) || return 1
  [ -r "/proc/$pid/cmdline" ] && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF -- "--directory=$STATE/$1/root" && echo "$pid"
}

make_network() {
  ip netns add "$OPERATOR"
  ip -n "$OPERATOR" link set lo up
  ip -n "$OPERATOR" link add bridge0 type bridge
  ip -n "$OPERATOR" addr add "$SUBNET.1/24" dev bridge0
  ip -n "$OPERATOR" link set bridge0 up
}

make_host() {
  local name=$1 number=$2 space
  space=$PREFIX$(short "$name")
  local folder=$STATE/$name
  mkdir -p "$folder/upper" "$folder/work" "$folder/root"
  ip netns add "$space"
  ip -n "$space" link set lo up
  ip -n "$OPERATOR" link add "veth$number" type veth peer name host0 netns "$space"
  ip -n "$OPERATOR" link set "veth$number" master bridge0 up
  ip -n "$space" addr add "$SUBNET.$((10 + number))/24" dev host0
  ip -n "$space" link set host0 up
  echo "$name $SUBNET.$((10 + number))" >>"$STATE/addresses"

  mkdir -p "$folder/upper/root/.ssh" "$folder/upper/etc/systemd/system" "$folder/upper/etc/ssh"
  chmod 700 "$folder/upper/root" "$folder/upper/root/.ssh"
  install -m 600 "$STATE/key.pub" "$folder/upper/root/.ssh/authorized_keys"
  # What the operator's own shell does at a login is no host's: a lock of another shell may be in it.
  : >"$folder/upper/root/.bashrc"
  cp "$STATE"/ssh_host_ed25519_key* "$folder/upper/etc/ssh/"
  printf 'HostKey /etc/ssh/ssh_host_ed25519_key\nPermitRootLogin prohibit-password\nUsePAM no\nSubsystem sftp internal-sftp\n' \
    >"$folder/upper/etc/ssh/sshd_config"
  echo "$name" >"$folder/upper/etc/hostname"
  printf '127.0.0.1 localhost\n' >"$folder/upper/etc/hosts"
  cat /dev/null >"$folder/upper/etc/machine-id"
  # What the machine itself may have enabled is not to start in every host: only ssh is wanted.
  mkdir -p "$folder/upper/etc/systemd/system/multi-user.target.wants"
  local unit
  for unit in /etc/systemd/system/*.target.wants/*; do
    [ -e "$unit" ] || [ -L "$unit" ] || continue
    case ${unit##*/} in ssh.service | dbus*) continue ;; esac
    ln -sf /dev/null "$folder/upper/etc/systemd/system/${unit##*/}"
  done
  for unit in systemd-networkd.service systemd-resolved.service apt-daily.timer apt-daily-upgrade.timer \
    systemd-tmpfiles-clean.timer ssh.socket console-getty.service kafka-server.service zookeeper-server.service; do
    case $unit in
      kafka-server.service | zookeeper-server.service) ;; # installed by the playbooks
      *) ln -sf /dev/null "$folder/upper/etc/systemd/system/$unit" ;;
    esac
  done
  ln -sf /lib/systemd/system/ssh.service "$folder/upper/etc/systemd/system/multi-user.target.wants/ssh.service"
  mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/upper,workdir=$folder/work" "$folder/root"
}

# Where systemd keeps its units: one folder with control groups 2, two in the hybrid layout.
cgroup_of() {
  local number controllers path root
  while IFS=: read -r number controllers path; do
    case $number:$controllers in
      0:) for root in /sys/fs/cgroup/unified /sys/fs/cgroup; do [ ! -f "$root/cgroup.procs" ] || break; done ;;
      *:name=systemd) root=/sys/fs/cgroup/systemd ;;
      *) continue ;;
    esac
    if [ -f "$root$path/cgroup.procs" ]; then echo "${root}${path%/}/$PREFIX$(short "$1")"; fi
  done </proc/self/cgroup
}

# A killed host's last processes may take a moment to leave.
remove_cgroups() {
  local group deadline=$((SECONDS + 10))
  while read -r group; do
    while [ -d "$group" ] && [ "$SECONDS" -lt "$deadline" ]; do
      find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.1
    done
  done < <(cgroup_of "$1")
}

boot() {
  local name=$1 folder=$STATE/$1 group groups=()
  if pid_of "$name" >/dev/null; then return; fi
  # Hosts in one control group would share the groups of their units, and remove each other's.
  while read -r group; do
    mkdir -p "$group"
    groups+=("$group")
  done < <(cgroup_of "$name")
  # nspawn ends with 133 where the host asked for a reboot; the loop is then what a hypervisor would do.
  setsid bash -c '
    for group in "${@:5}"; do echo $$ >"$group/cgroup.procs" || exit; done
    while :; do
      systemd-nspawn --quiet --register=no --keep-unit --boot --directory="$2/root" --machine="$3" \
        --hostname="$1" --network-namespace-path="/run/netns/$4" --resolv-conf=off --timezone=off \
        --link-journal=no --kill-signal=SIGRTMIN+3 --console=pipe >>"$2/console.log" 2>&1 </dev/null &
      echo $! >"$2/pid"
      status=0; wait $! || status=$?
      [ "$status" = 133 ] || break
    done
    rm -f "$2/pid"' _ "$name" "$folder" "$(short "$name")" "$PREFIX$(short "$name")" "${groups[@]}" \
    9>&- </dev/null >/dev/null 2>&1 &
}

ssh_to() {
  local name=$1
  shift
  nsenter --net="/run/netns/$OPERATOR" ssh -F none -i "$STATE/key" -o BatchMode=yes -o ConnectTimeout=2 \
    -o StrictHostKeyChecking=yes -o UserKnownHostsFile="$STATE/known_hosts" "root@$(address_of "$name")" "$@"
}

wait_for_ssh() {
  local name=$1 deadline=$((SECONDS + BOOT_SECONDS))
  until ssh_to "$name" true 2>/dev/null; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      tail -n 40 "$STATE/$name/console.log" >&2 || true
      die "$name did not answer to ssh within $BOOT_SECONDS s"
    fi
    sleep 0.2
  done
}

up() {
  local owner=
  if [ "${1:-}" = --owner ]; then owner=$2; shift 2; fi
  [ $# -ge 1 ] || die "up needs the names of the hosts"
  down
  mkdir -p "$STATE"
  mount -t tmpfs -o mode=700 ksweep-nspawn "$STATE"
  printf '%s\n' "$@" >"$STATE/names"
  : >"$STATE/addresses"
  ssh-keygen -q -t ed25519 -N '' -C ksweep-nspawn -f "$STATE/key"
  ssh-keygen -q -t ed25519 -N '' -C ksweep-nspawn -f "$STATE/ssh_host_ed25519_key"
  if [ -n "$owner" ]; then watch_owner "$owner"; fi
  make_network
  local name number=0
  for name in "$@"; do
    number=$((number + 1))
    make_host "$name" "$number"
    echo "$(address_of "$name") $(cut -d' ' -f1,2 "$STATE/ssh_host_ed25519_key.pub")" >>"$STATE/known_hosts"
    boot "$name"
  done
  for name in "$@"; do wait_for_ssh "$name"; done
  addresses
}

watch_owner() {
  local self
  self=$(readlink -f "$0")
  # shellcheck disable=SC2016 # expanded by the inner shell
  setsid bash -c 'while kill -0 "$1" 2>/dev/null && [ "$(cat "$3/watcher" 2>/dev/null)" = $$ ]; do sleep 1; done
    if [ "$(cat "$3/watcher" 2>/dev/null)" = $$ ]; then KSWEEP_NSPAWN_STATE="$3" "$2" down; fi' \
    _ "$1" "$self" "$STATE" 9>&- </dev/null >/dev/null 2>&1 &
  echo $! >"$STATE/watcher"
}

off() {
  local name pid
  for name in "$@"; do
    known "$name"
    if pid=$(pid_of "$name"); then kill -TERM "$pid"; fi
  done
  for name in "$@"; do wait_until_gone "$name"; done
}

wait_until_gone() {
  local name=$1 deadline=$((SECONDS + STOP_SECONDS)) pid
  while pid=$(pid_of "$name"); do
    if [ "$SECONDS" -ge "$deadline" ]; then say "$name does not shut down: killed"; kill -KILL "$pid" || true; fi
    sleep 0.1
  done
}

on() {
  local name
  for name in "$@"; do known "$name"; boot "$name"; done
  for name in "$@"; do wait_for_ssh "$name"; done
}

power_fails() {
  local name pid init
  for name in "$@"; do
    known "$name"
    pid=$(pid_of "$name") || continue
    # The host's own first process takes all others with it; nspawn alone would leave them.
    for init in $(pgrep -P "$pid" || true); do
      pgrep -P "$init" | while read -r child; do kill -KILL "$child" 2>/dev/null || true; done
      kill -KILL "$init" 2>/dev/null || true
    done
    kill -KILL "$pid" 2>/dev/null || true
    wait_until_gone "$name"
  done
}

addresses() { cat "$STATE/addresses"; }

down() {
  local name pid space
  rm -f "$STATE/watcher"
  for name in $(names); do
    if pid=$(pid_of "$name"); then power_fails "$name"; fi
  done
  for name in $(names); do
    umount -l "$STATE/$name/root" 2>/dev/null || true
    remove_cgroups "$name"
  done
  for space in $(ip netns list 2>/dev/null | awk -v prefix="$PREFIX" 'index($1, prefix) == 1 { print $1 }'); do
    ip netns del "$space" || true
  done
  if mountpoint -q "$STATE" 2>/dev/null; then umount -l "$STATE"; fi
  rmdir "$STATE" 2>/dev/null || true
}

command=${1:-}
shift || true
case $command in
  check) check ;;
  up | down | off | on | kill)
    exec 9>"${STATE}.lock"
    flock -w 300 9 || die "another hosts.sh is at work"
    case $command in kill) power_fails "$@" ;; *) "$command" "$@" ;; esac
    ;;
  exec) exec nsenter --net="/run/netns/$OPERATOR" "$@" ;;
  addresses) addresses ;;
  *) sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 1 ;;
esac
