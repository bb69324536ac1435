import Foundation
import TenonJSON
import Testing

struct JSONParsingConformanceTests {
    private static var folder: URL {
        URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../shared/conformance/json-parsing").standardizedFileURL
    }

    @Test func `every y and n case of the JSON parsing test suite is decided right`() throws {
        guard let data = FileManager.default.contents(atPath: Self.folder.appending(path: "cases.json").path)
        else {
            print("skipped: no conformance data at ../shared/conformance/json-parsing")
            return
        }
        let cases = try #require(try JSONParser.parse(Array(data)).array)
        var decided = 0
        for entry in cases {
            let name = try #require(entry["name"]?.string)
            let bytes = try #require(entry["base64"]?.string.flatMap { Data(base64Encoded: $0) })
            let isAccepted = (try? JSONParser.parse(Array(bytes), duplicateKeys: .lastWins)) != nil
            switch entry["class"]?.string {
            case "y": #expect(isAccepted, "\(name)")
            case "n": #expect(!isAccepted, "\(name)")
            default: continue  // "i" may go either way; it had to return.
            }
            decided += 1
        }
        print("JSON parsing: \(decided) y and n cases of \(cases.count)")
        #expect(decided >= 170)
    }
}
