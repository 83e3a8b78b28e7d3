import Sweep

extension Sweep {
    /// An upper bound for a worker's reports, in bytes: for a block's rows, with the reasons of failed ones,
    /// and for a list of all tasks. Longer messages are refused.
    var longestReport: Int {
        let cells = blockCount > 0 ? block(0).places.count : 0
        // The bytes of a number below 2^63, and how often a heartbeat or a hello may name each task.
        let (numberSize, mentions) = (10, 2)
        return (1 << 20) + cells * (8 * metrics.count + 1000)
            + numberSize * mentions * tasks.count
    }
}
