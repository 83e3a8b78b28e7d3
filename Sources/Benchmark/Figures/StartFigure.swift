/// `kdsweep run` of one tiny cell, to its CSVs, against starting `kdsweep --help` twice, since the run has two
/// processes too: the coordinator and its worker.
func startFigure() throws -> Measurement {
    let folder = try Scratch()
    let sweep = try folder.write(
        "tiny.yaml",
        """
        task: {kind: gaussian-mixture, dimension: 2, components: 2, spread: 0.5, separation: 2}
        oracle_samples: 16
        test_samples: 16
        grid: {width: infinite, sample_size: 16, soft_ratio: 1, depth: 1, seed: 0}
        """)
    var (ours, twice) = (Duration.seconds(1000), Duration.seconds(1000))
    for number in 0..<7 {
        let output = folder.url.appending(path: "results-\(number)").path
        ours = min(
            ours,
            try Program.kdsweep.run(
                ["run", sweep.path, "--workers", "1", "--output", output], in: folder
            ).time)
        let first = try Program.kdsweep.run(["--help"], in: folder).time
        twice = min(twice, first + (try Program.kdsweep.run(["--help"], in: folder).time))
    }
    return Measurement(
        what: "kdsweep run, one tiny cell", ours: "\(milliseconds(ours)) ms",
        other: "\(milliseconds(twice)) ms, kdsweep --help twice", ratio: ours / twice,
        target: .atMost(10))
}
