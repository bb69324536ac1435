internal import Glibc
internal import TenonConnectorKit

/// The errno of a call to the system as an error that says what was tried with which file.
func systemFailure(
    _ code: Int32, _ verb: String, _ path: String, effect: ConnectorError.Effect = .notApplied
) -> ConnectorError {
    let status: ConnectorError.Status =
        switch code {
        case ENOSPC, EDQUOT, EFBIG, ENOMEM, EMFILE, ENFILE: .resourceExhausted
        case ENOENT, ENOTDIR: .notFound
        case EACCES, EPERM, EROFS: .permissionDenied
        case EEXIST: .alreadyExists
        case EISDIR, ENAMETOOLONG, ELOOP, EINVAL: .invalidArgument
        case EIO, ESTALE, ENXIO, EBUSY: .unavailable
        default: .internal
        }
    var error = ConnectorError(
        status, "\(path) cannot be \(verb): \(String(cString: strerror(code))).", effect: effect)
    error.vendorCode = code
    return error
}

/// The same for the present errno.
func systemFailure(_ verb: String, _ path: String) -> ConnectorError {
    systemFailure(errno, verb, path)
}
