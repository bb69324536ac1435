internal import Glibc

/// sync_file_range(2), which the system's module hides. The declaration has the C one's types (`int`, `off64_t`,
/// `off64_t`, `unsigned int`, `int`), which Swift passes in the same registers.
@_silgen_name("sync_file_range")
private func syncFileRange(_ descriptor: CInt, _ offset: Int64, _ count: Int64, _ flags: CUnsignedInt) -> CInt

/// Has the system begin to write a range of a file out, without waiting for it. Only a hint: that it is on the
/// disk is for `fdatasync` to say.
func beginWritingOut(_ descriptor: CInt, from offset: Int, to end: Int) {
    let write: CUnsignedInt = 2
    _ = syncFileRange(descriptor, Int64(offset), Int64(end - offset), write)
}
