extension SweepReader {
    /// - Parameters:
    ///   - noise: Fixes the range of the teacher noise; nil where it was refused.
    ///   - oracleSamples: N; nil likewise.
    func grid(noise: NoiseModel?, oracleSamples: Int?) -> Grid? {
        guard let entry = top.required("grid", "the axes as a mapping, or {} for the defaults"),
            let section = Section(entry, keys: SweepKeys.grid)
        else { return nil }
        func read<Value>(_ key: String, _ axis: Axis<Value>, default values: [Value]) -> [Value]? {
            guard let entry = section[key] else { return values }
            return axis.values(of: entry)
        }
        let defaults = Grid.defaults
        let width = read("width", .width, default: defaults.width)
        let sampleSize = read("sample_size", .integer(in: .size), default: defaults.sampleSize)
        let softRatio = read("soft_ratio", .real(in: .unitInterval), default: defaults.softRatio)
        let teacherNoise = teacherNoise(section, noise)
        let temperature = read("temperature", .real(in: .positive), default: defaults.temperature)
        let depth = read("depth", .integer(in: .depth), default: defaults.depth)
        let ridge = read("ridge", .real(in: .notNegative), default: defaults.ridge)
        let seed = read("seed", .integer(in: .seed), default: defaults.seed)
        check(sampleSize, isDefault: section["sample_size"] == nil, against: oracleSamples)
        guard let width, let sampleSize, let softRatio, let teacherNoise, let temperature,
            let depth, let ridge, let seed
        else { return nil }
        return countable(
            Grid(
                width: width, sampleSize: sampleSize, softRatio: softRatio,
                teacherNoise: teacherNoise, temperature: temperature, depth: depth, ridge: ridge,
                seed: seed),
            entry)
    }

    private func teacherNoise(_ section: Section, _ noise: NoiseModel?) -> [Double]? {
        let key = "teacher_noise"
        guard let entry = section[key] else {
            if noise != .flip { return Grid.defaults.teacherNoise }
            section.refuse(
                key, "the default, [0, 0.5, 1, 2], goes beyond 1, and flip noise is a probability",
                "give teacher_noise values from 0 to 1")
            return nil
        }
        let bounds =
            noise != .flip
            ? RealBounds.notNegative
            : RealBounds(
                wanted: "a number from 0 to 1, as flip noise is a probability",
                contain: RealBounds.unitInterval.contain)
        return Axis.real(in: bounds).values(of: entry)
    }

    /// More cells than anybody waits for, and so a slip of the keyboard; a store of as many has some
    /// 200 GB, and what is kept of each cell in memory fits a large machine.
    private static let mostCells = 1_000_000_000

    /// The grid, unless it has too many cells. Nothing that grows with their number is made before.
    private func countable(_ grid: Grid, _ entry: Entry) -> Grid? {
        let count = grid.shape.reduce(1.0) { $0 * Double($1) }
        guard count > Double(Self.mostCells) else { return grid }
        // Exact as an integer where a double is.
        let shown = count < 0x1p53 ? String(Int(count)) : "some \(count)"
        entry.refuse(
            "the axes' product has \(shown) cells, more than \(Self.mostCells)",
            "shorten an axis, or make several sweeps of it")
        return nil
    }

    /// The oracle student sees every sample that another one sees.
    private func check(_ sampleSizes: [Int]?, isDefault: Bool, against oracleSamples: Int?) {
        guard let largest = sampleSizes?.max(), let oracleSamples, oracleSamples < largest
        else { return }
        top["oracle_samples"]?.refuse(
            "\(oracleSamples) is below the largest sample size, \(largest)"
                + (isDefault ? " (the default of grid.sample_size)" : ""),
            "give at least \(largest), or smaller sizes in grid.sample_size")
    }
}

extension Grid {
    /// The axes of a sweep file that leaves them out.
    package static let defaults = Grid(
        width: [.finite(64), .finite(256), .finite(1024), .infinite],
        sampleSize: AxisRange(from: 16, to: 1024, count: 13, scale: .log).integers,
        softRatio: AxisRange(from: 0, to: 1, count: 11, scale: .linear).values,
        teacherNoise: [0, 0.5, 1, 2], temperature: [1], depth: [3], ridge: [0],
        seed: Array(0...9))
}
