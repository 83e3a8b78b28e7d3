import LinearAlgebra
import Sweep

/// For each right-hand side and sample size n: at how many of the first n training samples the teacher is
/// wrong, and at how many of these the logit that the student is asked for is right. No student is needed
/// for it.
struct Corrections: Sendable {
    /// By sample size, then by right-hand side.
    private(set) var teacherFaults: [[Int]]
    private(set) var corrected: [[Int]]

    /// - Parameters:
    ///   - z: z_eff, a column for each right-hand side.
    ///   - sizes: ascending.
    init(_ z: View, _ columns: [RightHandSide], sizes: [Int], targets: Targets) {
        let none = [Int](repeating: 0, count: columns.count)
        teacherFaults = [[Int]](repeating: none, count: sizes.count)
        corrected = teacherFaults
        for (j, column) in columns.enumerated() {
            let teacher = targets.teacher(noiseLevel: column.teacherNoise).logits
            let asked = z.column(j)
            var (first, faults, right) = (0, 0, 0)
            for (index, n) in sizes.enumerated() {
                for i in first..<n where decision(teacher[i]) != targets.labels[i] {
                    faults += 1
                    if decision(asked[i]) == targets.labels[i] { right += 1 }
                }
                first = n
                teacherFaults[index][j] = faults
                corrected[index][j] = right
            }
        }
    }
}
