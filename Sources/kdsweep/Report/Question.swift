import Dashboard
import Sweep

/// A sweep in words: what is learned, from whom, by which students, and over which grid.
struct Question {
    let sweep: Sweep

    private var settings: Settings { sweep.settings }
    private var grid: Grid { sweep.grid }

    var facts: [ReportPage.Fact] {
        [.init("Task", task), .init("Teacher", teacher), .init("Students", students)]
            + training
            + [
                .init("Labels", labels), .init("Errors", errors),
                .init("Measured", metrics), .init("Seeds", seeds),
            ]
    }

    private var task: String {
        switch settings.learningTask {
        case .gaussianMixture(let mixture):
            "two classes in \(counted(mixture.dimension, "dimension")): \(mixture.components) Gaussian "
                + "components of standard deviation \(mixture.spread) around random centres of norm "
                + "\(mixture.separation), alternately of either class; \(mixture.labels.rawValue) labels"
        case .table(let table):
            "two classes of a table: " + (table.rows.map { "\(counted($0, "row")) of " } ?? "")
                + "\(counted(table.features.count, "feature")), SHA-256 \(table.digest)"
        }
    }

    private var teacher: String {
        let isTable = sweep.table != nil
        let logits = isTable ? "the table's logits" : "the true logits"
        guard grid.teacherNoise.contains(where: { $0 != 0 }) else { return logits }
        return "\(logits), with \(settings.teacherNoise.words) of level η"
    }

    private var students: String {
        let student = settings.student
        let kinds = grid.model.map { model in
            switch model {
            case .linearised: "linearised at their random weights (the neural tangent kernel)"
            case .network: "trained as they are"
            }
        }
        return "fully connected \(student.activation.rawValue) networks of weight scale "
            + "\(rounded(student.weightScale)) and bias scale \(student.biasScale), "
            + kinds.joined(separator: ", and the same ")
    }

    private var training: [ReportPage.Fact] {
        let finite = grid.steps.filter { $0 != .infinite }
        guard !finite.isEmpty else { return [.init("Training", "to its limit")] }
        let training = settings.training
        let limit = finite.count < grid.steps.count ? "; linearised students to the limit too" : ""
        return [
            .init(
                "Training",
                "full-batch gradient descent, momentum \(training.momentum), learning rate "
                    + "\(training.learningRate) of the largest stable one\(limit)")
        ]
    }

    private var labels: String {
        let scaling =
            settings.temperatureScaling == .squared
            ? "; the soft term of the loss is times T²" : ""
        return "ρ times the teacher's soft label and 1 − ρ times the hard one, taken as "
            + "\(settings.hardLabelSmoothing) or \(1 - settings.hardLabelSmoothing)\(scaling)"
    }

    private var errors: String {
        "shares of \(counted(settings.testSamples, "test point")); the oracle has seen "
            + "\(counted(settings.oracleSamples, "sample"))"
    }

    private var metrics: String {
        sweep.metrics == Metric.allCases
            ? "all \(sweep.metrics.count) metrics"
            : sweep.metrics.map(\.rawValue).joined(separator: ", ")
    }

    private var seeds: String {
        if let precision = Understanding(sweep, repeatedRows: 0).precision { return precision }
        return
            "\(counted(grid.seed.count, "seed")); all cells of one share samples, noise and initial weights"
    }

    /// An axis a row.
    var table: ReportPage.Table {
        ReportPage.Table(
            "The grid: \(counted(grid.cellCount, "cell"))",
            columns: [.init("Axis", isNumber: false), .init("Values", isNumber: false)],
            rows: Axis.allCases.filter { $0 != .seed }.map { axis in
                let values = grid[axis].all.map(\.description).joined(separator: ", ")
                let count = grid[axis].count
                return [
                    "\(axis.words) \(axis.symbol)",
                    count > 4 ? "\(values) (\(count) values)" : values,
                ]
            })
    }

    private func rounded(_ value: Double) -> String {
        "\((value * 1e4).rounded() / 1e4)"
    }
}
