internal import Crypto
package import TenonModel

/// Who may call: holders of the admin token, or everybody where the host listens on loopback with
/// `--no-auth`.
package struct AccessPolicy: Sendable {
    /// Only the token's hash is kept; nil lets everybody in.
    private let tokenHash: [UInt8]?

    package static let open = AccessPolicy(tokenHash: nil)

    private init(tokenHash: [UInt8]?) { self.tokenHash = tokenHash }

    package init(token: String) { tokenHash = Self.hash(token) }

    /// Throws unless `authorization`, the header of that name, carries the token.
    package func check(authorization: String?) throws(TenonError) {
        guard let tokenHash else { return }
        guard let authorization else {
            throw TenonError(
                .missingToken,
                "The request has no token; send \"Authorization: Bearer <token>\" with the content of admin.token."
            )
        }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer",
            Self.areEqual(Self.hash(String(parts[1])), tokenHash)
        else {
            throw TenonError(
                .wrongToken,
                "The token is not valid here; take it from admin.token of this host's data directory.")
        }
    }

    private static func hash(_ token: String) -> [UInt8] { Array(SHA256.hash(data: Array(token.utf8))) }

    /// Takes the same time wherever the first difference lies.
    private static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
