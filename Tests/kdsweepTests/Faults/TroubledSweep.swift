import Foundation
import Testing

/// The sweeps that run through troubles.
enum TroubledSweep: CaseIterable {
    /// Forty tasks of a tenth of a second, some of whose cells are singular.
    case solved
    /// A hundred tasks, slices among them, whose students are trained: linearised ones and networks.
    case trained
    /// Eighty tasks of a tenth of a second, twelve of which are certain: results ask for the others.
    case precise

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
        case .precise:
            """
            task: {kind: gaussian-mixture, dimension: 4, components: 8, spread: 0.5, separation: 2, seed: 1}
            oracle_samples: 900
            test_samples: 600
            grid:
              width: [64, inf]
              sample_size: [20, 200, 800]
              soft_ratio: [0, 0.4, 1]
              teacher_noise: [0, 1]
              depth: 2
              ridge: 1e-5
              seed: {from: 0, at_least: 6, at_most: 64, precision: {student_error: 0.009}}
            """
        }
    }

    var taskCount: Int {
        switch self {
        case .solved: 40
        case .trained: 100
        case .precise: 80
        }
    }

    var cellCount: Int {
        switch self {
        case .solved: 1440
        // A network has no limit.
        case .trained: 10 * 2 * (3 + 2) * 2 * 3 * 2
        case .precise: 80 * 3 * 3 * 2
        }
    }

    /// The same with other seeds first: every task has another number, or is of another seed.
    var edited: String {
        switch self {
        case .solved: withASeedMore(20)
        case .trained: withASeedMore(10)
        case .precise: text.replacing("{from: 0,", with: "{from: 1,")
        }
    }

    private func withASeedMore(_ seeds: Int) -> String {
        text.replacing(
            "{from: 0, to: \(seeds - 1), count: \(seeds)}",
            with: "[\(seeds), \((0..<seeds).map(String.init).joined(separator: ", "))]")
    }

    /// What an undisturbed run writes; of the edited sweep, if so.
    func reference(isEdited: Bool = false) throws -> [String] {
        try Self.references[self]![isEdited ? 1 : 0].get()
    }

    /// Of each sweep and of the edited one, made when the first is asked for.
    private static let references = Dictionary(
        uniqueKeysWithValues: allCases.map { ($0, [undisturbed($0.text), undisturbed($0.edited)]) })

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
