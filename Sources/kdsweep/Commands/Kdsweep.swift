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

            Exit codes: 0, every cell is ok, singular or diverged; 1, some cells failed; 2, the sweep file or \
            an argument was refused, before anything was computed; 130, interrupted, with \
            everything received stored.
            """,
        version: "kdsweep \(Build.current)",
        subcommands: [
            RunCommand.self, PlanCommand.self, CoordinatorCommand.self, WorkerCommand.self,
            StatusCommand.self, ExportCommand.self, BestCommand.self, PlotCommand.self,
            ReportCommand.self,
            MeasureCommand.self,
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
