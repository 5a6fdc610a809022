# What people and CI run. `make demo` shows what bridgeward does, `make test` proves it.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
SOURCES = Package.swift Sources Tests Benchmarks
RELEASE = .build/release
MANUAL = .build/plugins/GenerateManual/outputs/bridgeward

.PHONY: demo test bench golden format lint build man install clean

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

bench:
	@Benchmarks/run.sh

## Rewrite the expected outputs; fails, so that nobody takes new ones for passed tests.
golden:
	UPDATE_GOLDEN=1 $(SWIFT) test --filter 'Golden|NftTextTests|RestoreTextTests|DumpTests'

format:
	$(SWIFT) format format --in-place --parallel --recursive $(wildcard $(SOURCES))

lint:
	$(SWIFT) format lint --strict --parallel --recursive $(wildcard $(SOURCES))

## The program as it is shipped: optimized, without Swift libraries of its own to install.
build:
	$(SWIFT) build -c release --static-swift-stdlib --product bridgeward

## Manual pages, from the same text as --help.
man:
	$(SWIFT) package plugin --allow-writing-to-package-directory generate-manual --multi-page
	@ls $(MANUAL)/*.1

install: build man
	install -D -m 755 $(RELEASE)/bridgeward $(DESTDIR)$(PREFIX)/bin/bridgeward
	install -d $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 $(MANUAL)/*.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	install -d $(DESTDIR)$(PREFIX)/share/zsh/site-functions
	install -d $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	$(RELEASE)/bridgeward --generate-completion-script bash \
	  > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/bridgeward
	$(RELEASE)/bridgeward --generate-completion-script zsh \
	  > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_bridgeward
	$(RELEASE)/bridgeward --generate-completion-script fish \
	  > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/bridgeward.fish

clean:
	rm -rf .build
