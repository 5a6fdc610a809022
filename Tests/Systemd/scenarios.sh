# What has to be true on a machine that boots. Each function is one scenario, on a new disk.

fail() {
  echo "FAILED: $*" >&2
  return 1
}

# The disk before the first boot: both units enabled, a policy nearby, and a unit that stands for
# whoever brings interfaces up. It writes down which rules there are at that time.
prepare() {
  local disk=$work/root
  mkdir -p "$disk/etc/systemd/system" "$disk/etc/bridgeward"
  cat >"$disk/root/policy" <<'EOF'
language 1
network front {
  bridge br0
  subnet 10.0.0.0/24
  masquerade
  container web 10.0.0.2
  publish tcp 8080 -> web:80
}
EOF
  cat >"$disk/etc/systemd/system/interfaces.service" <<'EOF'
[Unit]
DefaultDependencies=no
After=network-pre.target
Wants=network-pre.target
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'nft list ruleset >/run/rules-before-interfaces'
[Install]
WantedBy=sysinit.target
EOF
  # udev does without a writable /sys here: it has no disks to set up, only interfaces to notice.
  local unit
  for unit in systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket; do
    mkdir "$disk/etc/systemd/system/$unit.d"
    printf '%s\n' '[Unit]' 'ConditionPathIsReadWrite=' >"$disk/etc/systemd/system/$unit.d/test.conf"
  done
  systemctl --root="$disk" --quiet enable bridgeward-boot.service bridgeward.service \
    interfaces.service
}

install_policy() { cp "$work/root/root/policy" "$work/root/etc/bridgeward/lab.ward"; }

# The usual /etc/nftables.conf, which flushes; with a table of somebody else.
enable_nftables() {
  printf '%s\n' '#!/usr/sbin/nft -f' 'flush ruleset' 'table inet theirs {' '}' \
    >"$work/root/etc/nftables.conf"
  systemctl --root="$work/root" --quiet enable nftables.service
}

rules() { inside nft list ruleset; }
ours() { inside nft list table inet bridgeward; }
state() { inside systemctl show --property ActiveState --value "$1"; }
# unit_is UNIT STATE
unit_is() { [ "$(state "$1")" = "$2" ] || fail "$1 is $(state "$1"), not $2"; }
setting_is() { [ "$(inside cat "/proc/sys/net/$1")" = "$2" ] || fail "$1 is not $2"; }
# Until nothing is left to do: `systemctl` waits for the unit that it names, not for those that follow.
settle() {
  local i
  for i in $(seq 100); do
    [ -n "$(inside systemctl list-jobs --no-legend)" ] || return 0
    sleep 0.05
  done
  fail "jobs do not end"
}
# Rules of ours are what they were in $work/rules.
remember() { ours >"$work/rules"; }
same() { settle; ours | diff "$work/rules" - || fail "$*"; }
no_unit_failed() {
  local units
  units=$(inside systemctl list-units --failed --plain --no-legend --no-pager)
  [ -z "$units" ] || fail "failed: $units"
}
said() { inside journalctl --no-pager -b -u "$1" | grep -q -e "$2" || fail "$1 does not say $2"; }

scenario_without_a_policy_nothing_happens() {
  boot
  no_unit_failed
  unit_is bridgeward-boot.service inactive
  unit_is bridgeward.service inactive
  [ -z "$(rules)" ] || fail "rules out of nothing"
}

scenario_the_rules_are_there_before_the_interfaces() {
  install_policy
  boot
  no_unit_failed
  unit_is bridgeward.service active
  setting_is ipv4/ip_forward 1
  remember
  halt
  boot
  no_unit_failed
  unit_is bridgeward-boot.service active
  unit_is bridgeward.service active
  same "after the second boot"
  inside sed -n '/table inet bridgeward/,/^}/p' /run/rules-before-interfaces |
    diff "$work/rules" - || fail "no rules yet when interfaces come up"
  setting_is ipv4/ip_forward 1
  # What the main unit found was what the early one had loaded.
  said bridgeward.service "nothing to change"
  # A power cut is no harder than a shutdown.
  pull_the_plug
  boot
  no_unit_failed
  same "after a power cut"
}

