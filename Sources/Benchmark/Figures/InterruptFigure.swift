import Foundation

/// How long `kdsweep run` takes to end after an interrupt during the work, the longest of five times, against
/// what its help promises.
func interruptFigure() throws -> Measurement {
    let folder = try Scratch()
    let sweep = try folder.write(
        "long.yaml",
        """
        task: {kind: gaussian-mixture, dimension: 4, components: 8, spread: 0.5, separation: 2}
        oracle_samples: 1024
        test_samples: 1000
        grid:
          width: 256
          sample_size: [64, 256, 1024]
          soft_ratio: [0, 0.5, 1]
          depth: 3
          seed: {from: 0, to: 9999, count: 10000}
        """)
    let promised = Duration.seconds(2)
    let worst = try (0..<5).map { round in
        let output = folder.url.appending(path: "results-\(round)").path
        let run = try Program.Started(
            .kdsweep, ["run", sweep.path, "--workers", "2", "--output", output], in: folder)
        try run.await(until: { try storedCells(output, in: folder) > 0 })
        return try wallTime {
            run.signal(SIGINT)
            _ = try run.wait(for: 130)
        }
    }.max()!
    return Measurement(
        what: "from an interrupt to the end of a run", ours: "\(milliseconds(worst)) ms",
        other: "\(milliseconds(promised)) ms promised", ratio: worst / promised, target: .atMost(1))
}

/// How many cells are stored according to `kdsweep status`; 0 while it fails.
private func storedCells(_ output: String, in folder: Scratch) throws -> Int {
    struct Status: Decodable {
        struct Cells: Decodable { let done: Int }
        let cells: Cells
    }
    let status = try? Program.kdsweep.run(["status", output, "--json"], in: folder).output
    guard let status else { return 0 }
    return try JSONDecoder().decode(Status.self, from: Data(status.utf8)).cells.done
}
