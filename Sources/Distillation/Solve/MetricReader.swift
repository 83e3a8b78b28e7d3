import Sweep

/// Reads the metrics of one right-hand side from a solution, for any of its stops.
struct MetricReader {
    let solution: Solution
    /// The right-hand side's position among those of the solution.
    let column: Int
    let teacher: Targets.TeacherView
    /// y_g of the test samples.
    let testLabels: ArraySlice<Decision>
    /// Nil if no metric needs them.
    let corrections: Corrections?
    let radii: Radii?
    /// By stop; empty if no metric needs them.
    let conditions: [Double]

    private var M: Int { testLabels.count }
    /// Where this right-hand side's test points are in the solution's lists.
    private var own: Range<Int> { column * M..<(column + 1) * M }

    /// The share of the test points at which the teacher's decision isn't the hard label. It needs no student,
    /// so singular rows have it too.
    var teacherError: Double { Double(teacher.testFaultCount) / Double(M) }

    /// Calls `set` for each metric that is defined at a stop.
    func forEach(stop index: Int, _ set: (Metric, Double) -> Void) {
        let stop = solution.stops[index]
        set(.teacherError, teacherError)
        if !stop.decisions.isEmpty { atTestPoints(stop, set) }
        if let corrections, corrections.teacherFaults[index][column] > 0 {
            let faults = corrections.teacherFaults[index][column]
            set(.trainCorrected, Double(corrections.corrected[index][column]) / Double(faults))
        }
        for (metric, values) in stop.norms { set(metric, values[column]) }
        if !stop.angles.isEmpty, let angle = stop.angles[column] {
            set(.oracleAngle, angle)
            bounds(index, set)
        }
        if !stop.residuals.isEmpty, let residual = stop.residuals[column] {
            set(.trainResidual, residual)
        }
        if !conditions.isEmpty { set(.kernelCondition, conditions[index]) }
    }

    private func atTestPoints(_ stop: Solution.Stop, _ set: (Metric, Double) -> Void) {
        let student = stop.decisions[own]
        var wrong = 0
        var wrongWithTeacher = 0
        var unlikeTeacher = 0
        for (own, (label, teachers)) in zip(student, zip(testLabels, teacher.testDecisions)) {
            let error = own != label ? 1 : 0
            wrong += error
            wrongWithTeacher += teachers != label ? error : 0
            unlikeTeacher += own != teachers ? 1 : 0
        }
        let faults = teacher.testFaultCount
        func share(_ metric: Metric, _ count: Int, of total: Int) {
            if total > 0 { set(metric, Double(count) / Double(total)) }
        }
        share(.studentError, wrong, of: M)
        share(.transferRisk, unlikeTeacher, of: M)
        share(.corrected, faults - wrongWithTeacher, of: faults)
        share(.spoiled, wrong - wrongWithTeacher, of: M - faults)
        guard let oracle = solution.oracle?.decisions[own] else { return }
        share(.oracleRisk, differences(student, oracle), of: M)
        share(.oracleTransferRisk, differences(oracle, teacher.testDecisions[...]), of: M)
    }

    private func differences(_ a: ArraySlice<Decision>, _ b: ArraySlice<Decision>) -> Int {
        zip(a, b).reduce(0) { $0 + ($1.0 != $1.1 ? 1 : 0) }
    }

    /// mean [|f_N(x)| <= radius(x) |Delta_N| sin(angle)] for the three radii.
    private func bounds(_ stop: Int, _ set: (Metric, Double) -> Void) {
        guard let radii, let oracle = solution.oracle?.magnitudes[own] else { return }
        let unexplained = solution.stops[stop].unexplained[column]
        func share(_ radius: [Double]) -> Double {
            let count = zip(oracle, radius).reduce(0) {
                $0 + ($1.0 <= $1.1 * unexplained ? 1 : 0)
            }
            return Double(count) / Double(M)
        }
        set(.riskBound, share(radii.prior))
        guard !radii.power.isEmpty else { return }
        set(.riskBoundRefined, share(radii.power[stop]))
        set(.riskBoundTight, share(radii.tail[stop]))
    }
}
