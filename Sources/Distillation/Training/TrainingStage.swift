import LinearAlgebra
import Sweep

/// One part of a block's work: the training of its students at finite steps, for some right-hand sides and one
/// sample size at a time.
final class TrainingStage {
    private let training: Training
    private let quantities: Quantities
    private let threads: Threads
    /// K of the first samples that are trained on, the whole matrix.
    private let kernel: Matrix
    /// k(X, x), N x M.
    private let cross: View
    /// ||K_n|| by n.
    private let norms: [Int: Double]
    /// Nil for linearised students.
    private let start: NetworkStart?

    /// O(n^2) for the largest sample size n, and for networks O((N + M) P).
    ///
    /// - Parameters:
    ///   - kernel: Must outlive this value, and keep k(X, x).
    ///   - norms: ||K_n|| by sample size n, of those that are trained on, at least one.
    ///   - network: nil for linearised students.
    init(
        kernel source: borrowing Kernel, norms: [Int: Double], network: NetworkStart?,
        training: Training, quantities: Quantities, threads: Threads
    ) {
        self.training = training
        self.quantities = quantities
        self.threads = threads
        cross = source.cross.view
        start = network
        self.norms = norms
        let n = norms.keys.max() ?? 1
        kernel = Matrix(rows: n, columns: n)
        let view = kernel.view
        for j in 0..<n {
            view.column(j).update(from: source.training.view.column(j), count: j)
            view[j, j] = source.diagonal[j]
        }
        view.mirrorUpperToLower(threads)
    }

    /// The students of the first n samples at each of the ascending stops, a student for each objective.
    ///
    /// - Parameter oracleNorms: |Delta_N| for each objective; empty if there is no oracle or no metric needs it.
    func students(
        samples n: Int, stops: [Int], objectives: [Objective], oracleNorms: [Double]
    ) -> [Solution.Stop] {
        guard let start else {
            return linearised(samples: n, stops, objectives) { run, logits in
                stop(of: run, logits, objectives, oracleNorms: oracleNorms)
            }
        }
        let references =
            quantities.contains(.linearisation)
            ? linearised(samples: n, stops, objectives) { $1 } : []
        return networks(start, samples: n, stops, objectives, references)
    }

    // MARK: Linearised students

    /// What `body` makes of the students at each stop.
    ///
    /// - Parameter body: gets f at the test points too, M for each student; empty if no metric needs them.
    private func linearised<Result>(
        samples n: Int, _ stops: [Int], _ objectives: [Objective],
        _ body: (LinearisedTraining, [Double]) -> Result
    ) -> [Result] {
        let run = LinearisedTraining(
            kernel: kernel.view.leading(n), norm: norms[n]!, objectives: objectives,
            training: training, threads: threads)
        var results: [Result] = []
        run.run(stops: stops) { _ in results.append(body(run, testLogits(run))) }
        return results
    }

    /// f = k_n^T a at the test points. Cost: 2 n M for each student.
    private func testLogits(_ run: LinearisedTraining) -> [Double] {
        guard !quantities.isDisjoint(with: [.decisions, .linearisation]) else { return [] }
        let (n, M, count) = (run.weights.rows, cross.columns, run.weights.columns)
        return [Double](unsafeUninitializedCapacity: M * count) { buffer, initialized in
            let logits = View(buffer.baseAddress!, rows: M, columns: count, stride: M)
            multiply(transposed: cross.top(n), run.weights, into: logits)
            initialized = M * count
        }
    }

