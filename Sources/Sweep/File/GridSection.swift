extension SweepReader {
    /// The grid, and the precision that decides how many of its seeds there are, if one does.
    ///
    /// - Parameters:
    ///   - noise: Fixes the range of the teacher noise; nil if it was refused.
    ///   - oracleSamples: N; nil if it was refused.
    ///   - metrics: nil if they were refused.
    func grid(
        noise: NoiseModel?, oracleSamples: Int?, metrics: [Metric]?
    ) -> (grid: Grid, precision: Precision?)? {
        guard
            let entry = top.required(
                "grid", "the axes as a mapping with sample_size and soft_ratio in it"),
            let section = Section(entry, keys: SweepKeys.grid)
        else { return nil }
        var read: [Axis: AxisValues] = [:]
        var byPrecision: PrecisionSection?
        for axis in Axis.allCases {
            if axis == .seed, let entry = section[axis.key], PrecisionSection.isMeant(by: entry) {
                byPrecision = PrecisionSection(entry)
                read[axis] = byPrecision.map { .integers($0.seeds) }
            } else {
                read[axis] = values(of: axis, section, noise)
            }
        }
        check(read[.sampleSize], against: oracleSamples)
        guard read.count == Axis.allCases.count else { return nil }
        guard let grid = countable(Grid { read[$0]! }, entry), let grid = checked(grid, section)
        else { return nil }
        if let metrics, byPrecision?.check(against: metrics, grid) == false { return nil }
        return (grid, byPrecision?.precision)
    }

    /// The grid, unless a value of it would be in no cell: then nil, and faults.
    private func checked(_ grid: Grid, _ section: Section) -> Grid? {
        let idle = grid.idleValues()
        for (axis, value, reasons) in idle {
            let problem = "no cell would have \(axis.key) \(value): \(listed(reasons, "and"))"
            let remedy = "remove it, or give another axis a value that goes with it"
            if let entry = section[axis.key] {
                entry.refuse(problem, remedy)
            } else {
                section.refuse(axis.key, problem, "give it a value that goes with the others")
            }
        }
        return idle.isEmpty ? grid : nil
    }

    /// The axis' values; nil, and faults, if its entry is wrong, or left out where it must be given.
    private func values(of axis: Axis, _ section: Section, _ noise: NoiseModel?) -> AxisValues? {
        let form = axis.known.form
        let wanted = "\(form.wanted), a list or a range"
        guard let absent = axis.absent else {
            return section.required(axis.key, wanted).flatMap(form.values(of:))
        }
        guard let entry = section[axis.key] else { return form.values([absent]) }
        guard axis == .teacherNoise, let limit = noise?.levelLimit else {
            return form.values(of: entry)
        }
        return AxisForm.real(in: limit).values(of: entry)
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
    private func check(_ sampleSizes: AxisValues?, against oracleSamples: Int?) {
        guard let largest = sampleSizes?.all.map(\.integer).max(), let oracleSamples,
            oracleSamples < largest
        else { return }
        top["oracle_samples"]?.refuse(
            "\(oracleSamples) is below the largest sample size, \(largest)",
            "give at least \(largest), or smaller sizes in grid.sample_size")
    }
}
