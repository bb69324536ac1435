import Foundation
import TenonJSON

/// One measured figure beside its floor or peer, printed as a JSON line.
struct Figure {
    var name: String
    var value: Double
    var unit: String
    /// What it is held against, measured in the same run: its name and value in the same unit.
    var beside: (name: String, value: Double)?
    /// The goal as a sentence, and whether it was reached; nil where there is none.
    var goal: (text: String, isReached: Bool)?
    var notes: [String: JSON] = [:]

    func print() {
        var line: JSONObject = [
            "figure": .string(name), "value": .double(rounded(value)), "unit": .string(unit),
        ]
        if let beside {
            line["beside"] = .string(beside.name)
            line["besideValue"] = .double(rounded(beside.value))
            line["ratio"] = .double(rounded(beside.value == 0 ? 0 : value / beside.value))
        }
        if let goal {
            line["goal"] = .string(goal.text)
            line["reached"] = .bool(goal.isReached)
        }
        for (key, note) in notes.sorted(by: { $0.key < $1.key }) { line[key] = note }
        FileHandle.standardOutput.write(Data((JSON.object(line).text + "\n").utf8))
    }

    /// Four significant digits.
    private func rounded(_ number: Double) -> Double {
        guard number != 0, number.isFinite else { return 0 }
        var scale = 1.0
        while number.magnitude * scale < 1000 { scale *= 10 }
        return (number * scale).rounded() / scale
    }
}

func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
}
