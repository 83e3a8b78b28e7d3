import ArgumentParser
import Cluster
import Foundation

@main
struct Kdsweep: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kdsweep",
        abstract: "Sweeps of knowledge distillation through the neural tangent kernel.",
        discussion: """
            Start with: kdsweep run sweeps/quickstart.yaml

            Exit codes: 0, every cell is ok or singular; 1, some cells failed; 2, the sweep file or \
            an argument was refused, before anything was computed; 130, interrupted, with \
            everything received stored.
            """,
        version: "kdsweep \(Build.current)",
        subcommands: [
            RunCommand.self, PlanCommand.self, CoordinatorCommand.self, WorkerCommand.self,
            StatusCommand.self, ExportCommand.self, PlotCommand.self, MeasureCommand.self,
            ManualCommand.self,
        ])

    /// Does what ArgumentParser's own `main` does, with kdsweep's exit codes.
    static func main() {
        Inheritance.settle()
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let refusal as Refusal {
            Console.shared.line("kdsweep: \(refusal.message)")
            Foundation.exit(ExitStatus.refused.rawValue)
        } catch let error as AccessError {
            Console.shared.line("kdsweep: \(error)")
            Foundation.exit(ExitStatus.refused.rawValue)
        } catch let status as ExitStatus {
            Foundation.exit(status.rawValue)
        } catch {
            let message = fullMessage(for: error)
            switch exitCode(for: error) {
            case .success:
                let isWritten = (try? Output.print(message)) != nil
                Foundation.exit(isWritten ? 0 : ExitStatus.failed.rawValue)
            case .validationFailure:
                Console.shared.line(message)
                Foundation.exit(ExitStatus.refused.rawValue)
            default:
                Console.shared.line("kdsweep: \(error)")
                Foundation.exit(ExitStatus.failed.rawValue)
            }
        }
    }
}

enum ExitStatus: Int32, Error {
    /// Some cells failed, or the run could not go on.
    case failed = 1
    /// The sweep file or an argument was refused, before anything was computed.
    case refused = 2
    /// Interrupted; the same code as a shell's for a process that SIGINT ended.
    case interrupted = 130
}

/// A sweep file or an argument that can't be taken: what it is, and what would be right.
struct Refusal: Error {
    let message: String

    init(_ message: String) { self.message = message }

    /// Runs `body`, and turns an error that it throws into a refusal.
    static func unless<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch { throw Refusal("\(error)") }
    }
}
