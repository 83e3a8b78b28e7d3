import Foundation

/// How long some sweeps take, against what `kdsweep plan` says. The machine is measured once, by the first
/// plan. The ratio is that of the longer time to the shorter.
func estimateFigure() throws -> [Measurement] {
    let folder = try Scratch()
    let sources = URL(filePath: #filePath).deletingLastPathComponent()
    let own = ["quickstart", "digits"].map { name in
        (name, sources.appending(path: "../../../sweeps/\(name).yaml").standardized)
    }
    let others = try unlikeSweeps.map { name, text in
        (name, try folder.write("\(name).yaml", text))
    }
    return try (own + others).map { name, file in
        let plan = try Program.kdsweep.run(["plan", file.path, "--json"], in: folder).output
        struct Plan: Decodable { var seconds: Double }
        let expected = try JSONDecoder().decode(Plan.self, from: Data(plan.utf8)).seconds
        var taken = Double.infinity
        for round in 0..<2 {
            let output = folder.url.appending(path: "\(name)-\(round)").path
            let time = try Program.kdsweep.run(["run", file.path, "--output", output], in: folder)
                .time
            taken = min(taken, time / .seconds(1))
        }
        return Measurement(
            what: "the run of a plan, \(name)", ours: "\(rounded(taken * 1e3)) ms",
            other: "\(rounded(expected * 1e3)) ms expected",
            ratio: max(taken / expected, expected / taken), target: .atMost(1.5))
    }
}

/// Sweeps that spend their time differently: with small kernels; with large ones; with another activation and
/// noise, and two ridges; with many right-hand sides; with students that are stopped, and with networks.
private let unlikeSweeps = [
    (
        "small",
        """
        task: {kind: gaussian-mixture, dimension: 4, components: 8, spread: 0.5, separation: 2}
        oracle_samples: 256
        test_samples: 200
        grid:
          width: [48, infinite]
          sample_size: [20, 80, 250]
          soft_ratio: [0, 0.2, 1]
          teacher_noise: [0, 1]
          depth: 2
          seed: {from: 0, to: 199, count: 200}
        """
    ),
    (
        "large",
        """
        task: {kind: gaussian-mixture, dimension: 16, components: 8, spread: 0.5, separation: 2}
        oracle_samples: 2048
        test_samples: 1000
        grid:
          width: [1024, infinite]
          sample_size: {from: 16, to: 2048, count: 8, scale: log}
          soft_ratio: {from: 0, to: 1, count: 11}
          teacher_noise: [0, 0.5, 1]
          depth: 3
          seed: {from: 0, to: 1, count: 2}
        """
    ),
    (
        "erf",
        """
        task: {kind: gaussian-mixture, dimension: 10, components: 4, spread: 0.5, separation: 2}
        student: {activation: erf}
        teacher: {noise: flip}
        oracle_samples: 700
        test_samples: 1500
        grid:
          width: [128, infinite]
          sample_size: [50, 200, 700]
          soft_ratio: {from: 0, to: 1, count: 5}
          teacher_noise: [0, 0.2]
          temperature: [1, 3]
          depth: [1, 4]
          ridge: [0, 0.01]
          seed: {from: 0, to: 5, count: 6}
        """
    ),
    (
        "columns",
        """
        task: {kind: gaussian-mixture, dimension: 8, components: 4, spread: 0.5, separation: 2}
        oracle_samples: 512
        test_samples: 500
        grid:
          width: [64, infinite]
          sample_size: {from: 16, to: 500, count: 10, scale: log}
          soft_ratio: {from: 0, to: 1, count: 41}
          teacher_noise: {from: 0, to: 2, count: 20}
          depth: 2
          seed: {from: 0, to: 9, count: 10}
        """
    ),
    (
        "stopped",
        """
        task: {kind: gaussian-mixture, dimension: 6, components: 8, spread: 0.5, separation: 2}
        oracle_samples: 512
        test_samples: 1000
        grid:
          width: [64, inf]
          steps: [100, 2000, inf]
          sample_size: [16, 128, 512]
          soft_ratio: {from: 0, to: 1, count: 11}
          teacher_noise: [0, 1]
          depth: 1
          seed: {from: 0, to: 1, count: 2}
        """
    ),
    (
        "networks",
        """
        task: {kind: gaussian-mixture, dimension: 6, components: 8, spread: 0.5, separation: 2}
        metrics: all
        oracle_samples: 200
        test_samples: 500
        grid:
          model: network
          width: [8, 32, 128]
          steps: [30, 300]
          sample_size: [20, 200]
          soft_ratio: [0, 0.3, 1]
          teacher_noise: [0, 1]
          depth: 2
          seed: {from: 0, to: 2, count: 3}
        """
    ),
]
