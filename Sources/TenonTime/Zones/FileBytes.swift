internal import Glibc

/// The bytes of small files.
enum FileBytes {
    /// The whole file, or nil where it cannot be read, is no regular file or is larger.
    static func read(_ path: String, maxBytes: Int) -> [UInt8]? {
        // Safe: the path is passed as a C string that lives for the call.
        // A pipe would wait for its writer.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        // Safe: the kernel writes one stat that lives on this stack frame.
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size <= maxBytes
        else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < bytes.count {
            let rest = bytes.count - filled
            // Safe: the kernel writes at most `rest` bytes from `filled` on, which are inside the array.
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), rest)
            }
            guard count > 0 else { return nil }
            filled += count
        }
        return bytes
    }
}
