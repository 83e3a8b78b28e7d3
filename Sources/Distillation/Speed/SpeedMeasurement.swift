import CElementwise
import Foundation
import LinearAlgebra
import Sweep

extension MachineSpeed {
    /// Measures this process, with the same functions by which blocks are solved. Takes some two seconds.
    ///
    /// - Parameter threads: as in `BlockSolver`.
    public static func measured(threads: Int) throws -> MachineSpeed {
        setBLASThreads(threads)
        var measurement = SpeedMeasurement(threads: Threads(threads))
        for _ in 0..<SpeedMeasurement.rounds {
            measurement.rates = [:]
            measurement.products()
            for order in SpeedMeasurement.orders { measurement.solves(order: order) }
            measurement.training()
            measurement.kernels()
            try measurement.elements()
            try measurement.blocks()
            try measurement.wholes()
        }
        return MachineSpeed(rates: measurement.rates, excess: measurement.excess)
    }
}

/// Measures the rates, in several rounds.
struct SpeedMeasurement {
    let threads: Threads
    var rates: [Operation: MachineSpeed.Rate] = [:]
    var excess = MachineSpeed.Rate(orders: [], seconds: [])
    /// By name: the shortest time of a call, and the sum of all times and their number.
    private var best: [String: Double] = [:]
    private var sums: [String: (seconds: Double, calls: Double)] = [:]

    static let rounds = 4
    static let orders = [64, 256, 1024, 2048]
    /// How many seconds a call is repeated for in each round.
    private static let patience = 6e-3

    init(threads: Threads) { self.threads = threads }

    /// Seconds that an operation is taken to cost if its measured time is less, or even negative: some times
    /// are differences of two.
    private static let least = 1e-13

    mutating func note(_ operation: Operation, order: Int = 0, _ seconds: Double) {
        let seconds = max(seconds, Self.least)
        rates[operation, default: .init(orders: [], seconds: [])].orders.append(order)
        rates[operation]!.seconds.append(seconds)
    }

    /// The shortest time of a call in all rounds so far, in seconds. The call is repeated for some
    /// milliseconds in each round: other work on the machine lengthens some of the calls, but hardly all.
    ///
    /// - Parameter name: identifies the call in later rounds.
    mutating func time(_ name: String, _ body: () throws -> Void) rethrows -> Double {
        let start = now
        var shortest = best[name] ?? .infinity
        var calls = 0
        repeat {
            let before = now
            try body()
            shortest = min(shortest, now - before)
            calls += 1
        } while calls < 2 || now - start < Self.patience
        best[name] = shortest
        return shortest
    }

    /// The mean time of a call in all rounds so far, in seconds; it is made once in each round.
    mutating func typicalTime(
        _ name: String, _ body: () throws -> Void
    ) rethrows -> Double {
        let start = now
        try body()
        let (sum, calls) = sums[name] ?? (0, 0)
        sums[name] = (sum + now - start, calls + 1)
        return sums[name]!.seconds / sums[name]!.calls
    }

