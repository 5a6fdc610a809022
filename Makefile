# What people and CI run. `make demo` shows what bridgeward does, `make test` proves it.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
SOURCES = Package.swift Sources Tests Benchmarks
RELEASE = .build/release
MANUAL = .build/manual
PRODUCT = bridgeward
# Holds the compiler's own libraries as archives, so that the program is linked to no others.
ARCHIVES = $(CURDIR)/.build/archives
CC = cc
# Fifty thousand relocations in a twentieth of their room: a start takes less time and memory. The C
# library reads them from 2.36 on.
PACKED = $(shell getconf GNU_LIBC_VERSION 2>/dev/null | awk '$$1 == "glibc" { \
  split($$2, version, "."); if (version[1] > 2 || version[2] >= 36) \
  print "-Xswiftc -use-ld=lld -Xlinker -z -Xlinker pack-relative-relocs" }')

.PHONY: demo test boot-test kernel-test prove soak sanitize bench fuzz golden format lint build man install deb clean

## Compile an example, load it, and watch packets: nft, iptables-nft and iptables-legacy.
demo:
	@Tests/setup.sh
	@$(SWIFT) build --quiet --product bridgeward
	@$(SWIFT) build --quiet --product Demo
	@if [ "$$(id -u)" = 0 ]; then .build/debug/Demo; else sudo .build/debug/Demo; fi

## Everything that is proved, with one line of numbers at the end.
test:
	@Tests/setup.sh
	@Tests/run.sh

## Ours, floors and other tools, in ROUNDS (7) interleaved rounds; QUICK=1 leaves others out.
bench:
	@Tests/setup.sh
	@PACKED='$(PACKED)' Benchmarks/run.sh

## For the night: the generated policies and packets of `make test`, but more of them and others.
## POLICIES, HOSTS, SECONDS and SEED say how many, for how long and from which on.
prove:
	@Tests/setup.sh
	@$(SWIFT) build --build-tests --quiet
	@PROVE_SEED=$(or $(SEED),$$(date +%s)) PROVE_POLICIES=$(or $(POLICIES),20000) \
	  PROVE_HOSTS=$(or $(HOSTS),1000) PROVE_SECONDS=$(or $(SECONDS),14400) \
	  $(SWIFT) test --skip-build --filter 'FormProofTests|KernelProofTests|ToolProofTests'

## Random policies one after the other under traffic, while somebody else changes rules, too: what
## `make test` does for half a minute, for SECONDS, and from SEED on.
soak:
	@Tests/setup.sh
	@$(SWIFT) build --build-tests --quiet
	@SOAK_SEED=$(or $(SEED),$$(date +%s)) SOAK_SECONDS=$(or $(SECONDS),600) SOAK_APPLIES=1000 \
	  $(SWIFT) test --skip-build --filter 'SoakTests|EnduranceTests'

## The tests under AddressSanitizer and ThreadSanitizer, and leaks after a thousand changes; SUITES
## is a pattern of those to run.
sanitize:
	@Tests/setup.sh
	@Tests/Sanitizers/sanitize.sh '$(SUITES)'

## Throw damaged inputs at every way in, for SECONDS each, or at the one that FUZZ names.
fuzz:
	@Tests/setup.sh
	@Tests/Fuzz/fuzz.sh $(or $(SECONDS),60) $(FUZZ)

## Rewrite the expected outputs; fails, so that nobody takes new ones for passed tests.
golden:
	UPDATE_GOLDEN=1 $(SWIFT) test --filter 'Golden|PageTests|NftTextTests|RestoreTextTests|DumpTests'

format:
	$(SWIFT) format format --in-place --parallel --recursive $(wildcard $(SOURCES))

lint:
	$(SWIFT) format lint --strict --parallel --recursive $(wildcard $(SOURCES))

## The program as it is shipped: optimized; needs libnftnl, libmnl and the C library, nothing else.
build:
	@mkdir -p $(ARCHIVES)
	@for pair in stdc++:stdc++ gcc_s:gcc_eh; do \
	  archive=$$($(CC) -print-file-name=lib$${pair#*:}.a); \
	  [ ! -f "$$archive" ] || ln -sf "$$archive" $(ARCHIVES)/lib$${pair%:*}.a; done
	$(SWIFT) build -c release --static-swift-stdlib --product $(PRODUCT) -Xlinker -L$(ARCHIVES) \
	  $(PACKED)

## Manual pages, from the same text as --help.
man: build
	Packaging/manual.py $(RELEASE)/bridgeward $(MANUAL)
	@ls $(MANUAL)/*.1

## Program, manual pages, completions, units and pages: below DESTDIR and PREFIX.
install: man
	Packaging/stage.sh $(RELEASE)/bridgeward $(MANUAL) "$(DESTDIR)" "$(PREFIX)"

## A Debian package of it, in .build.
deb: man
	Packaging/deb.sh $(RELEASE)/bridgeward $(MANUAL) .build

## Installs the package into a Debian from its archive and boots that; `make test` boots copies.
boot-test: deb
	Tests/Systemd/debian.sh .build/debian .build/bridgeward_*.deb
	Tests/Systemd/run.sh .build/debian

## The tests of packets and of live hosts on Debian's KERNELS (bullseye bookworm trixie), each in a
## virtual machine; FILTER is a pattern of those to run.
kernel-test:
	@Tests/setup.sh qemu-system-x86 busybox-static kmod xz-utils zstd \
	  debian-archive-keyring
	@$(SWIFT) build --build-tests --quiet
	@FILTER='$(FILTER)' Tests/Kernels/kernels.sh $(KERNELS)

clean:
	rm -rf .build
