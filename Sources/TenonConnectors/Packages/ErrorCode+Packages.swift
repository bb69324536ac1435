package import TenonModel

extension ErrorCode {
    // The file
    package static let packageUnreadable = ErrorCode("package.unreadable", 422)
    package static let packageNotArchive = ErrorCode("package.not-an-archive", 422)
    package static let packageDamaged = ErrorCode("package.damaged", 422)
    package static let packageTooLarge = ErrorCode("package.too-large", 413)
    package static let packageTooManyFiles = ErrorCode("package.too-many-files", 422)
    package static let packageBomb = ErrorCode("package.bomb", 422)
    package static let packageAbsolutePath = ErrorCode("package.absolute-path", 422)
    package static let packageParentPath = ErrorCode("package.parent-path", 422)
    package static let packageBadPath = ErrorCode("package.bad-path", 422)
    package static let packageDuplicate = ErrorCode("package.duplicate", 422)
    package static let packageLink = ErrorCode("package.link", 422)
    package static let packageSpecialFile = ErrorCode("package.special-file", 422)
    package static let packageNoManifest = ErrorCode("package.no-manifest", 422)
    package static let packageNoLibrary = ErrorCode("package.no-library", 422)
    package static let packageNotWritten = ErrorCode("package.not-written", 422)

    // The manifest
    package static let manifestMalformed = ErrorCode("manifest.malformed", 422)
    package static let manifestInvalid = ErrorCode("manifest.invalid", 422)
    package static let manifestRuntime = ErrorCode("manifest.unsupported-runtime", 422)
    package static let manifestABI = ErrorCode("manifest.unsupported-abi", 422)
    package static let manifestPlatform = ErrorCode("manifest.unsupported-platform", 422)
}
