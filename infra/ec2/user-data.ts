/** After a boot the hosts wait this long before they look at their time: long enough for `start` to extend it. */
const BOOT_GRACE_MIN = 20;
/** Where a host keeps when it ends, in seconds since 1970; `start` writes it anew. */
export const EXPIRY_FILE = '/etc/ksweep/expires-at';

/**
 * What a host does at its first boot: a timer of its own that powers it off when its time is over. Instances end
 * themselves when they are powered off from inside (InstanceInitiatedShutdownBehavior=terminate), so that a lost
 * laptop costs hours. The timer is enabled, so it is there after every boot.
 */
export function userData(hostName: string, expiresAt: Date): string {
  return `#!/bin/sh
set -eu
hostnamectl set-hostname ${hostName}
mkdir -p /etc/ksweep
echo ${Math.floor(expiresAt.getTime() / 1000)} >${EXPIRY_FILE}
cat >/usr/local/sbin/ksweep-expire <<'SCRIPT'
#!/bin/sh
# Powers the host off when its time is over; a file that is gone or damaged counts as over.
expires=$(cat ${EXPIRY_FILE} 2>/dev/null)
case $expires in '' | *[!0-9]*) expires=0 ;; esac
[ "$(date +%s)" -lt "$expires" ] || systemctl poweroff
SCRIPT
chmod 755 /usr/local/sbin/ksweep-expire
cat >/etc/systemd/system/ksweep-expire.service <<'UNIT'
[Unit]
Description=End this host when its time is over
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/ksweep-expire
UNIT
cat >/etc/systemd/system/ksweep-expire.timer <<'UNIT'
[Unit]
Description=Look whether this host's time is over
[Timer]
OnBootSec=${BOOT_GRACE_MIN}min
OnUnitActiveSec=5min
[Install]
WantedBy=timers.target
UNIT
systemctl daemon-reload
systemctl enable --now ksweep-expire.timer
`;
}
