/// Finds a run of bytes in a longer one.
package enum ByteSearch {
    /// Linear time.
    package static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        part.count <= text.count && ByteRun(part).first(in: text, from: 0) != nil
    }
}
