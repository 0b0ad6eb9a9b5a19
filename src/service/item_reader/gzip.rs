//! GZIP: what S3 inventories and many uploads are compressed with.
//!
//! Source: RFC 1952, <https://www.rfc-editor.org/rfc/rfc1952>

use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// A small file can hold gigabytes of zeros; this much is read of it.
const MOST_BYTES: usize = 256 * 1024 * 1024;

/// How a file begins.
pub(super) const MAGIC: [u8; 2] = [0x1F, 0x8B];

/// The checksum and the length at the end.
const TRAILER: usize = 8;

/// What was compressed; `None` if the file is damaged or holds too much.
pub(super) fn decompressed(file: &[u8]) -> Option<Vec<u8>> {
    let body = without_header(file)?;
    let deflated = body.get(..body.len().checked_sub(TRAILER)?)?;
    decompress_to_vec_with_limit(deflated, MOST_BYTES).ok()
}

fn without_header(file: &[u8]) -> Option<&[u8]> {
    const HEADER_CHECKSUM: u8 = 0b10;
    const EXTRA: u8 = 0b100;
    const NAME: u8 = 0b1000;
    const COMMENT: u8 = 0b1_0000;
    let (header, mut rest) = file.split_at_checked(10)?;
    let flags = *header.get(3)?;
    if flags & EXTRA != 0 {
        let (length, behind) = rest.split_at_checked(2)?;
        let length = u16::from_le_bytes([*length.first()?, *length.get(1)?]);
        rest = behind.get(usize::from(length)..)?;
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            let end = rest.iter().position(|byte| *byte == 0)?;
            rest = rest.get(end + 1..)?;
        }
    }
    if flags & HEADER_CHECKSUM == 0 { Some(rest) } else { rest.get(2..) }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A file with a name, as the command `gzip` writes it.
    fn compressed(text: &str) -> Vec<u8> {
        let mut file = vec![0x1F, 0x8B, 8, 0b1000, 0, 0, 0, 0, 0, 3];
        file.extend(b"may.csv\0");
        file.extend(miniz_oxide::deflate::compress_to_vec(text.as_bytes(), 6));
        file.extend([0; TRAILER]);
        file
    }

    #[test]
    fn what_was_compressed_comes_out() {
        let text = "a,b\n".repeat(1000);
        assert_eq!(decompressed(&compressed(&text)).as_deref(), Some(text.as_bytes()));
    }

    #[test]
    fn extra_fields_of_the_header_are_skipped() {
        let mut file = vec![0x1F, 0x8B, 8, 0b1_0110, 0, 0, 0, 0, 0, 3, 2, 0, 9, 9];
        file.extend(b"comment\0\xAA\xBB");
        file.extend(miniz_oxide::deflate::compress_to_vec(b"x", 6));
        file.extend([0; TRAILER]);
        assert_eq!(decompressed(&file).as_deref(), Some(&b"x"[..]));
    }

    #[test]
    fn damaged_files_are_refused() {
        let file = compressed("text");
        for length in 0..file.len() - 1 {
            assert!(decompressed(&file[..length]).is_none_or(|text| text != b"text"), "{length}");
        }
        assert_eq!(decompressed(&[0x1F, 0x8B]), None);
    }
}
