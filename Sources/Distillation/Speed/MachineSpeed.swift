import Foundation

/// How fast a machine does each `Operation`, while all its cores are busy.
public struct MachineSpeed: Hashable, Codable, Sendable {
    /// Seconds of one operation, for matrices of some orders.
    struct Rate: Hashable, Codable, Sendable {
        /// Ascending.
        var orders: [Int]
        /// Positive.
        var seconds: [Double]

        /// Whether it is well formed: a decoded one may not be.
        var isWhole: Bool {
            !orders.isEmpty && orders.count == seconds.count
                && zip(orders, orders.dropFirst()).allSatisfy { $0 < $1 }
                && orders[0] >= 0 && seconds.allSatisfy { $0 > 0 && $0 < 1000 }
        }

        static func mean(of rates: [Rate]) -> Rate {
            Rate(
                orders: rates[0].orders,
                seconds: rates[0].seconds.indices.map { index in
                    rates.reduce(0) { $0 + $1.seconds[index] } / Double(rates.count)
                })
        }

        /// Interpolated between two measured orders as a power of the order; beyond them as at the nearest.
        func seconds(order: Int) -> Double {
            guard let above = orders.firstIndex(where: { $0 > order }) else { return seconds.last! }
            guard above > 0 else { return seconds[0] }
            let (low, high) = (Double(orders[above - 1]), Double(orders[above]))
            let share = log(Double(order) / low) / log(high / low)
            return exp(
                (1 - share) * log(seconds[above - 1]) + share * log(seconds[above]))
        }
    }

    private(set) var rates: [Operation: Rate]
    /// How much longer whole blocks take than the sum of their counted operations: a factor in place of
    /// seconds, for all but training, whose steps are measured as they are, by the number of samples in place of an order.
    private(set) var excess: Rate

    init(rates: [Operation: Rate], excess: Rate) {
        self.rates = rates
        self.excess = excess
    }

    /// Seconds that the work takes, by part.
    public func seconds(of work: OperationCounts) -> [Part: Double] {
        let excess = excess.seconds(order: work.samples)
        var seconds: [Part: Double] = [:]
        for item in work.items {
            seconds[item.part, default: 0] +=
                (item.part == .training ? 1 : excess) * item.count
                * self.seconds(of: item.operation, order: item.order)
        }
        return seconds
    }

    private func seconds(of operation: Operation, order: Int) -> Double {
        guard let rate = rates[operation] else {
            preconditionFailure("\(operation.rawValue) was measured")
        }
        return rate.seconds(order: order)
    }

    /// The mean speed of some processes of one machine, at least one.
    public static func mean(of speeds: [MachineSpeed]) -> MachineSpeed {
        guard let first = speeds.first else { preconditionFailure("the mean of nothing") }
        return MachineSpeed(
            rates: Dictionary(
                uniqueKeysWithValues: first.rates.keys.map { operation in
                    (operation, .mean(of: speeds.map { $0.rates[operation]! }))
                }),
            excess: .mean(of: speeds.map(\.excess)))
    }

    // MARK: Decoding

    /// - Throws: `DecodingError`, also if a rate is missing or not well formed.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        rates = try container.decode([Operation: Rate].self, forKey: .rates)
        excess = try container.decode(Rate.self, forKey: .excess)
        let isWhole = Operation.allCases.allSatisfy { rates[$0]?.isWhole ?? false }
        guard isWhole && excess.isWhole else {
            throw DecodingError.dataCorruptedError(
                forKey: .rates, in: container, debugDescription: "a rate is missing or isn't one")
        }
    }
}
