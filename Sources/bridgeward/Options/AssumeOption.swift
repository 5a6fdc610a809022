import ArgumentParser
import Netfilter

/// `--assume`, for what the kernels that load the rules can do.
struct AssumeOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take it that the kernel can do this; may be repeated.",
      valueName: "bridge-meta|bridge-conntrack"))
  var assume: [Capability] = []

  var capabilities: Set<Capability> { Set(assume) }
}

extension Capability: ExpressibleByArgument {}
