import ArgumentParser
import Logging

extension Logger.Level: @retroactive ExpressibleByArgument {}

struct LogOptions: ParsableArguments {
    @Option(help: "What is logged to standard error: trace, debug, info, notice, warning, error.")
    var logLevel: Logger.Level = .notice

    var logger: Logger {
        Logger(label: "kdsweep") { _ in ConsoleLog(logLevel: logLevel) }
    }
}
