import Figures

@testable import Dashboard

extension RunState {
    /// With something of everything.
    static let example = RunState(
        sweep: "imperfect-teacher", state: .running, reason: nil, elapsedSeconds: 725.5,
        secondsLeft: 190,
        cells: .init(storedBefore: 470, done: 4230, failed: 3, total: 10_330, perSecond: 5.834),
        tasks: .init(
            waiting: 20, leased: 4, running: 2, finished: 30, failed: 1, attempts: 61),
        workers: [
            .init(
                host: "head", pid: 4712, running: [17], queued: 1, finished: 15, cellsPerSecond: 3,
                heardSecondsAgo: 0.23)
        ],
        malformedMessages: 5, strangersTurnedAway: 2,
        launch: .init(launcher: "slurm", queued: 1, running: 2, maximum: 4, obstacle: nil),
        failures: [.init(task: 3, cells: 3, reason: "crashed 3 workers", secondsAgo: 40)],
        goneWorkers: [
            .init(host: "head", pid: 4711, reason: "killed by signal 9", secondsAgo: 12)
        ])
}

extension Press {
    /// Without figures.
    static func example(_ board: Board) -> Press {
        Press(
            board: board, album: Album { [] },
            page: { PageState($0, folder: "results/imperfect-teacher") { "task \($0)" } })
    }
}

extension Figure {
    /// Curves in order, with everything that curves can have.
    static func example(panels: Int) -> Figure {
        Figure(
            name: "student-error", title: "Student error", caption: "imperfect-teacher; ridge 0",
            x: .init(name: "sample_size", title: "sample size n", isLogarithmic: true),
            y: .init(name: "student_error", title: "student error", isLogarithmic: true),
            key: .init(name: "soft_ratio", title: "soft ratio ρ"), colours: .ordered,
            panels: (0..<panels).map { panel in
                .init(
                    title: panels > 1 ? "teacher noise η = \(panel)" : "",
                    content: .curves([
                        .init(
                            label: "0",
                            points: [.init(x: 10, y: 0.3, error: 0.02), .init(x: 100, y: 0.1)],
                            limit: .init(x: 0, y: 0.05, error: 0.01), best: 1)
                    ]))
            })
    }

    static let map = Figure(
        name: "map", title: "Map", caption: "",
        x: .init(name: "sample_size", title: "sample size n", isLogarithmic: true),
        y: .init(name: "teacher_noise", title: "teacher noise η"),
        key: .init(name: "student_error", title: "student error"), colours: .ordered,
        panels: [
            .init(
                title: "",
                content: .map(.init(x: [16, 64], y: [0, 1], values: [[0.1, nil], [0.3, 0.4]])))
        ])
}
