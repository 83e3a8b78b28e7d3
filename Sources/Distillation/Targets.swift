import LinearAlgebra
import Sweep

/// What the students of a block are asked for and held against, for one seed: z_t, z_eff, y_g.
struct Targets: Sendable {
    let training: Int
    let test: Int
    /// y_g of the training samples, then of the test samples.
    let labels: [Bool]
    /// y_g of the test samples, as 0 or 1.
    let testLabels: [UInt8]
    /// The teacher at each distinct noise level.
    private let teachers: [Double: TeacherView]
    private let smoothing: Double
    private let threads: Threads

    /// The teacher at one noise level.
    struct TeacherView: Sendable {
        /// z_t of the training samples, then of the test samples.
        let logits: [Double]
        /// [z_t > 0] of the test samples.
        let testSigns: [UInt8]
        /// [teacher wrong] of the test samples, and how many.
        let testFaults: [UInt8]
        let testFaultCount: Int
    }

    init(
        samples: borrowing Samples, teacher: Teacher, noiseLevels: [Double], smoothing: Double,
        threads: Threads
    ) throws(SolveError) {
        training = samples.training
        test = samples.test
        labels = samples.labels
        let testLabels: [UInt8] = samples.labels[samples.training...].map { $0 ? 1 : 0 }
        self.testLabels = testLabels
        self.smoothing = smoothing
        self.threads = threads
        var teachers: [Double: TeacherView] = [:]
        for level in noiseLevels {
            let logits = teacher.logits(noiseLevel: level)
            guard logits.allSatisfy({ $0.isFinite }) else {
                throw SolveError("the teacher's logits overflow at teacher noise \(level)")
            }
            let signs: [UInt8] = logits[training...].map { $0 > 0 ? 1 : 0 }
            let faults = zip(signs, testLabels).map { $0 ^ $1 }
            teachers[level] = TeacherView(
                logits: logits, testSigns: signs, testFaults: faults,
                testFaultCount: faults.reduce(0) { $0 + Int($1) })
        }
        self.teachers = teachers
    }

    func teacher(noiseLevel: Double) -> TeacherView {
        guard let teacher = teachers[noiseLevel] else {
            preconditionFailure("no teacher was prepared for noise level \(noiseLevel)")
        }
        return teacher
    }

    /// Writes z_eff of the first rows' samples, a column a right-hand side.
    func fillEffectiveLogits(_ columns: [RightHandSide], into z: View) {
        threads.forEach(below: columns.count) { j in
            let column = columns[j]
            let logit = EffectiveLogit(
                softRatio: column.softRatio, temperature: column.temperature, smoothing: smoothing)
            let teacher = teacher(noiseLevel: column.teacherNoise).logits
            logit.fill(z.column(j), teacher: teacher, labels: labels, count: z.rows)
        }
    }
}
