import Foundation
import Sweep

import class GRDB.Database

/// Writes the rows of tasks within one transaction.
struct RowWriter {
    /// Ids of the kernels that had no rows before, by block number.
    private(set) var newKernels: [Int: Int] = [:]
    /// The id of the next task to be stored.
    private(set) var nextTask: Int

    private let run: Store.Run
    private let kernels: [Int]
    /// The sweep's metrics.
    private let mask: Int
    /// For each of the sweep's metrics, its parameter in `Schema.insertResult`.
    private let parameters: [Int]
    private let result: Prepared
    private let failure: Prepared
    private let kernel: Prepared
    private let task: Prepared
    /// Nil if no stored row can have metrics that a new result for it lacks.
    private let merger: RowMerger?

    init(run: Store.Run, kernels: [Int], nextTask: Int, in database: Database) throws {
        self.run = run
        self.kernels = kernels
        self.nextTask = nextTask
        mask = Schema.mask(run.sweep.metrics)
        parameters = run.sweep.metrics.map { Schema.keyCount + 4 + Schema.position($0) }
        result = try Prepared(Schema.insertResult, in: database)
        failure = try Prepared(Schema.insertFailure, in: database)
        kernel = try Prepared(Schema.insertKernel, in: database)
        task = try Prepared(Schema.insertTask, in: database)
        let isWhole = mask == Schema.mask(Metric.allCases)
        merger = try isWhole && !run.hasEarlier ? nil : RowMerger(in: database)
    }

    /// Stores a task's rows, and the task itself if any row was new.
    ///
    /// - Returns: how many rows were new.
    mutating func store(_ computed: Computed) throws -> Int {
        var stored = 0
        for row in computed.rows {
            precondition(row.values.count == parameters.count, "a value for each metric")
            let cell = run.sweep.grid[row.cell]
            let kernel = try kernelID(of: row.cell, cell)
            switch row.status {
            case .ok, .singular, .diverged:
                stored += try store(result: row, of: cell, kernel: kernel)
            case .failed: stored += try store(failure: row, of: cell, kernel: kernel)
            }
        }
        guard stored > 0 else { return 0 }
        task.bind(nextTask, at: 1)
        task.bind(run.id, at: 2)
        task.bind(computed.task, at: 3)
        task.bind(computed.host, at: 4)
        task.bind(computed.pid, at: 5)
        task.bind(computed.finishedAt.timeIntervalSince1970, at: 6)
        task.bind(computed.seconds, at: 7)
        task.bind(stored, at: 8)
        task.bind(computed.processorType, at: 9)
        task.bind(computed.blas, at: 10)
        task.bind(computed.threads, at: 11)
        _ = try task.run()
        nextTask += 1
        return stored
    }

    private func store(result row: Row, of cell: Cell, kernel: Int) throws -> Int {
        // A kernel without rows before this transaction has none with other metrics.
        let mask = mask | Schema.idle(cell.model, cell.steps)
        if let merger, kernels[run.positions.block(ofCell: row.cell)] != 0 {
            try merger.prepare(
                for: row.status, mask: mask, key: { bindKey(of: cell, kernel: kernel, to: $0) })
        }
        bindKey(of: cell, kernel: kernel, to: result)
        result.bind(nextTask, at: Schema.keyCount + 1)
        result.bind(Int(row.status.rawValue), at: Schema.keyCount + 2)
        result.bind(mask, at: Schema.keyCount + 3)
        for (parameter, value) in zip(parameters, row.values) { result.bind(value, at: parameter) }
        return try result.run()
    }

    private func store(failure row: Row, of cell: Cell, kernel: Int) throws -> Int {
        bindKey(of: cell, kernel: kernel, to: failure)
        failure.bind(nextTask, at: Schema.keyCount + 1)
        failure.bind(row.error, at: Schema.keyCount + 2)
        failure.bind(mask, at: Schema.keyCount + 3)
        return try failure.run()
    }

    private func bindKey(of cell: Cell, kernel: Int, to statement: Prepared) {
        statement.bind(kernel, at: 1)
        for (index, axis) in Schema.rowAxes.enumerated() {
            statement.bind(axis, of: cell, at: 2 + index)
        }
    }

    private mutating func kernelID(of number: Int, _ cell: Cell) throws -> Int {
        let block = run.positions.block(ofCell: number)
        if kernels[block] != 0 { return kernels[block] }
        if let id = newKernels[block] { return id }
        kernel.bind(run.context, at: 1)
        for (index, axis) in Schema.kernelAxes.enumerated() {
            kernel.bind(axis, of: cell, at: 2 + index)
        }
        _ = try kernel.run()
        newKernels[block] = kernel.lastInsertedID
        return kernel.lastInsertedID
    }
}

/// Notes which task a row's older metrics come from, when the row is about to get others from a new task.
private struct RowMerger {
    private let present: Prepared
    private let insert: Prepared
    private let reduce: Prepared
    private let remove: Prepared

    init(in database: Database) throws {
        present = try Prepared(Schema.selectPresent, in: database)
        insert = try Prepared(Schema.insertEarlier, in: database)
        reduce = try Prepared(Schema.reduceEarlier, in: database)
        remove = try Prepared(Schema.removeSpentEarlier, in: database)
    }

    /// - Parameters:
    ///   - status, mask: the new result's status, and which metrics it has.
    ///   - key: binds the row's key to a statement.
    func prepare(for status: Status, mask: Int, key: (Prepared) -> Void) throws {
        key(present)
        guard try present.step() else { return }
        defer { present.reset() }
        let (task, metrics) = (present.int(0), present.int(2))
        // A failed row has no metrics to keep, and a result without new metrics isn't stored.
        guard present.int(1) != Int(Status.failed.rawValue), mask & ~metrics != 0 else { return }
        let isMerged = present.int(1) == Int(status.rawValue)
        let staying = isMerged ? metrics & ~mask & ~present.int(3) : 0
        if staying != 0 {
            key(insert)
            insert.bind(task, at: Schema.keyCount + 1)
            insert.bind(staying, at: Schema.keyCount + 2)
            _ = try insert.run()
        }
        guard present.int(3) != 0 else { return }
        key(reduce)
        reduce.bind(isMerged ? mask : -1, at: Schema.keyCount + 1)
        _ = try reduce.run()
        key(remove)
        _ = try remove.run()
    }
}