scenario_an_interface_that_comes_later_gets_its_settings() {
  install_policy
  boot
  inside udevadm control --ping
  inside ip link add br0 type bridge
  inside udevadm settle
  setting_is ipv4/conf/br0/route_localnet 1
  # And nobody else's.
  inside ip link add other type bridge
  inside udevadm settle
  setting_is ipv4/conf/other/route_localnet 0
  setting_is ipv4/conf/default/route_localnet 0
  halt
  boot
  inside ip link add br0 type bridge
  inside udevadm settle
  setting_is ipv4/conf/br0/route_localnet 1
}

scenario_a_flush_by_nftables_is_followed() {
  install_policy
  enable_nftables
  boot
  no_unit_failed
  remember
  for i in 1 2 3; do
    inside systemctl reload nftables.service
    same "reload $i"
    inside systemctl restart nftables.service
    same "restart $i"
  done
  inside nft list table inet theirs >/dev/null
  unit_is bridgeward.service active
  halt
  boot
  no_unit_failed
  same "after a boot with nftables.service"
  inside nft list table inet theirs >/dev/null
  inside grep -q 'table inet bridgeward' /run/rules-before-interfaces ||
    fail "the flush came after the early unit"
  # A stop is the user's word; a start brings back both.
  inside systemctl stop nftables.service
  inside systemctl start nftables.service
  same "stopped and started"
}

scenario_a_first_start_of_nftables_is_followed() {
  install_policy
  boot
  remember
  enable_nftables
  inside systemctl daemon-reload
  inside systemctl start nftables.service
  same "started beside rules of ours"
  inside nft list table inet theirs >/dev/null
  no_unit_failed
}

scenario_a_broken_policy_leaves_the_last_good_rules() {
  install_policy
  enable_nftables
  boot
  remember
  echo 'network broken {' >>"$work/root/etc/bridgeward/lab.ward"
  if inside systemctl reload bridgeward.service; then fail "a broken policy is an error"; fi
  said bridgeward.service lab.ward:
  same "the reload"
  inside systemctl reload nftables.service || true
  same "a flush and a broken policy"
  halt
  boot
  unit_is bridgeward-boot.service active
  unit_is bridgeward.service failed
  inside systemctl status --no-pager bridgeward.service | grep lab.ward: ||
    fail "the status does not say where"
  same "the next boot"
  inside systemctl restart nftables.service || true
  same "a restart of nftables.service"
  cp "$work/root/root/policy" "$work/root/etc/bridgeward/lab.ward"
  inside systemctl restart bridgeward.service
  unit_is bridgeward.service active
  same "the policy mended"
}

scenario_no_disk_needs_to_be_writable() {
  install_policy
  boot
  remember
  halt
  boot ro
  if inside touch /var/lib/bridgeward/file; then fail "the disk can be written"; fi
  unit_is bridgeward-boot.service active
  unit_is bridgeward.service active
  same "from a read-only disk"
  setting_is ipv4/ip_forward 1
  halt
  # A policy that nobody has applied yet.
  sed -i 's/8080/8081/' "$work/root/etc/bridgeward/lab.ward"
  boot ro
  unit_is bridgeward.service active
  ours | grep -q 8081 || fail "a new policy on a read-only disk"
}

scenario_the_first_boot_may_be_from_a_read_only_disk() {
  install_policy
  boot ro
  unit_is bridgeward.service active
  ours >/dev/null
  setting_is ipv4/ip_forward 1
}

scenario_what_nobody_confirmed_does_not_come_back() {
  install_policy
  boot
  remember
  sed -i 's/8080/8081/' "$work/root/etc/bridgeward/lab.ward"
  inside bridgeward apply --confirm 600 /etc/bridgeward
  ours | grep -q 8081 || fail "it is in force for now"
  pull_the_plug
  boot
  unit_is bridgeward-boot.service active
  same "what was confirmed"
  unit_is bridgeward.service failed
  said bridgeward.service "confirm"
  inside bridgeward apply /etc/bridgeward
  inside systemctl restart bridgeward.service
  ours | grep -q 8081 || fail "applied by hand"
}

