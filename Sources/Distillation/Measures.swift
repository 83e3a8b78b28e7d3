import Sweep

/// The metrics of one right-hand side, read from its panel for any of the panel's sample sizes.
struct Measures {
    private let panel: Panel
    private let column: Int
    private let teacher: Targets.TeacherView
    private let testLabels: [UInt8]
    private let radii: Radii?
    private let conditions: [Double]

    init(
        panel: Panel, column: Int, teacher: Targets.TeacherView, targets: Targets, radii: Radii?,
        conditions: [Double]
    ) {
        self.panel = panel
        self.column = column
        self.teacher = teacher
        testLabels = targets.testLabels
        self.radii = radii
        self.conditions = conditions
    }

    private var M: Int { testLabels.count }

    /// mean [z_t > 0 differs from y_g = 1]: the one metric that needs no student.
    var teacherError: Double { Double(teacher.testFaultCount) / Double(M) }

    /// Calls `set` for each metric that is defined; `size` is a position in the panel's sample sizes.
    func forEach(size: Int, _ set: (Metric, Double) -> Void) {
        set(.teacherError, teacherError)
        if !panel.signs.isEmpty { atTestPoints(size, set) }
        if !panel.teacherFaults.isEmpty, panel.teacherFaults[size][column] > 0 {
            let faults = panel.teacherFaults[size][column]
            set(
                .trainCorrected, Double(panel.correctedFaults[size][column]) / Double(faults))
        }
        if !panel.norms.isEmpty { weightNorms(size, set) }
        if !panel.angles.isEmpty, let angle = panel.angles[size][column] {
            set(.oracleAngle, angle)
            bounds(size, set)
        }
        if !panel.residuals.isEmpty, let residual = panel.residuals[size][column] {
            set(.trainResidual, residual)
        }
        if !conditions.isEmpty { set(.kernelCondition, conditions[size]) }
    }

    private func atTestPoints(_ size: Int, _ set: (Metric, Double) -> Void) {
        let own = column * M..<(column + 1) * M
        let student = panel.signs[size][own]
        var wrong = 0
        var wrongWithTeacher = 0
        for (sign, (label, fault)) in zip(student, zip(testLabels, teacher.testFaults)) {
            let error = sign ^ label
            wrong += Int(error)
            wrongWithTeacher += Int(error & fault)
        }
        let faults = teacher.testFaultCount
        func share(_ metric: Metric, _ count: Int, of total: Int) {
            if total > 0 { set(metric, Double(count) / Double(total)) }
        }
        share(.studentError, wrong, of: M)
        // They differ where just one of them is wrong.
        share(.transferRisk, wrong + faults - 2 * wrongWithTeacher, of: M)
        share(.corrected, faults - wrongWithTeacher, of: faults)
        share(.spoiled, wrong - wrongWithTeacher, of: M - faults)
        guard !panel.oracleSigns.isEmpty else { return }
        let oracle = panel.oracleSigns[own]
        share(.oracleRisk, differences(student, oracle), of: M)
        share(.oracleTransferRisk, differences(oracle, teacher.testSigns[...]), of: M)
    }

    private func differences(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Int {
        zip(a, b).reduce(0) { $0 + Int($1.0 ^ $1.1) }
    }

    private func weightNorms(_ size: Int, _ set: (Metric, Double) -> Void) {
        let n = panel.sizes[size]
        let window = NormWindow(around: n)
        for (metric, at) in [
            (Metric.weightNorm, n), (.weightNormNext, window.next),
            (.weightNormLower, window.lower), (.weightNormUpper, window.upper),
        ] {
            if let norm = panel.norms[at]?[column] { set(metric, norm) }
        }
    }

    /// mean [|f_N(x)| <= radius(x) |Delta_N| sin(angle)] for the three radii.
    private func bounds(_ size: Int, _ set: (Metric, Double) -> Void) {
        guard let radii else { return }
        let oracle = panel.oracleMagnitudes[column * M..<(column + 1) * M]
        let unexplained = panel.unexplained[size][column]
        func share(_ radius: [Double]) -> Double {
            let count = zip(oracle, radius).reduce(0) {
                $0 + ($1.0 <= $1.1 * unexplained ? 1 : 0)
            }
            return Double(count) / Double(M)
        }
        set(.riskBound, share(radii.prior))
        guard !radii.power.isEmpty else { return }
        set(.riskBoundRefined, share(radii.power[size]))
        set(.riskBoundTight, share(radii.tail[size]))
    }
}
