internal import Foundation
package import TenonModel

/// The token of the administrator, a file beside the database that only its owner may read.
package enum AdminToken {
    package static let fileName = "admin.token"

    /// The token of the data directory; the first start makes one.
    package static func load(dataDirectory: String) throws(TenonError) -> String {
        let path = dataDirectory + "/" + fileName
        if let token = read(dataDirectory: dataDirectory) { return token }
        let token = "tenon_" + HexText.encode((0..<32).map { _ in UInt8.random(in: 0...255) })
        let isCreated = FileManager.default.createFile(
            atPath: path, contents: Data((token + "\n").utf8), attributes: [.posixPermissions: 0o600])
        guard isCreated else {
            throw TenonError(
                .tokenFile,
                "The admin token cannot be written to \(path); check the directory's owner and space.")
        }
        return token
    }

    /// The token, or nil where there is none to read.
    package static func read(dataDirectory: String) -> String? {
        guard let data = FileManager.default.contents(atPath: dataDirectory + "/" + fileName) else {
            return nil
        }
        let token = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return token.isEmpty ? nil : token
    }
}
