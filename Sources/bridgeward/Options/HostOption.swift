import ArgumentParser

/// `--host`, for policies with parts for some hosts of a fleet.
struct HostOption: ParsableArguments {
  @Option(help: ArgumentHelp("Keep the `on` parts that name this host.", valueName: "name"))
  var host: String?
}
