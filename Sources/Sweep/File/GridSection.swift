extension SweepReader {
    /// - Parameters:
    ///   - noise: Fixes the range of the teacher noise; nil if it was refused.
    ///   - oracleSamples: N; nil if it was refused.
    func grid(noise: NoiseModel?, oracleSamples: Int?) -> Grid? {
        guard let entry = top.required("grid", "the axes as a mapping, or {} for the defaults"),
            let section = Section(entry, keys: SweepKeys.grid)
        else { return nil }
        var read: [Axis: AxisValues] = [:]
        for axis in Axis.allCases { read[axis] = values(of: axis, section, noise) }
        check(
            read[.sampleSize], isDefault: section[Axis.sampleSize.key] == nil,
            against: oracleSamples)
        guard read.count == Axis.allCases.count else { return nil }
        return countable(Grid { read[$0]! }, entry)
    }

    /// The axis' values; nil, and faults, if its entry is wrong.
    private func values(of axis: Axis, _ section: Section, _ noise: NoiseModel?) -> AxisValues? {
        if axis == .teacherNoise { return teacherNoise(section, noise) }
        guard let entry = section[axis.key] else { return axis.known.defaults }
        return axis.known.form.values(of: entry)
    }

    private func teacherNoise(_ section: Section, _ noise: NoiseModel?) -> AxisValues? {
        let axis = Axis.teacherNoise
        let limit = noise?.levelLimit
        guard let entry = section[axis.key] else {
            guard let limit else { return axis.known.defaults }
            section.refuse(axis.key, limit.problem, limit.remedy)
            return nil
        }
        return (limit.map { .real(in: $0.bounds) } ?? axis.known.form).values(of: entry)
    }

    /// A sweep of more cells is taken for a mistyped one. A store of this many has some 200 GB, and the
    /// memory that a run needs for them fits a large machine.
    private static let mostCells = 1_000_000_000

    /// The grid, unless it has too many cells: then nil, and a fault. Checked before anything is made whose
    /// size grows with their number.
    private func countable(_ grid: Grid, _ entry: Entry) -> Grid? {
        let count = grid.shape.reduce(1.0) { $0 * Double($1) }
        guard count > Double(Self.mostCells) else { return grid }
        // Below 2^53 the double is the exact count.
        let shown = count < 0x1p53 ? String(Int(count)) : "some \(count)"
        entry.refuse(
            "the axes' product has \(shown) cells, more than \(Self.mostCells)",
            "shorten an axis, or make several sweeps of it")
        return nil
    }

    /// Adds a fault if N is below the largest sample size: the oracle student has to see all samples that
    /// another student sees.
    private func check(_ sampleSizes: AxisValues?, isDefault: Bool, against oracleSamples: Int?) {
        guard let largest = sampleSizes?.all.map(\.integer).max(), let oracleSamples,
            oracleSamples < largest
        else { return }
        top["oracle_samples"]?.refuse(
            "\(oracleSamples) is below the largest sample size, \(largest)"
                + (isDefault ? " (the default of grid.sample_size)" : ""),
            "give at least \(largest), or smaller sizes in grid.sample_size")
    }
}

extension Grid {
    /// The grid of a sweep file that leaves all axes out.
    package static let defaults = Grid { $0.known.defaults }
}
