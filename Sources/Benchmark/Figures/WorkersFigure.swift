import Foundation

/// The quickstart with two workers of one thread against the same with one worker.
func workersFigure() throws -> Measurement {
    let folder = try Scratch()
    // The sweep is found beside the sources, wherever the benchmark was built.
    let sweep = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../sweeps/quickstart.yaml").standardized
    func time(workers: Int, _ round: Int) throws -> Duration {
        try Program.kdsweep.run(
            [
                "run", sweep.path, "--workers", "\(workers)", "--threads", "1", "--output",
                folder.url.appending(path: "\(workers)-\(round)").path,
            ], in: folder
        ).time
    }
    var (one, two) = (Duration.seconds(1000), Duration.seconds(1000))
    for round in 0..<2 {
        one = min(one, try time(workers: 1, round))
        two = min(two, try time(workers: 2, round))
    }
    return Measurement(
        what: "the quickstart with two workers of one thread", ours: "\(milliseconds(two)) ms",
        other: "\(milliseconds(one)) ms with one", ratio: one / two, target: .atLeast(1.75))
}
