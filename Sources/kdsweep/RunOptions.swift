import ArgumentParser
import Dashboard
import Foundation

/// What is to be run and how, wherever the workers come from.
struct RunOptions: ParsableArguments {
    @Argument(help: "The sweep file.", completion: .file(extensions: ["yaml", "yml"]))
    var sweep: String

    @Option(help: "The results folder (default: results/NAME).", completion: .directory)
    var output: String?

    @Option(help: "BLAS threads of each worker.")
    var threads = 1

    @Option(help: CrashLimit.help, completion: .list(["3", "never"]))
    var crashLimit = CrashLimit.after(3)

    @Option(
        help: ArgumentHelp(
            "A web page that shows the run, at \(WebAddress.forms). Its whole address, with the token "
                + "that it takes to see it, is printed.",
            valueName: "host:port"))
    var dashboard: WebAddress?

    @OptionGroup var logging: LogOptions

    func validate() throws {
        guard threads >= 1 else { throw ValidationError("--threads is 1 or more") }
    }
}

extension WebAddress: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
