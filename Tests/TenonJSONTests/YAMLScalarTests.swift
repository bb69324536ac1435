import TenonJSON
import Testing

@Suite struct YAMLScalarTests {
    @Test(arguments: [
        ("", JSON.null), ("~", .null), ("Null", .null), ("true", true), ("FALSE", false), ("12", 12),
        ("-012", -12), ("+5", 5), ("0", 0), ("0x1F", 31), ("0o17", 15), ("0xFFFFFFFFFFFFFFFF", .uint(.max)),
        ("1.50", 1.5), (".5", 0.5), ("-.5e1", -5.0), ("5.", 5), ("1e3", 1000.0), ("1E+2", 100.0),
        ("00.25", 0.25), ("9223372036854775807", .int(.max)),
    ])
    func `scalars of the core schema are values`(text: String, value: JSON) {
        #expect(YAMLScalar.json(text) == value)
    }

    @Test(arguments: [
        "yes", "No", "on", "off", "y", "12:30", "190:20:30.15", "1_000", "0b11", "2026-01-31", "nULL", "tRue",
        ".", "-", "+", "e5", "1e", "1e+", "1.2.3", "0x", "0o8", "0x+1", "-0x1", "+0o7", "--1", "1 ", " 1",
        "<<",
        "=", "é", "٣", ".e1", "1.5x",
    ])
    func `everything else is text`(text: String) {
        #expect(YAMLScalar.json(text) == .string(text))
    }

    @Test(arguments: [".inf", "-.Inf", "+.INF", ".nan", ".NaN", "0x10000000000000000"])
    func `what JSON lacks is no value`(text: String) {
        #expect(YAMLScalar.json(text) == nil)
    }

    @Test func `numbers are exact, however long`() {
        #expect(YAMLScalar.json("-12345678901234567890123")?.text == "-12345678901234567890123")
        #expect(YAMLScalar.json("0.10000000000000000000001")?.text == "0.10000000000000000000001")
        #expect(YAMLScalar.json("+0012345678901234567890123.")?.text == "12345678901234567890123")
    }
}
