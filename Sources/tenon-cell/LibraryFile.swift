internal import CPlatform
internal import Glibc
internal import TenonLoader
internal import TenonModel

/// The library as the host opened it. A file that was swapped since does not run.
struct LibraryFile {
    let descriptor: Int32
    let path: String

    /// Checks the bytes behind the descriptor, and that the path leads to the same file: the dynamic linker
    /// goes by path.
    func check(digest: String) throws(TenonError) {
        if !digest.isEmpty {
            var bytes = [UInt8](repeating: 0, count: 32)
            guard tp_sha256_descriptor(descriptor, &bytes) == 0, HexText.encode(bytes) == digest else {
                throw TenonError(
                    .libraryChanged,
                    "\(path) has other bytes than the installed package. Install the package again.")
            }
        }
        var opened = stat()
        var named = stat()
        guard fstat(descriptor, &opened) == 0, stat(path, &named) == 0, opened.st_dev == named.st_dev,
            opened.st_ino == named.st_ino, opened.st_size == named.st_size
        else {
            throw TenonError(.libraryChanged, "\(path) was replaced while it was being loaded.")
        }
    }
}
