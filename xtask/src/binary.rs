//! What is in a program: its sections and its symbols.

use std::fs;
use std::path::Path;

use object::read::archive::ArchiveFile;
use object::{File, Object as _, ObjectSection as _, ObjectSymbol as _, SectionFlags, SectionKind, elf};
use rustc_demangle::demangle;

use crate::run::Result;

/// Bytes of a program, as `size` counts them.
#[derive(Default)]
pub(crate) struct Size {
    /// Code and constants.
    pub(crate) text: u64,
    /// Variables that do not begin as zeros: in flash, and in RAM once the program runs.
    pub(crate) data: u64,
    /// Variables that begin as zeros.
    pub(crate) bss: u64,
}

pub(crate) fn size(path: &Path) -> Result<Size> {
    let bytes = read(path)?;
    let mut size = Size::default();
    for section in File::parse(&*bytes)?.sections() {
        let SectionFlags::Elf { sh_flags } = section.flags() else {
            return Err(format!("{} is no ELF file", path.display()).into());
        };
        let flag = |flag: u32| sh_flags & u64::from(flag) != 0;
        match section.kind() {
            _ if !flag(elf::SHF_ALLOC) => {}
            SectionKind::UninitializedData => size.bss += section.size(),
            _ if flag(elf::SHF_WRITE) => size.data += section.size(),
            _ => size.text += section.size(),
        }
    }
    Ok(size)
}

/// The names of a program or a library, and how many bytes of flash each takes. A stripped one, of which nothing could be told, is an
/// error.
pub(crate) fn symbols(path: &Path) -> Result<Vec<(String, u64)>> {
    let bytes = read(path)?;
    let mut symbols = Vec::new();
    if path.extension().is_some_and(|extension| extension == "rlib") {
        for member in ArchiveFile::parse(&*bytes)?.members() {
            let member = member?;
            // Metadata is no object.
            if member.name() != b"lib.rmeta" {
                // Members begin at even bytes, and a file is parsed where it is aligned.
                let object = member.data(&*bytes)?.to_vec();
                add_symbols(&File::parse(&*object)?, &mut symbols);
            }
        }
    } else {
        add_symbols(&File::parse(&*bytes)?, &mut symbols);
    }
    if symbols.is_empty() {
        return Err(format!("{} has no symbols", path.display()).into());
    }
    Ok(symbols)
}

fn add_symbols(file: &File<'_>, symbols: &mut Vec<(String, u64)>) {
    for symbol in file.symbols() {
        if let Ok(name) = symbol.name()
            && !name.is_empty()
            && !name.starts_with('$')
        {
            let section = symbol
                .section_index()
                .and_then(|index| file.section_by_index(index).ok());
            let in_flash = section.is_some_and(|section| section.kind() != SectionKind::UninitializedData);
            let size = if in_flash { symbol.size() } else { 0 };
            symbols.push((format!("{:#}", demangle(name)), size));
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()).into())
}
