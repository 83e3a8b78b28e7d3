import ArgumentParser
import Dashboard
import Foundation

/// The options that `run` and `coordinator` share.
struct RunOptions: ParsableArguments {
    @OptionGroup var basis: SweepOptions

    @Option(help: CrashLimit.help, completion: .list(["3", "never"]))
    var crashLimit = CrashLimit.after(3)

    @Option(
        help: ArgumentHelp(
            "Show the run on a web page, at \(WebAddress.forms). Its whole address is printed, with the "
                + "token that a viewer needs.",
            valueName: "host:port"))
    var dashboard: WebAddress?

    @Flag(help: "Print how the run ended as JSON, instead of the CSVs' paths.")
    var json = false

    @OptionGroup var logging: LogOptions
}

extension WebAddress: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
