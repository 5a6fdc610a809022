#!/bin/bash
# Boots a kernel with this machine's files, read-only, and runs a job there.
#
#   boot.sh KERNEL RESULT
#
# KERNEL is a directory that fetch.sh made. RESULT/job is run by bash in the checkout; RESULT is the
# one folder that the virtual machine writes to, and it has no network card. It leaves RESULT/log,
# RESULT/status and RESULT/console. CPUS, MEMORY (megabytes), LIMIT (seconds) and ACCEL (kvm, tcg) say
# what it may use.
set -eu

kernel=$(cd "$1" && pwd)
result=$(cd "$2" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
checkout=$(cd "$here/../.." && pwd)

# A machine may have the device and not what it takes.
if [ -z "${ACCEL:-}" ]; then
  ACCEL=tcg
  if [ -w /dev/kvm ] && grep -qwE 'svm|vmx' /proc/cpuinfo; then ACCEL=kvm; fi
fi
case "$ACCEL" in
  kvm) processor=host ;;
  *)
    processor=max
    ACCEL=tcg,thread=multi
    ;;
esac

rm -f "$result/status" "$result/log" "$result/console"
timeout "${LIMIT:-7200}" qemu-system-x86_64 -accel "$ACCEL" -cpu "$processor" \
  -smp "${CPUS:-2}" -m "${MEMORY:-4096}" -nodefaults -nic none -display none -monitor none \
  -no-reboot -serial "file:$result/console" \
  -kernel "$kernel/vmlinuz" -initrd "$kernel/initramfs" \
  -append "console=ttyS0 quiet panic=-1 mitigations=off CHECKOUT=$checkout \
    MODULES=$kernel/lib/modules/$(cat "$kernel/version")" \
  -virtfs "local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap" \
  -virtfs "local,path=$result,mount_tag=result,security_model=none" </dev/null \
  2>"$result/qemu" || { cat "$result/qemu" >&2; tail -n 30 "$result/console" >&2; }
[ -s "$result/status" ]
