# The project's habits, one target each. A bare `make` lists them. The scripts behind them are in .make/.
#
# Works with GNU make 4.3 and any POSIX shell. Every path is relative, so the folder's own name may hold spaces.

SHELL = /bin/sh
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help

# SWIFT is the toolchain's driver, ARGS goes to the command that a target runs, PREFIX is where `make install` puts.
SWIFT ?= swift
ARGS ?=
PREFIX ?= /usr/local
export SWIFT

##@ Use
bench: packages ## compare GD, SGD, momentum and Adam on digits; ARGS="--help" shows the options
	$(SWIFT) build -c release --product descent
	.build/release/descent compare $(ARGS)

build: packages ## build the command, optimized: .build/release/descent
	$(SWIFT) build -c release --product descent

install: packages ## install the command into PREFIX/bin (PREFIX=/usr/local), with the Swift runtime inside
	.make/install "$(PREFIX)"

experiments: packages ## run every experiment, and write the pages docs/experiments/NAME.md
	$(SWIFT) build -c release --product descent
	.make/experiments

mnist: ## download the whole of MNIST (11 MB) into the user's cache folder
	.make/mnist

##@ Check
test: packages ## run every test, then the consumer package, then what the pages say
	$(SWIFT) test --disable-xctest $(ARGS)
	.make/consumer path
	.make/pages

pages: packages ## compile every block of code of the pages, and run their commands; ARGS="tutorial.md" for one
	.make/pages $(ARGS)

consumer: packages ## depend on this package from another one, by path and by git tag
	.make/consumer path tag

sanitize: packages ## run the tests under the address sanitizer and the thread sanitizer
	.make/sanitize $(ARGS)

emulate: packages ## run the kernels' tests on emulated processors without this one's instructions (needs qemu-user)
	.make/emulate $(ARGS)

perf: packages ## time everything beside its peers, and write docs/performance.md; ARGS="jobs --only mlp" for some of it
	.make/perf $(ARGS)

peers: ## fetch NumPy, scikit-learn, PyTorch, JAX, pandas and polars into .build/peers, for `make perf`
	.make/peers

lint: toolchain ## check the formatting and what must not be in the repository
	.make/lint

format: toolchain ## format every Swift file in place
	git ls-files -z --cached --others --exclude-standard -- '*.swift' | \
		xargs -0 $(SWIFT) format format --in-place --parallel

##@ Write
docs: packages ## build the reference into .build/docs; a warning is an error
	.make/docs

pictures: packages ## draw the documentation's pictures again (needs gnuplot)
	DESCENT_PICTURES="$(CURDIR)/docs/images" $(SWIFT) test --disable-xctest --filter documentationPictures

clean: ## remove what was built
	rm -rf .build .build-asan .build-tsan .swiftpm Tests/Consumer/.build Tests/Consumer/.swiftpm

help: ## show this list
	@awk -f .make/help.awk Makefile

# What the others stand on: the toolchain is there, and so are the C libraries and gnuplot.
toolchain:
	@.make/toolchain

packages: toolchain
	@.make/packages

.PHONY: bench build install mnist experiments test consumer sanitize emulate perf peers pages lint format docs pictures clean help \
	toolchain packages
