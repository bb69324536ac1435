internal import TenonBatches
internal import TenonModel

/// Whether bytes are one JSON document.
enum DocumentCheck {
    static func isJSON(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard UTF8Check.isValid(bytes) else { return false }
        var scanner = JSONScanner(bytes)
        do {
            _ = try scanner.value(maxDepth: Limits.jsonDepth)
            return scanner.isAtEnd()
        } catch {
            return false
        }
    }
}