    private func stop(
        of run: LinearisedTraining, _ logits: [Double], _ objectives: [Objective],
        oracleNorms: [Double]
    ) -> Solution.Stop {
        let (n, M) = (run.weights.rows, cross.columns)
        var stop = Solution.Stop()
        if quantities.contains(.decisions) { stop.decisions = logits.map(decision) }
        stop.hasDiverged = objectives.indices.map { j in
            objectives[j].hasRisen(run.fit.column(j), count: n)
                || !logits[own: j, of: M].allSatisfy(\.isFinite)
        }
        if quantities.contains(.norms) {
            let norms = objectives.indices.map { run.norm($0) }
            stop.values.append((.weightNorm, norms))
            if !oracleNorms.isEmpty {
                stop.angles = objectives.indices.map { j in
                    oracleAngle(
                        inner: objectives[j].product(run.weights.column(j), count: n),
                        norm: norms[j], oracleNorm: oracleNorms[j])
                }
                stop.unexplained = zip(stop.angles, oracleNorms).map { angle, norm in
                    unexplained(angle, oracleNorm: norm)
                }
            }
        }
        if quantities.contains(.sharpness) { stop.values.append((.sharpness, run.sharpness())) }
        measureFit(of: objectives, samples: n, into: &stop) { UnsafePointer(run.fit.column($0)) }
        return stop
    }

    /// Adds what follows from the students at their own samples.
    private func measureFit(
        of objectives: [Objective], samples n: Int, into stop: inout Solution.Stop,
        _ fit: (_ student: Int) -> UnsafePointer<Double>
    ) {
        if quantities.contains(.residuals) {
            let residuals = objectives.enumerated().map { $1.residual(fit($0), count: n) }
            stop.values.append((.trainResidual, residuals))
        }
        if quantities.contains(.losses) {
            let losses = objectives.enumerated().map { $1.excess(fit($0), count: n) }
            stop.values.append((.excessLoss, losses))
        }
        for j in objectives.indices where !stop.hasDiverged[j] {
            stop.hasDiverged[j] = stop.values.contains { !($0.values[j]?.isFinite ?? true) }
        }
    }

    // MARK: Networks

    /// - Parameter references: f of the linearised students at the test points, by stop; empty if no metric needs
    ///   them.
    private func networks(
        _ start: NetworkStart, samples n: Int, _ stops: [Int], _ objectives: [Objective],
        _ references: [[Double]]
    ) -> [Solution.Stop] {
        let M = cross.columns
        var each = [[Solution.Stop]](repeating: [], count: objectives.count)
        let isSmall = start.layout.isSmall(samples: n)
        let own = isSmall ? Threads(1) : threads
        each.withUnsafeMutableBufferPointer { buffer in
            nonisolated(unsafe) let each = buffer
            // A product that can't keep all threads busy gets one, and as many networks are trained at once.
            if isSmall && threads.count > 1 { setBLASThreads(1) }
            (isSmall ? threads : Threads(1)).forEach(below: objectives.count) {
                [quantities, training, norms, kernel = kernel.view.leading(n)] j in
                let run = NetworkTraining(
                    start, samples: n, norm: norms[n]!, objective: objectives[j],
                    training: training, threads: own)
                let measures = NetworkMeasures(
                    quantities: quantities, samples: n, kernel: kernel, start: start,
                    objective: objectives[j],
                    references: references.map { Array($0[own: j, of: M]) })
                run.run(stops: stops) { each[j].append(measures.stop(of: run, $0, isFinite: $1)) }
            }
            if isSmall && threads.count > 1 { setBLASThreads(threads.count) }
        }
        return stops.indices.map { stop in Solution.Stop(joining: each.map { $0[stop] }) }
    }
}

extension Solution.Stop {
    /// One stop of several students.
    fileprivate init(joining stops: [Solution.Stop]) {
        decisions = stops.flatMap(\.decisions)
        linearised = stops.flatMap(\.linearised)
        hasDiverged = stops.flatMap(\.hasDiverged)
        values = (stops.first?.values ?? []).indices.map { index in
            (stops[0].values[index].metric, stops.flatMap { $0.values[index].values })
        }
    }
}

extension Array {
    /// The elements of one student in a list that has so many for each.
    fileprivate subscript(own student: Int, of count: Int) -> ArraySlice<Element> {
        isEmpty ? [] : self[student * count..<(student + 1) * count]
    }
}
