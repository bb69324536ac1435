/// Which build of the protocol a program carries. Host and cell are released together and only speak to their
/// like.
package enum BuildIdentity {
    package static let magic: UInt32 = 0x4C45_4354
    package static let version = "0.1.0"

    /// Names version, frame format, compiler and configuration.
    package static let text: String = {
        #if DEBUG
            let configuration = "debug"
        #else
            let configuration = "release"
        #endif
        #if arch(x86_64)
            let architecture = "x86_64"
        #else
            let architecture = "aarch64"
        #endif
        return "tenon-\(version)/\(FrameHeader.format)/\(architecture)/\(configuration)"
    }()
}