    /// Seconds. With one thread this is its processor time, which doesn't pass while other programs have the
    /// processor.
    private var now: Double {
        var time = timespec()
        clock_gettime(threads.count == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }

    // MARK: Matrices

    /// Measures c = a^T b with a short and with a long sum for each element of c, and V^T y with few columns.
    mutating func products() {
        let (rows, columns, inner) = (1024, 512, 512)
        let a = filled(rows: inner, columns: rows)
        let b = filled(rows: inner, columns: columns)
        let c = Matrix(rows: rows, columns: columns)
        func product(inner: Int, columns: Int) -> Double {
            time("product \(inner) \(columns)") {
                multiply(
                    transposed: a.view.top(inner), b.view[0..<inner, 0..<columns],
                    into: c.view[columns: 0..<columns])
            }
        }
        let (few, many) = (
            product(inner: 8, columns: columns), product(inner: inner, columns: columns)
        )
        let outputs = Double(rows * columns)
        let flop = (many - few) / (2 * outputs * Double(inner - 8))
        note(.product, flop)
        note(.productOutput, few / outputs - 16 * flop)
        let thin = product(inner: inner, columns: 8)
        note(.productPass, thin / Double(rows * inner) - 16 * flop)
        let read = filled(rows: 4096, columns: 512)
        note(
            .stream,
            time("stream") {
                for j in 0..<512 { _ = dot(read.view.column(j), read.view.column(j), count: 4096) }
            }
                / Double(4096 * 512))
    }

    /// Measures what is done with a kernel's matrix, on a matrix near the unit matrix, so that nothing
    /// overflows.
    mutating func solves(order n: Int) {
        let matrix = Matrix.zeros(rows: n, columns: n)
        matrix.view.fill(1e-3 / Double(n))
        let ones = [Double](repeating: 1, count: n)
        var factor: Cholesky?
        let threads = threads
        let factoring = time("factor \(n)") {
            factor = Cholesky(
                factoringUpper: matrix.view, diagonal: ones, tolerance: 0, threads: threads)
        }
        guard let factor else { preconditionFailure("it was factored") }
        let square = Double(n * n)
        note(.factor, order: n, factoring / (square * Double(n) / 3))
        let b = filled(rows: n, columns: NestedStudents.width)
        let c = Matrix(rows: n, columns: NestedStudents.width)
        let (few, many) = (8, NestedStudents.width)
        func perFlop(
            _ name: String, flops: Double, _ body: (View) -> Void
        ) -> (flop: Double, pass: Double) {
            let short = time("\(name) \(n) few") { body(b.view[columns: 0..<few]) }
            let long = time("\(name) \(n) many") { body(b.view) }
            let flop = max(0, long - short) / (flops * square * Double(many - few))
            // Never nearly 0: between two orders it is interpolated in its logarithm.
            let pass = max(short / square - flops * flop * Double(few), 0.1 * short / square)
            return (flop, pass)
        }
        let solve = perFlop("solve", flops: 1) { factor.solveLower($0) }
        note(.solve, order: n, solve.flop)
        note(.solvePass, order: n, solve.pass)
        let symmetric = perFlop("symmetric", flops: 2) {
            multiply(upperOf: matrix.view, $0, into: c.view[columns: 0..<$0.columns])
        }
        note(.symmetric, order: n, symmetric.flop)
        note(.symmetricPass, order: n, symmetric.pass)
        let step = perFlop("step", flops: 2) {
            multiply(matrix.view, $0, into: c.view[columns: 0..<$0.columns])
        }
        note(.step, order: n, step.flop)
        note(.stepPass, order: n, step.pass)
        note(
            .condition, order: n,
            time("condition \(n)") { _ = factor.condition(order: n, norm: 1) } / square)
    }

    // MARK: Kernels

    mutating func kernels() {
        let (N, M, d) = (768, 256, 8)
        let threads = threads
        let inputs = filled(rows: d, columns: N + M)
        let training = Matrix(rows: N, columns: N)
        let cross = Matrix(rows: N, columns: M)
        let target = Kernel.Target(training: training.view, cross: cross.view, threads: threads)
        let pairs = Double(N * (N + 1) / 2 + N * M)
        func infinite(_ activation: Activation, depth: Int) -> Double {
            let kernel = InfiniteKernel(student: student(activation), depth: depth)
            return time("\(activation) \(depth)") { _ = kernel.fill(target, inputs: inputs.view) }
        }
        for (activation, layer) in [(Activation.relu, Operation.reluLayer), (.erf, .erfLayer)] {
            let (shallow, deep) = (
                infinite(activation, depth: 1), infinite(activation, depth: 4)
            )
            let each = (deep - shallow) / (3 * pairs)
            note(layer, each)
            if activation == .relu {
                note(.infinitePair, shallow / pairs - each - product * 2 * Double(d))
            }
        }
        func finite(depth: Int) -> Double {
            let network = FiniteNetwork(
                student: student(.relu), width: 8, depth: depth, seed: 1)
            return time("finite \(depth)") {
                _ = network.fillTangentKernel(target, inputs: inputs.view)
            }
        }
        let each = (finite(depth: 5) - finite(depth: 1)) / (4 * pairs)
        note(.finiteLayer, each - product * 4 * 8)
    }

    private var product: Double { rates[.product]!.seconds[0] }

    func student(_ activation: Activation) -> Student {
        Student(activation: activation, weightScale: activation.defaultWeightScale, biasScale: 0.1)
    }

    // MARK: Elements

    mutating func elements() throws {
        let count = 1 << 15
        let values = filled(rows: count, columns: 2)
        let (x, y) = (values.view.column(0), values.view.column(1))
        let width = threads.count
        let perElement = Double(count * width)
        note(
            .normal,
            time("normal") {
                Stream(seed: 1, .trainingNoise).fillNormals(from: 0, count: count, into: y)
            }
                / perElement)
        note(
            .reluUnit,
            time("relu") { for i in 0..<count { y[i] = max(x[i], 0) } } / perElement)
        note(.erfUnit, time("erf") { elementwise_erf(x, y, count) } / perElement)
        let labels = (0..<count).map { Decision($0 % 3 == 0 ? 1 : 0) }
        func logit(temperature: Double, count: Int) -> Double {
            let logit = EffectiveLogit(softRatio: 0.4, temperature: temperature, smoothing: 0.001)
            return time("logit \(temperature)") {
                logit.fill(y, teacher: x, labels: labels, count: count)
            }
                / Double(count) / Double(width)
        }
        note(.closedLogit, logit(temperature: 1, count: count))
        note(.rootLogit, logit(temperature: 2, count: 1024))
        let threads = threads
        let inputs = filled(rows: 4, columns: 1024)
        let noise = SmoothNoise(dimension: 4, lengthscale: 2, seed: 1)
        note(
            .wave,
            time("wave") { _ = noise.values(at: inputs.view, threads: threads) }
                / Double(512 * 1024)
                - product * 8)
        let settings = Self.sweep(samples: 1024, testSamples: 1, softRatios: 1).settings
        let terms = 1025.0 * 8 * (4 + OperationCounts.exponential)
        note(
            .scalar,
            try time("scalar") {
                _ = try Samples(settings: settings, table: nil, seed: 1).count
            } / terms)
    }

    /// Numbers between -1 and 1.
    func filled(rows: Int, columns: Int) -> Matrix {
        let matrix = Matrix(rows: rows, columns: columns)
        for j in 0..<columns {
            for i in 0..<rows { matrix[i, j] = sin(Double(1 + i + 7 * j)) }
        }
        return matrix
    }
}
