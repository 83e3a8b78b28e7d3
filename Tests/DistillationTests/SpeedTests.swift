import Foundation
import Sweep
import Testing

@testable import Distillation

@Suite struct SpeedTests {
    @Test("A rate between two orders is a power of the order, and beyond them constant")
    func interpolation() {
        let rate = MachineSpeed.Rate(orders: [100, 400], seconds: [4e-10, 1e-10])
        #expect(rate.seconds(order: 10) == 4e-10 && rate.seconds(order: 1000) == 1e-10)
        #expect(abs(rate.seconds(order: 200) / 2e-10 - 1) < 1e-12)
        let constant = MachineSpeed.Rate(orders: [0], seconds: [2])
        #expect(constant.seconds(order: 0) == 2 && constant.seconds(order: 7) == 2)
    }

    @Test(
        "A measurement has every rate, and reads back as it was written; anything else is refused")
    func encoding() throws {
        let speed = try MachineSpeed.measured(threads: 1)
        let data = try JSONEncoder().encode(speed)
        #expect(try JSONDecoder().decode(MachineSpeed.self, from: data) == speed)
        let text = String(decoding: data, as: UTF8.self)
        for damaged in [
            text.replacing("\"factor\"", with: "\"factory\""),
            text.replacing(/"seconds":\[[^\]]*\]/, with: "\"seconds\":[]"),
            text.replacing(/"seconds":\[/, with: "\"seconds\":[-"), "{}",
        ] {
            #expect(throws: DecodingError.self, "\(damaged)") {
                try JSONDecoder().decode(MachineSpeed.self, from: Data(damaged.utf8))
            }
        }
    }

    @Test(
        "The operations of a large block are those of the cost model, whose terms are coarser",
        arguments: [Width.finite(1024), .infinite])
    func flops(width: Width) {
        let sweep = smallSweep(
            oracle: 4096, test: 2048, width: width, sizes: [64, 512, 4096],
            softRatios: (0..<100).map { Double($0) / 99 }, depth: 3)
        let block = sweep.block(0)
        let ratio = OperationCounts(of: block, in: sweep).flops / sweep.cost(of: block).flops
        #expect(abs(ratio - 1) < 0.05, "\(ratio)")
    }

    @Test("Less is to be done for fewer cells and metrics; no part is negative")
    func monotony() throws {
        let speed = MachineSpeed(
            rates: Dictionary(
                uniqueKeysWithValues: Operation.allCases.map {
                    ($0, .init(orders: [0], seconds: [1e-9]))
                }),
            excess: .init(orders: [0], seconds: [1]))
        func seconds(_ block: Block, _ sweep: Sweep) -> Double {
            let parts = speed.seconds(of: OperationCounts(of: block, in: sweep))
            #expect(parts.values.allSatisfy { $0 > 0 }, "\(parts)")
            return parts.values.reduce(0, +)
        }
        var sweep = smallSweep(temperatures: [1, 2], ridges: [0, 0.1])
        sweep.grid.width = [.finite(3), .finite(50), .infinite]
        for number in 0..<sweep.blockCount {
            let block = sweep.block(number)
            let whole = seconds(block, sweep)
            let half = try #require(block.narrowed { $0 % 2 == 0 })
            #expect(seconds(half, sweep) <= whole)
            var single = sweep
            single.metrics = [.teacherError]
            #expect(seconds(block, single) < whole)
        }
    }
}
