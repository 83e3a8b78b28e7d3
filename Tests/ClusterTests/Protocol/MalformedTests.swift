import Foundation
import Sweep
import Testing

@testable import Cluster

/// What no worker would send is refused, whatever it is.
@Suite struct MalformedTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var change: @Sendable (inout WireResult) -> Void

        init(_ name: String, _ change: @escaping @Sendable (inout WireResult) -> Void) {
            testDescription = name
            self.change = change
        }
    }

    static let faults = [
        Fault("a value too few") { $0.values.removeLast() },
        Fault("a value too many") { $0.values.append(0) },
        Fault("no values") { $0.values = [] },
        Fault("a status too few") { $0.statuses.removeLast() },
        // Of a cell without values, so that nothing else is wrong with it.
        Fault("a status that doesn't exist") { $0.statuses[5] = UInt8(Status.allCases.count) },
        Fault("threads that are none") { $0.threads = 0 },
        Fault("another task") { $0.task = 2 },
        Fault("no task") { $0.task = 6 },
        Fault("a task beyond all integers") { $0.task = .max },
        Fault("no places") { $0.places = [] },
        Fault("other places") { $0.places = [1, 7] },
        Fault("places beyond all integers") { $0.places = [0, 8, .max, 1] },
        Fault("time that runs backwards") { $0.seconds = -1 },
        Fault("time that is no number") { $0.seconds = .nan },
        Fault("an error of a cell that didn't fail") { $0.errors = [.with { $0.position = 1 }] },
        Fault("an undefined value where none may be") { $0.values[1] = .nan },
        Fault("an infinite share") { $0.values[1] = .infinity },
        Fault("a negative share") { $0.values[1] = -0.125 },
        Fault("a value of a singular cell") { $0.values[5] = 0.5 },
        Fault("a failed cell's value") { $0.statuses[1] = 2 },
        Fault("a value of a diverged cell") { $0.statuses[1] = 3 },
        Fault("an error of no cell") { $0.errors = [.with { $0.position = 8 }] },
        Fault("two errors of a cell") {
            $0.statuses[1] = 2
            $0.errors = [.with { $0.position = 1 }, .with { $0.position = 1 }]
        },
    ]

    @Test(arguments: faults) func aMalformedResultIsRefused(fault: Fault) throws {
        var wire = try packedRows(of: blocks[1]).wire
        fault.change(&wire)
        let encoded = bytes(of: WireReport.with { $0.kind = .result(wire) })
        #expect(throws: Malformed.self) { try read(encoded) }
    }

    @Test func everyTruncationIsRefusedOrMeansSomethingElse() throws {
        let encoded = Report.result(try packedRows(of: blocks[1])).encoded()
        for length in 0..<encoded.count {
            #expect(throws: Malformed.self) { try read(Array(encoded.prefix(length))) }
        }
    }

    /// As the coordinator reads a result of block 1.
    private func read(_ encoded: [UInt8]) throws(Malformed) -> [Row] {
        guard case .result(let packed) = try Report(encoded: encoded) else {
            throw Malformed(description: "not a result")
        }
        return try packed.rows(of: blocks[1], metrics: sweep.metrics)
    }
}
