# What has to be true of the Debian package on a machine that boots.

scenario_package_purged_and_installed_again() {
  install_policy
  boot
  remember
  inside test -s /usr/share/man/man1/bridgeward-apply.1.gz
  inside test -s /usr/share/doc/bridgeward/README.md
  inside sh -c 'cd / && md5sum --quiet -c /var/lib/dpkg/info/bridgeward.md5sums'
  # An upgrade changes nothing that is in force.
  inside dpkg --install /root/bridgeward.deb
  unit_is bridgeward.service active
  same "upgraded"
  inside dpkg --remove bridgeward
  same "removed"
  inside test -s /etc/bridgeward/lab.ward
  inside test -s /var/lib/bridgeward/accepted.nft
  halt
  boot
  no_unit_failed
  [ -z "$(rules)" ] || fail "a package that is removed loads rules"
  inside dpkg --install /root/bridgeward.deb
  halt
  boot
  no_unit_failed
  unit_is bridgeward-boot.service active
  same "installed again, enabled as before"
  inside dpkg --purge bridgeward
  if inside test -e /var/lib/bridgeward; then fail "purge leaves states"; fi
  inside test -s /etc/bridgeward/lab.ward
  if inside find /usr /etc /var/lib -iname '*bridgeward*' ! -path '/etc/bridgeward*' |
    grep .; then
    fail "purge leaves files"
  fi
}
