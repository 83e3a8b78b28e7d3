import Sweep

extension OperationCounts {
    mutating func countTraining(
        _ shape: BlockShape, _ share: Plan.Share, _ block: Block, _ quantities: Quantities
    ) {
    }
}
