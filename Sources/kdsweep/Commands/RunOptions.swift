import ArgumentParser
import Dashboard
import Foundation

/// What is to be run and how, wherever the workers come from.
struct RunOptions: ParsableArguments {
    @OptionGroup var basis: SweepOptions

    @Option(help: CrashLimit.help, completion: .list(["3", "never"]))
    var crashLimit = CrashLimit.after(3)

    @Option(
        help: ArgumentHelp(
            "A web page that shows the run, at \(WebAddress.forms). Its whole address, with the token "
                + "that it takes to see it, is printed.",
            valueName: "host:port"))
    var dashboard: WebAddress?

    @OptionGroup var logging: LogOptions
}

extension WebAddress: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
