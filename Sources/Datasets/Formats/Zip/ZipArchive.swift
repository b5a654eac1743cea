/// A zip archive opened for reading: its members, found through its central directory.
///
/// Reads what Python's `zipfile` reads of stored and deflated members: zip64, data descriptors, bytes before
/// the archive, bytes and comments after it; of members with the same name, the last counts. Everything that
/// the file claims is checked against the bytes that are there before memory is allocated for it.
///
/// Source: PKWARE, APPNOTE.TXT – .ZIP File Format Specification, version 6.3.10.
package struct ZipArchive: Sendable {
    /// The members in the directory's order; of those with the same name, only the last.
    package let members: [ZipMember]
    let source: ByteSource
    private let indices: [String: Int]

    /// Reads and checks the directory and every member's local header.
    package init(source: ByteSource) throws(DataFileError) {
        self.source = source
        let end = try ZipEndRecord(source: source)
        let directory = try source.bytes(at: end.directoryOffset, count: end.directorySize)
        var entries: [ZipMember] = []
        var position = 0
        while position < directory.count {
            var parser = ZipDirectoryParser(
                source: source, bytes: directory[position...], offset: end.directoryOffset + position)
            entries.append(try parser.member(prefix: end.prefix))
            position += parser.length
        }
        // Old writers count modulo 65536 where they should have written a zip64 record.
        guard entries.count == end.entryCount || (!end.isZip64 && entries.count & 0xFFFF == end.entryCount)
        else {
            throw source.error(
                .malformed("its directory has \(entries.count) members and should have \(end.entryCount)"))
        }
        for index in entries.indices {
            try Self.checkLocalHeader(of: &entries[index], in: source, before: end.directoryOffset)
        }
        try Self.checkOverlaps(entries, in: source)

        var last: [String: Int] = [:]
        for (index, entry) in entries.enumerated() { last[entry.name] = index }
        let members = entries.enumerated().filter { last[$1.name] == $0 }.map(\.element)
        indices = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1.name, $0) })
        self.members = members
    }

    /// The member of a name.
    func member(named name: String) -> ZipMember? { indices[name].map { members[$0] } }

    /// Finds where a member's data begins, and compares what its local header says with the directory.
    private static func checkLocalHeader(
        of member: inout ZipMember, in source: ByteSource, before directoryOffset: Int
    ) throws(DataFileError) {
        let start = member.headerOffset
        guard start >= 0, start <= directoryOffset - 30 else {
            throw source.error(
                .malformed("its offset \(start) is outside of the archive's data"), member: member.name)
        }
        let header = try source.bytes(at: start, count: 30)
        guard header.littleEndian(UInt32.self, at: 0) == 0x0403_4B50 else {
            throw source.error(.malformed("it has no local header"), member: member.name, at: start)
        }
        let nameLength = Int(header.littleEndian(UInt16.self, at: 26)!)
        let extraLength = Int(header.littleEndian(UInt16.self, at: 28)!)
        member.dataOffset = start + 30 + nameLength + extraLength
        guard member.dataOffset <= directoryOffset,
            member.compressedSize <= directoryOffset - member.dataOffset
        else {
            throw source.error(
                .truncated(
                    needed: member.compressedSize, available: max(directoryOffset - member.dataOffset, 0)),
                member: member.name, at: member.dataOffset)
        }
        func disagree(_ field: String) -> DataFileError {
            source.error(.localHeaderDisagrees(field: field), member: member.name, at: start)
        }
        let variable = try source.bytes(at: start + 30, count: nameLength + extraLength)
        if !variable[..<nameLength].elementsEqual(member.rawName) { throw disagree("name") }
        if header.littleEndian(UInt16.self, at: 8) != member.method { throw disagree("compression method") }
        let flags = header.littleEndian(UInt16.self, at: 6)!
        if (flags ^ member.flags) & 1 != 0 { throw disagree("encryption flag") }

        // With a data descriptor the local header may leave out what was not known when it was written.
        let mayBeZero = (flags | member.flags) & ZipMember.descriptorBit != 0
        let checksum = header.littleEndian(UInt32.self, at: 14)!
        if checksum != member.checksum && !(mayBeZero && checksum == 0) { throw disagree("checksum") }
        let sizes = ZipExtraField.zip64Values(
            in: variable[nameLength...],
            replacing: [
                header.littleEndian(UInt32.self, at: 22)!, header.littleEndian(UInt32.self, at: 18)!,
            ])
        for (claimed, size, field) in [
            (sizes?[0], member.size, "size"), (sizes?[1], member.compressedSize, "compressed size"),
        ] {
            guard let claimed else {
                if mayBeZero { continue }
                throw disagree(field)
            }
            if claimed != UInt64(size) && !(mayBeZero && (claimed == 0 || claimed == 0xFFFF_FFFF)) {
                throw disagree(field)
            }
        }
    }

    /// Refuses members that share bytes: with them a small file can claim any amount of data.
    private static func checkOverlaps(
        _ members: [ZipMember], in source: ByteSource
    ) throws(DataFileError) {
        let sorted = members.sorted { $0.headerOffset < $1.headerOffset }
        for (former, latter) in zip(sorted, sorted.dropFirst())
        where latter.headerOffset < former.dataOffset + former.compressedSize
            || latter.headerOffset == former.headerOffset
        {
            throw source.error(.overlap(with: former.name), member: latter.name, at: latter.headerOffset)
        }
    }
}