scenario_stopping_the_units_leaves_the_rules() {
  install_policy
  boot
  remember
  inside systemctl stop bridgeward.service bridgeward-boot.service
  same "stopped"
  inside bridgeward remove
  [ -z "$(rules)" ] || fail "remove leaves rules"
  setting_is ipv4/ip_forward 0
  inside systemctl start bridgeward.service
  same "started again"
}

scenario_the_units_are_as_confined_as_they_say() {
  install_policy
  boot
  for unit in bridgeward-boot.service bridgeward.service; do
    inside systemd-analyze security --threshold=20 --no-pager "$unit" | tail -n 1
  done
  # A process of the unit, as systemd makes it: what it may do, and what it may write.
  cat >"$work/root/root/probe" <<'EOF'
#!/bin/sh
grep -q '^CapBnd:.*0000000000001000$' /proc/self/status && echo "one capability"
touch /etc/bridgeward/new 2>/dev/null || echo "policies are read-only"
touch /usr/new 2>/dev/null || echo "programs are read-only"
touch /var/lib/bridgeward/new && echo "states can be written"
EOF
  chmod 755 "$work/root/root/probe"
  mkdir "$work/root/etc/systemd/system/bridgeward.service.d"
  printf '%s\n' '[Service]' 'ExecStart=' 'ExecStart=/bin/sh /probe' 'StandardOutput=journal' \
    >"$work/root/etc/systemd/system/bridgeward.service.d/probe.conf"
  cp "$work/root/root/probe" "$work/root/probe"
  inside systemctl daemon-reload
  inside systemctl restart bridgeward.service
  for word in "one capability" "policies are read-only" "programs are read-only" \
    "states can be written"; do
    said bridgeward.service "$word"
  done
}

# The drop-ins that Docs/Boot.md shows.
use_iptables() {
  local unit directory
  for unit in bridgeward-boot.service bridgeward.service; do
    directory=$work/root/etc/systemd/system/$unit.d
    mkdir -p "$directory"
    sed -n '/^\[Service\]$/,/^```$/{/^```$/!p}' "$here/../../Docs/Boot.md" >"$directory/iptables.conf"
  done
  sed -i '/^Exec/d' "$work/root/etc/systemd/system/bridgeward-boot.service.d/iptables.conf"
  printf '%s\n' '[Service]' "Environment=IPTABLES=iptables-$1 IP6TABLES=ip6tables-$1" \
    >"$work/root/etc/systemd/system/bridgeward.service.d/variant.conf"
}

chains() { inside sh -c "iptables-$1-save; ip6tables-$1-save" | sed -e '/^#/d' -e 's/\[.*\]//'; }

boots_by_iptables() {
  use_iptables "$1"
  install_policy
  boot
  no_unit_failed
  unit_is bridgeward.service active
  inside iptables-"$1" -t nat -S BW-publish | grep -q 10.0.0.2:80 || fail "no rules"
  setting_is ipv4/ip_forward 1
  chains "$1" >"$work/chains"
  halt
  systemctl --root="$work/root" --quiet disable bridgeward.service
  boot
  no_unit_failed
  unit_is bridgeward-boot.service active
  chains "$1" | diff "$work/chains" - || fail "the early unit does not load them"
  systemctl --root="$work/root" --quiet enable bridgeward.service
  inside systemctl daemon-reload
  inside systemctl start bridgeward.service
  said bridgeward.service "nothing to change"
  echo 'network broken {' >>"$work/root/etc/bridgeward/lab.ward"
  if inside systemctl reload bridgeward.service; then fail "a broken policy is an error"; fi
  chains "$1" | diff "$work/chains" - || fail "the rules do not stay"
}

scenario_everything_by_iptables_nft() { boots_by_iptables nft; }
scenario_everything_by_iptables_legacy() { boots_by_iptables legacy; }
