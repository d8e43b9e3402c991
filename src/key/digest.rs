//! SHA-256 (FIPS 180-4) of bytes that are all at hand, where what counts is that the code is small; knows no key.

use sha2::block_api::compress256;

/// FIPS 180-4 §5.3.3.
const INITIAL: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

pub(super) fn sha_256(bytes: &[u8]) -> [u8; 32] {
    let mut state = INITIAL;
    let (blocks, rest) = bytes.as_chunks();
    compress256(&mut state, blocks);
    let (last, count) = last_blocks(rest, bytes.len());
    compress256(&mut state, &last[..count]);
    let mut digest = [0; 32];
    for (bytes, word) in digest.as_chunks_mut().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    digest
}

/// FIPS 180-4 §5.1.1: the rest, a bit, zeros, and the length of the whole in bits, in one block or two.
fn last_blocks(rest: &[u8], length: usize) -> ([[u8; 64]; 2], usize) {
    let mut last = [[0; 64]; 2];
    let count = if rest.len() < 56 { 1 } else { 2 };
    let bytes = last.as_flattened_mut();
    bytes[..rest.len()].copy_from_slice(rest);
    bytes[rest.len()] = 0x80;
    bytes[64 * count - 8..64 * count].copy_from_slice(&(length as u64 * 8).to_be_bytes());
    (last, count)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn every_length_has_the_digest_of_the_library() {
        for length in 0..200 {
            let bytes: Vec<u8> = (0..length).collect();
            assert_eq!(sha_256(&bytes), *Sha256::digest(&bytes), "{length}");
        }
    }
}
