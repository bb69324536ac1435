internal import Glibc
internal import TenonConnectorKit

/// Has the names in a folder on the disk before it returns: those of new files, and after a `rename`.
func writeOutEntries(
    of folder: String, effect: ConnectorError.Effect = .notApplied
) throws(ConnectorError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw systemFailure(errno, "opened", folder, effect: effect) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw systemFailure(errno, "written", folder, effect: effect) }
}
