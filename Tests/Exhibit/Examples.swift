import Dashboard
import Figures
import Foundation

extension RunState {
    /// With everything that a run can have to say.
    static let example = RunState(
        sweep: "imperfect-teacher", state: .running, reason: nil, elapsedSeconds: 7255,
        secondsLeft: 190_000,
        cells: .init(storedBefore: 470, done: 4230, failed: 36, total: 10_330, perSecond: 5.834),
        tasks: .init(
            waiting: 20, leased: 4, running: 2, finished: 30, failed: 3, attempts: 61),
        workers: [
            .init(
                host: "node-12.cluster.example.org", pid: 4712, running: [17], queued: 1,
                finished: 1505, cellsPerSecond: 85.2, heardSecondsAgo: 0.23)
        ],
        malformedMessages: 5, strangersTurnedAway: 2,
        launch: .init(
            launcher: "slurm", queued: 1, running: 1, maximum: 4,
            obstacle: "sbatch: error: Batch job submission failed: Requested node configuration"
                + " is not available"),
        failures: [
            .init(
                task: 3, cells: 32,
                reason: "crashed 3 workers; the last: "
                    + String(repeating: "/a/path/that/has/no/space/at/all", count: 3),
                secondsAgo: 400),
            .init(
                task: 4, cells: 4, reason: "needs 12.1 GB; the largest worker has 4.0 GB",
                secondsAgo: 6),
        ],
        goneWorkers: [
            .init(host: "head", pid: 4711, reason: "killed by signal 9", secondsAgo: 12)
        ])

    static let taskWords = [
        3: "task 3: width 500000, depth 3, seed 0, 32 right-hand sides",
        4: "task 4: width infinite, depth 3, seed 0, 4 right-hand sides",
        17: "task 17: width 256, depth 3, seed 4, 32 right-hand sides",
    ]
}

/// Made-up figures, with everything that figures can have.
enum FigureExamples {
    static let all = [errors, kinds, map, risks]

    /// Curves in order, panels, errors, limits, a teacher, means that lack seeds, and two that are best at the
    /// same place.
    private static let errors = Figure(
        name: "student-error", title: "Student error over width",
        caption: "imperfect-teacher; depth 3, ridge 0. Means over 10 seeds.",
        x: .init(name: "width", title: "width m", isLogarithmic: true, limit: "m = ∞"),
        y: .init(
            name: "student_error", title: "student error", isLogarithmic: true,
            extent: .init(low: 0.02, high: 0.5)),
        key: .init(name: "soft_ratio", title: "soft ratio ρ"), colours: .ordered,
        panels: [0, 0.5, 1].map { noise in
            Figure.Panel(
                title: "teacher noise η = \(noise)",
                content: .curves([0, 0.25, 0.5, 0.75, 1].map { curve(ratio: $0, noise: noise) }),
                references: noise == 0
                    ? [] : [.init(label: "teacher", course: .level(noise / 10))])
        })

    private static func curve(ratio: Double, noise: Double) -> Figure.Curve {
        let height = 1 + noise - (ratio == 0.75 ? 0.5 : ratio) / 2
        let points = (4...12).map { power in
            let error = 0.02 + 0.3 * height / Double(power - 2)
            return Figure.Point(
                x: pow(2, Double(power)), y: error, error: error / 12, isPartial: power < 6)
        }
        return Figure.Curve(
            label: "\(ratio)", points: points,
            limit: .init(x: 0, y: 0.02 + 0.03 * height, error: 0.001),
            best: ratio == 0.5 || ratio == 0.75 ? 8 : nil)
    }

    /// Curves of different kinds, one compared with others, on linear scales, with negative values and a lone point.
    private static let kinds = Figure(
        name: "bounds", title: "Risk and its bounds", caption: "imperfect-teacher; width infinite.",
        x: .init(name: "soft_ratio", title: "soft ratio ρ"),
        y: .init(name: "risk", title: "risk"),
        key: .init(name: "metric", title: "metric"), colours: .distinct,
        panels: [
            Figure.Panel(
                title: "",
                content: .curves(
                    ["oracle_risk", "risk_bound", "risk_bound_refined", "risk_bound_tight"]
                        .enumerated().map { wave($1, above: Double($0) / 8 - 0.1) }
                        + [.init(label: "one seed only", points: [.init(x: 0.5, y: 0.35)])]),
                references: [
                    .init(
                        label: "teacher", curve: 1,
                        course: .points([.init(x: 0, y: 0.1), .init(x: 1, y: 0.2)]))
                ])
        ])

    private static func wave(_ label: String, above level: Double) -> Figure.Curve {
        let points = (0...10).map { step in
            Figure.Point(x: Double(step) / 10, y: level + cos(Double(step) / 3) / 10)
        }
        return Figure.Curve(label: label, points: points)
    }

    private static let map = Figure(
        name: "map", title: "Student error over sample size and noise",
        caption: "imperfect-teacher; soft ratio ρ = 1.",
        x: .init(name: "sample_size", title: "sample size n", isLogarithmic: true),
        y: .init(name: "teacher_noise", title: "teacher noise η"),
        key: .init(name: "student_error", title: "student error"), colours: .ordered,
        panels: ["width 64", "width infinite"].map { width in
            Figure.Panel(title: width, content: .map(errorsByNoise))
        })

    private static var errorsByNoise: Figure.Map {
        var map = Figure.Map(
            x: (4...14).map { pow(2, Double($0)) }, y: [0, 0.25, 0.5, 1, 2], values: [])
        for row in 1...5 {
            map.values.append((2...12).map { 0.3 * Double(row) / Double($0) })
        }
        map.values[3][4] = nil
        map.partial = [[0, 0], [10, 4]]
        return map
    }

    /// As at the beginning of a run: one point, and a curve without any.
    private static let risks = Figure(
        name: "transfer-risk", title: "Transfer risk", caption: "imperfect-teacher.",
        x: .init(name: "sample_size", title: "sample size n", isLogarithmic: true),
        y: .init(name: "transfer_risk", title: "transfer risk"),
        key: .init(name: "depth", title: "depth L"), colours: .ordered,
        panels: [
            .init(
                title: "",
                content: .curves([
                    .init(label: "2", points: [.init(x: 64, y: 0.12)]), .init(label: "3"),
                ]))
        ])
}
