import Foundation
import TenonLoader
import TenonModel
import TenonTestKit
import Testing

@Suite struct LibraryTests {
    private func code(_ path: String) -> String? {
        do throws(TenonError) {
            _ = try ConnectorLibrary(path: path)
            return nil
        } catch {
            return error.code.rawValue
        }
    }

    @Test func `a connector is inspected without being loaded`() throws {
        let facts = try LibraryInspection(path: Fixtures.library("misbehave"))
        #expect(facts.exportsEntry)
        #expect(facts.exportedSymbols == ["tenon_connector"])
        #expect(facts.architecture == LibraryInspection.hostArchitecture)
    }

    @Test func `a library of another architecture is refused by name`() throws {
        let directory = TemporaryDirectory()
        let path = directory.file("other.so")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: Fixtures.library("misbehave")))
        bytes[18] = 183
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(
            code(path) == (LibraryInspection.hostArchitecture == "aarch64" ? nil : "library.architecture"))
    }

    @Test func `what is no library is refused`() throws {
        let directory = TemporaryDirectory()
        try Data("hello".utf8).write(to: URL(fileURLWithPath: directory.file("x.so")))
        #expect(code(directory.file("x.so")) == "library.format")
        #expect(code(directory.file("none.so")) == "library.missing")
    }

    @Test(arguments: [
        ("broken-abi", "library.abi"), ("broken-null", "library.function"),
        ("broken-symbol", "library.symbol"),
    ])
    func `a broken entry is refused with what is broken`(name: String, expected: String) {
        #expect(code(Fixtures.library(name)) == expected)
    }

    @Test func `a NULL function is named`() {
        do throws(TenonError) {
            _ = try ConnectorLibrary(path: Fixtures.library("broken-null"))
            Issue.record("it was loaded")
        } catch {
            #expect(error.message.contains("is NULL"))
        }
    }

    @Test func `cut and scrambled files are refused and never crash the inspection`() throws {
        let directory = TemporaryDirectory()
        let whole = try Data(contentsOf: URL(fileURLWithPath: Fixtures.library("misbehave")))
        var random = SeededGenerator(seed: 1)
        for turn in 0..<200 {
            var bytes = turn < 100 ? whole.prefix(Int.random(in: 0..<whole.count, using: &random)) : whole
            for _ in 0..<8 where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            let path = directory.file("m.so")
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            _ = try? LibraryInspection(path: path)
        }
    }
}
