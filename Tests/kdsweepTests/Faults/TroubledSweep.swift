import Foundation
import Testing

/// The sweeps that run through troubles.
enum TroubledSweep: CaseIterable {
    /// Forty tasks of a tenth of a second, some of whose cells are singular.
    case solved
    /// A hundred tasks, slices among them, whose students are trained: linearised ones and networks.
    case trained

    var text: String {
        switch self {
        case .solved:
            fortyTasks.replacing("320", with: "900")
                .replacing("test_samples: 200", with: "test_samples: 600")
                .replacing("[20, 80, 300]", with: "[20, 200, 800]")
        case .trained:
            """
            task: {kind: gaussian-mixture, dimension: 4, components: 8, spread: 0.5, separation: 2, seed: 1}
            training: {learning_rate: 0.3}
            oracle_samples: 128
            test_samples: 600
            grid:
              width: [8, 32]
              model: [linearised, network]
              steps: [30, 600, inf]
              sample_size: [16, 128]
              soft_ratio: [0, 0.4, 1]
              teacher_noise: [0, 1]
              depth: 2
              seed: {from: 0, to: 9, count: 10}
            """
        }
    }

    private var seeds: Int {
        switch self {
        case .solved: 20
        case .trained: 10
        }
    }

    var taskCount: Int {
        switch self {
        case .solved: 40
        case .trained: 100
        }
    }

    var cellCount: Int {
        switch self {
        case .solved: 1440
        // A network has no limit.
        case .trained: 10 * 2 * (3 + 2) * 2 * 3 * 2
        }
    }

    /// The same with a seed more, before the others: every task has another number.
    var edited: String {
        text.replacing(
            "{from: 0, to: \(seeds - 1), count: \(seeds)}",
            with: "[\(seeds), \((0..<seeds).map(String.init).joined(separator: ", "))]")
    }

    /// What an undisturbed run writes; of the edited sweep, if so.
    func reference(isEdited: Bool = false) throws -> [String] {
        switch (self, isEdited) {
        case (.solved, false): try Self.solvedReference.get()
        case (.solved, true): try Self.editedSolved.get()
        case (.trained, false): try Self.trainedReference.get()
        case (.trained, true): try Self.editedTrained.get()
        }
    }

    // Each is made when it is first asked for, once.
    private static let solvedReference = undisturbed(TroubledSweep.solved.text)
    private static let editedSolved = undisturbed(TroubledSweep.solved.edited)
    private static let trainedReference = undisturbed(TroubledSweep.trained.text)
    private static let editedTrained = undisturbed(TroubledSweep.trained.edited)

    private static func undisturbed(_ sweep: String) -> Result<[String], any Error> {
        Result {
            let workspace = try Workspace()
            try workspace.write("sweep.yaml", sweep)
            let run = try workspace.run("run", "sweep.yaml", "--workers", "2")
            try #require(run.status == 0, "\(run.errors)")
            return try workspace.csvs("results/sweep")
        }
    }
}
