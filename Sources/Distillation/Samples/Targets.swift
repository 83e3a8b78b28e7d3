import LinearAlgebra
import Sweep

/// What the students of a block are asked for, and what they are compared with, for one seed: z_t, z_eff,
/// y_g.
struct Targets: Sendable {
    let training: Int
    /// y_g of the training samples, then of the test samples.
    let labels: [Decision]
    /// The teacher at each distinct noise level.
    private let teachers: [Double: TeacherView]
    private let smoothing: Double
    private let scaling: TemperatureScaling
    private let threads: Threads

    /// The teacher at one noise level.
    struct TeacherView: Sendable {
        /// z_t of the training samples, then of the test samples.
        let logits: [Double]
        /// The teacher's decisions at the test samples.
        let testDecisions: [Decision]
        /// How many of these decisions are wrong.
        let testFaultCount: Int
    }

    init(
        samples: borrowing Samples, teacher: Teacher, noiseLevels: [Double], smoothing: Double,
        scaling: TemperatureScaling, threads: Threads
    ) throws(SolveError) {
        training = samples.training
        labels = samples.labels
        self.smoothing = smoothing
        self.scaling = scaling
        self.threads = threads
        var teachers: [Double: TeacherView] = [:]
        for level in noiseLevels {
            let logits = teacher.logits(noiseLevel: level)
            guard logits.allSatisfy({ $0.isFinite }) else {
                throw SolveError("the teacher's logits overflow at teacher noise \(level)")
            }
            let decisions = logits[training...].map(decision)
            teachers[level] = TeacherView(
                logits: logits, testDecisions: decisions,
                testFaultCount: zip(decisions, labels[training...]).count { $0 != $1 })
        }
        self.teachers = teachers
    }

    /// y_g of the test samples.
    var testLabels: ArraySlice<Decision> { labels[training...] }

    func teacher(noiseLevel: Double) -> TeacherView {
        guard let teacher = teachers[noiseLevel] else {
            preconditionFailure("no teacher was prepared for noise level \(noiseLevel)")
        }
        return teacher
    }

    func loss(_ side: RightHandSide) -> DistillationLoss {
        DistillationLoss(side, scaling: scaling, smoothing: smoothing)
    }

    /// z_eff of the training samples, a column for each right-hand side.
    func effectiveLogits(_ columns: [RightHandSide]) -> Matrix {
        let matrix = Matrix(rows: training, columns: columns.count)
        let z = matrix.view
        threads.forEach(below: columns.count) { j in
            let column = columns[j]
            let logit = EffectiveLogit(
                softRatio: column.softRatio, temperature: column.temperature, scaling: scaling,
                smoothing: smoothing)
            let teacher = teacher(noiseLevel: column.teacherNoise).logits
            logit.fill(z.column(j), teacher: teacher, labels: labels, count: z.rows)
        }
        return matrix
    }
}
