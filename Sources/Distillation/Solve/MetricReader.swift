import Sweep

/// Reads the metrics of one right-hand side from its students, at any stop.
struct MetricReader {
    /// Nil if no metric needs it, or where there is none.
    let oracle: Solution.Oracle?
    /// The right-hand side's position among those that are solved together.
    let column: Int
    let teacher: Targets.TeacherView
    /// y_g of the test samples.
    let testLabels: ArraySlice<Decision>
    /// Nil if no metric needs them.
    let corrections: Corrections?
    let radii: Radii?
    /// By sample size, of those that can be solved for; empty if no metric needs them.
    let conditions: [Double]

    private var M: Int { testLabels.count }

    /// The test points of one student in a list that has M for each.
    private func own(_ student: Int) -> Range<Int> { student * M..<(student + 1) * M }

    /// The share of the test points at which the teacher's decision isn't the hard label. It needs no student,
    /// so singular and diverged rows have it too.
    var teacherError: Double { Double(teacher.testFaultCount) / Double(M) }

    /// Calls `set` for each metric that is defined at a stop.
    ///
    /// - Parameters:
    ///   - student: its position in the stop's lists.
    ///   - size: the position of its sample size among those that are solved together, ascending.
    ///   - limit: The limits of training with which a student at finite steps is compared; nil where there is none.
    func forEach(
        _ stop: Solution.Stop, student: Int, size: Int, limit: Solution.Stop? = nil,
        _ set: (Metric, Double) -> Void
    ) {
        set(.teacherError, teacherError)
        if !stop.decisions.isEmpty { atTestPoints(stop, student, limit, set) }
        if let corrections, corrections.teacherFaults[size][column] > 0 {
            let faults = corrections.teacherFaults[size][column]
            set(.trainCorrected, Double(corrections.corrected[size][column]) / Double(faults))
        }
        for (metric, values) in stop.values {
            if let value = values[student] { set(metric, value) }
        }
        if !stop.angles.isEmpty, let angle = stop.angles[student] {
            set(.oracleAngle, angle)
            bounds(stop.unexplained[student], size, isLimit: stop.hasDiverged.isEmpty, set)
        }
        if size < conditions.count { set(.kernelCondition, conditions[size]) }
    }

    private func atTestPoints(
        _ stop: Solution.Stop, _ number: Int, _ limit: Solution.Stop?,
        _ set: (Metric, Double) -> Void
    ) {
        let student = stop.decisions[own(number)]
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
        if let limit, !limit.decisions.isEmpty {
            share(.limitRisk, differences(student, limit.decisions[own(column)]), of: M)
        }
        if !stop.linearised.isEmpty {
            share(.linearisationRisk, differences(student, stop.linearised[own(number)]), of: M)
        }
        guard let oracle, !oracle.decisions.isEmpty else { return }
        let oracles = oracle.decisions[own(column)]
        share(.oracleRisk, differences(student, oracles), of: M)
        share(.oracleTransferRisk, differences(oracles, teacher.testDecisions[...]), of: M)
    }

    private func differences(_ a: ArraySlice<Decision>, _ b: ArraySlice<Decision>) -> Int {
        zip(a, b).reduce(0) { $0 + ($1.0 != $1.1 ? 1 : 0) }
    }

    /// mean [|f_N(x)| <= radius(x) |Delta_N| sin(angle)] for the three radii; for the first one only at finite
    /// steps, where the student is no projection of the oracle.
    private func bounds(
        _ unexplained: Double, _ size: Int, isLimit: Bool, _ set: (Metric, Double) -> Void
    ) {
        guard let radii, let oracle = oracle?.magnitudes[own(column)] else { return }
        func share(_ radius: [Double]) -> Double {
            let count = zip(oracle, radius).reduce(0) {
                $0 + ($1.0 <= $1.1 * unexplained ? 1 : 0)
            }
            return Double(count) / Double(M)
        }
        set(.riskBound, share(radii.prior))
        guard isLimit, !radii.power.isEmpty else { return }
        set(.riskBoundRefined, share(radii.power[size]))
        set(.riskBoundTight, share(radii.tail[size]))
    }
}
