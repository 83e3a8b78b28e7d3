import ArgumentParser
import Logging

extension Logger.Level: @retroactive ExpressibleByArgument {}

struct LogOptions: ParsableArguments {
    @Option(help: "What is logged to standard error: this and what is worse.")
    var logLevel: Logger.Level = .notice

    var logger: Logger {
        Logger(label: "kdsweep") { _ in ConsoleLog(logLevel: logLevel) }
    }
}
