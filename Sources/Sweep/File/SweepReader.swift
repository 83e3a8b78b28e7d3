import Foundation

/// Reads the sections of one sweep file into a sweep.
struct SweepReader {
    let file: URL
    /// Whether the text came from a pipe or a terminal.
    let isStream: Bool
    let faults: FaultList
    let top: Section
    let table = TableFound()

    /// The table that was read.
    final class TableFound {
        /// The table's name in messages.
        var name: String?
        var data: Data?
        var rows: Table?
    }

    init?(_ text: String, file: URL, isStream: Bool, faults: FaultList) {
        guard let document = Document(text, faults: faults) else { return nil }
        let entry = Entry(key: "", line: nil, node: document.root, document: document)
        guard let top = Section(entry, keys: SweepKeys.top) else { return nil }
        self.file = file
        self.isStream = isStream
        self.faults = faults
        self.top = top
    }

    /// The sweep; nil if there are faults. Every section is read even if others are wrong, so that all faults
    /// are found at once.
    func sweep() -> Sweep? {
        let name = name()
        let samples = samples()
        let task = learningTask(samples: samples)
        let student = student()
        let training = training()
        let noise = teacherNoise()
        let smoothing = real("hard_label_smoothing", in: .belowHalf, default: 0.001)
        let scaling = temperatureScaling()
        let metrics = metrics()
        let grid = grid(noise: noise, oracleSamples: samples.oracle, metrics: metrics)
        guard let name, let task, let student, let training, let noise, let smoothing,
            let scaling, let oracleSamples = samples.oracle, let testSamples = samples.test,
            let grid,
            let metrics
        else { return nil }
        let settings = Settings(
            learningTask: task, student: student, teacherNoise: noise,
            hardLabelSmoothing: smoothing, temperatureScaling: scaling, training: training,
            oracleSamples: oracleSamples, testSamples: testSamples)
        return Sweep(
            name: name, settings: settings, grid: grid.grid, metrics: metrics,
            precision: grid.precision)
    }

    private func name() -> String? {
        let wanted = "a letter or digit, then letters, digits, `.`, `_` and `-`"
        guard let entry = top["name"] else {
            if isStream {
                top.refuse(
                    "name", "this sweep is read from a pipe, which has no name for the results",
                    "give a name: \(wanted)")
                return nil
            }
            let name = file.deletingPathExtension().lastPathComponent
            if isName(name) { return name }
            top.refuse(
                "name", "the file's name, \(shown(name)), can't name the results",
                "give a name: \(wanted)")
            return nil
        }
        guard let name = entry.text("a name: \(wanted)") else { return nil }
        guard isName(name) else {
            entry.refuse("\(shown(name)) can't name the results", "give \(wanted)")
            return nil
        }
        return name
    }

    private func isName(_ name: String) -> Bool {
        name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._\-]*/) != nil
    }

    private func samples() -> (oracle: Int?, test: Int?) {
        func read(_ key: String) -> Int? {
            top.required(key, IntegerBounds.size.wanted)?.integer(in: .size)
        }
        return (read("oracle_samples"), read("test_samples"))
    }

    private func student() -> Student? {
        let fallback = Student.standard
        guard let entry = top["student"] else { return fallback }
        guard let section = Section(entry, keys: SweepKeys.student) else { return nil }
        let activation =
            section["activation"].map { $0.choice(of: Activation.self) } ?? fallback.activation
        let weightScale =
            section["weight_scale"].map { $0.real(in: .positive) } ?? activation?.defaultWeightScale
        let biasScale =
            section["bias_scale"].map { $0.real(in: .notNegative) } ?? fallback.biasScale
        guard let activation, let weightScale, let biasScale else { return nil }
        return Student(activation: activation, weightScale: weightScale, biasScale: biasScale)
    }

    private func training() -> Training? {
        guard let entry = top["training"] else { return .standard }
        guard let section = Section(entry, keys: SweepKeys.training) else { return nil }
        let fallback = Training.standard
        let rate =
            section["learning_rate"].map { $0.real(in: .positive) } ?? fallback.learningRate
        let momentum = section["momentum"].map { $0.real(in: .belowOne) } ?? fallback.momentum
        guard let rate, let momentum else { return nil }
        return Training(learningRate: rate, momentum: momentum)
    }

    private func teacherNoise() -> NoiseModel? {
        guard let entry = top["teacher"] else { return .smooth(lengthscale: 1) }
        guard let section = Section(entry, keys: SweepKeys.teacher) else { return nil }
        let name = section["noise"].map { $0.choice(of: NoiseModel.Name.self) } ?? .smooth
        if let name, name != .smooth, let lengthscale = section["lengthscale"] {
            lengthscale.refuse(
                "\(name) noise has no lengthscale", "remove it, or choose noise: smooth")
        }
        switch name {
        case .smooth:
            let lengthscale = section["lengthscale"].map { $0.real(in: .positive) } ?? 1
            return lengthscale.map(NoiseModel.smooth)
        case .gaussian: return .gaussian
        case .flip: return .flip
        case nil: return nil
        }
    }

    private func temperatureScaling() -> TemperatureScaling? {
        guard let entry = top["temperature_scaling"] else { return TemperatureScaling.none }
        return entry.choice(of: TemperatureScaling.self)
    }

    private func real(_ key: String, in bounds: RealBounds, default value: Double) -> Double? {
        guard let entry = top[key] else { return value }
        return entry.real(in: bounds)
    }

    private func metrics() -> [Metric]? {
        guard let entry = top["metrics"] else { return Metric.allCases }
        let wanted = "give the word all or a list of metrics, as [student_error, transfer_risk]"
        switch entry.content {
        case .text("all"), .quoted("all"): return Metric.allCases
        case .list: break
        case .nothing, .number, .text, .quoted, .otherScalar, .mapping, .tagged:
            entry.refuse(entry.content.problem, wanted)
            return nil
        }
        guard let chosen = entry.distinct(\.metric) else { return nil }
        return Metric.allCases.filter(chosen.contains)
    }
}

extension Entry {
    fileprivate var metric: Metric? {
        guard let name = text("a metric's name") else { return nil }
        if let metric = Metric(rawValue: name) { return metric }
        let names = Metric.allCases.map(\.rawValue)
        let remedy =
            name == "all"
            ? "write metrics: all, without the list"
            : nearestName(to: name, among: names).map { "did you mean \($0)?" }
                ?? "the metrics are \(listed(names, "and"))"
        refuse("there is no metric \(shown(name))", remedy)
        return nil
    }
}
