import Sweep

extension Sweep {
    /// No report of a worker is longer, in bytes: neither a block's rows, the reasons of failed
    /// ones among them, nor a list of all tasks.
    var longestReport: Int {
        let cells = blockCount > 0 ? block(0).places.count : 0
        // Of a number below 2^63, and as often as a heartbeat or a hello may name each task.
        let (numberSize, mentions) = (10, 2)
        return (1 << 20) + cells * (8 * metrics.count + 1000)
            + numberSize * mentions * tasks.count
    }
}
