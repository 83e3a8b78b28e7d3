import Cluster
import Distillation
import Foundation
import Host
import LinearAlgebra
import Sweep

/// Solves blocks, and says what was computed wrongly meanwhile.
struct VerifiedSolver: Solving {
    private var solver: BlockSolver
    /// How many mistakes were mended by computing once more.
    private let mended = Count()

    private final class Count { var value = 0 }

    init(sweep: Sweep, threads: Int) { solver = BlockSolver(sweep: sweep, threads: threads) }

    mutating func attach(_ bytes: Data, digest: String) throws {
        try solver.attach(bytes, digest: digest)
    }

    func solve(_ block: Block) throws -> [Row] {
        let result = Result { try solver.solve(block) }
        let mistakes = Verification.takeMistakes()
        if let mistake = mistakes.first(where: \.isFinal) {
            throw Miscalculation(
                reason:
                    "\(words(mistake, in: block)). This machine can't be trusted: its tasks are handed back"
            )
        }
        for mistake in mistakes { say(mistake, in: block) }
        return try result.get()
    }

    /// Says each of the first few, then fewer and fewer of them.
    private func say(_ mistake: Verification.Mistake, in block: Block) {
        mended.value += 1
        let count = mended.value
        guard count <= 3 || count & (count - 1) == 0 else { return }
        let soFar = count > 3 ? " (\(count) such mistakes so far)" : ""
        Console.shared.line(
            "kdsweep worker: warning: \(words(mistake, in: block)); computed again it was right\(soFar)"
        )
    }

    private func words(_ mistake: Verification.Mistake, in block: Block) -> String {
        "\(mistake), at \(block.student), depth \(block.depth), seed \(block.seed) on \(Self.processor)"
    }

    private static let processor = "\(hostName), \(Machine.current.processorType)"
}
