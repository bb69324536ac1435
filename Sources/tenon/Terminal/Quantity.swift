extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
    var milliseconds: Int64 { Int64(seconds * 1000) }
    /// Such as "85 ms", "1.2 s" or "3 min 20 s".
    var text: String {
        if seconds < 1 { return "\(milliseconds) ms" }
        if seconds < 60 { return "\((seconds * 10).rounded() / 10) s" }
        return Self.whole(seconds: seconds)
    }

    /// Without fractions: "12 s", "3 min 20 s" or "2 h 5 min".
    static func whole(seconds: Double) -> String {
        // A peer may say anything; more than ten years is not a time anybody waits.
        let seconds = Int64(max(0, min(seconds.isFinite ? seconds : 0, 3e8)).rounded())
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
        return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    }
}

extension Int64 {
    /// With a comma every three digits.
    var grouped: String {
        var text = ""
        for (index, digit) in String(self).reversed().enumerated() {
            if index > 0, index % 3 == 0, digit != "-" { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }

    /// In few characters: "950", "12.3 k", "1.2 M".
    var short: String {
        for (unit, name) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where Double(self) >= unit {
            let value = Double(self) / unit
            return value < 100 ? "\((value * 10).rounded() / 10) \(name)" : "\(Int64(value)) \(name)"
        }
        return String(self)
    }
}
